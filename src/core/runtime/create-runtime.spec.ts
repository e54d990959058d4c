import { describe, expect, it } from "vitest";
import { Engine, type Call } from "../engine/index.js";
import {
  ClusterNetwork,
  createRuntime,
  type ContainerConfig,
  type ContainerRuntime,
} from "./index.js";

const config = (more: Partial<ContainerConfig>): ContainerConfig => ({
  name: "main",
  attempt: 0,
  image: "busybox",
  command: [],
  args: [],
  workingDir: null,
  env: [],
  mounts: [],
  limits: {
    cpuRequestMilli: 0,
    cpuLimitMilli: null,
    memoryRequestBytes: 0,
    memoryLimitBytes: null,
  },
  oomScoreAdjust: 1000,
  security: {
    runAsUser: null,
    runAsGroup: null,
    supplementalGroups: [],
    readOnlyRootFilesystem: false,
    privileged: false,
    allowPrivilegeEscalation: true,
    addCapabilities: [],
    dropCapabilities: [],
  },
  stdin: false,
  stdinOnce: false,
  tty: false,
  terminationMessagePath: "/dev/termination-log",
  targetContainerId: null,
  logPath: "/var/log/pods/default_p_u/main/0.log",
  script: null,
  ...more,
});

function* start(runtime: ContainerRuntime, more: Partial<ContainerConfig>): Call<string> {
  const sandbox = yield* runtime.runPodSandbox({
    podUid: "u",
    namespace: "default",
    name: "p",
    attempt: 0,
    hostname: "p",
    hostNetwork: false,
    hostPid: false,
    hostIpc: false,
    shareProcessNamespace: false,
    sysctls: {},
    annotations: {},
  });
  const wanted = config(more);
  yield* runtime.images.pullImage(wanted.image, null);
  const id = yield* runtime.createContainer(sandbox.id, wanted);
  yield* runtime.startContainer(id);
  return id;
}

const setUp = () => {
  const engine = new Engine({ seed: 1, startMs: 0 });
  const lines: string[] = [];
  const runtime = createRuntime({
    engine,
    nodeName: "node-1",
    nodeIp: "192.168.0.11",
    podCidr: "10.244.1.0/24",
    network: new ClusterNetwork(),
    pullTimeScale: 0,
    onLog: (line) => lines.push(`${line.stream} ${line.line}`),
  });
  return { engine, runtime, lines };
};

describe("createRuntime", () => {
  it.each([
    ["echo hi; sleep 2; exit 3", 3, "Error"],
    ["echo hi && true", 0, "Completed"],
  ])("runs sh -c %s to its end", (script, exitCode, reason) => {
    const { engine, runtime, lines } = setUp();
    const process = engine.spawn("test", start(runtime, { command: ["sh", "-c", script] }));
    engine.runUntil(10_000);
    const status = runtime.containerStatus(process.result ?? "");
    expect(status).toMatchObject({ state: "exited", exitCode, reason });
    expect(lines).toEqual(["stdout hi"]);
  });

  it("says of a container as whom it runs, and of its image the tag with its registry, and the digest in it", () => {
    const { engine, runtime } = setUp();
    const process = engine.spawn("test", start(runtime, { command: ["sleep", "9"] }));
    engine.runUntil(5_000);
    const status = runtime.containerStatus(process.result ?? "");
    expect(status?.image).toBe("docker.io/library/busybox:latest");
    expect(status?.user).toEqual({ uid: 0, gid: 0, supplementalGroups: [0, 10] });
    expect(status?.imageRef).toMatch(/^docker\.io\/library\/busybox@sha256:[0-9a-f]{64}$/);
  });

  it("CRE-3: a missing executable is a StartError with exit code 128", () => {
    const { engine, runtime } = setUp();
    let message = "";
    engine.spawn("test", start(runtime, { command: ["foo"] }), (error) => {
      message = error instanceof Error ? error.message : "";
    });
    engine.runUntil(10_000);
    expect(message).toBe(
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "foo": executable file not found in $PATH: unknown',
    );
    expect(runtime.listContainers("u")[0]).toMatchObject({
      state: "exited",
      exitCode: 128,
      reason: "StartError",
      message,
    });
  });

  it("nginx answers on the pod's address until the container stops", () => {
    const { engine, runtime } = setUp();
    const process = engine.spawn("test", start(runtime, { image: "nginx" }));
    engine.runUntil(5000);
    const get = () =>
      engine.spawn(
        "get",
        runtime.network.httpGet({
          scheme: "HTTP",
          host: "10.244.1.2",
          port: 80,
          path: "/",
          headers: [],
          timeoutMs: 1000,
        }),
      );
    const before = get();
    engine.runUntil(6000);
    expect(before.result).toMatchObject({ status: 200, error: null });
    engine.spawn("stop", runtime.stopContainer(process.result ?? "", 30_000));
    engine.runUntil(7000);
    const after = get();
    engine.runUntil(8000);
    expect(after.result?.error).toBe(
      'Get "http://10.244.1.2:80/": dial tcp 10.244.1.2:80: connect: connection refused',
    );
  });
});
