import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls } from "./support/kubectl.js";
import { startService, type Service } from "./support/service.js";

const MANIFEST = `
apiVersion: v1
kind: Pod
metadata:
  name: pair
  annotations: { kubectl.kubernetes.io/default-container: second }
spec:
  restartPolicy: Never
  containers:
    - { name: first, image: busybox, command: ["sleep", "1000000000"] }
    - { name: second, image: busybox, command: ["sh", "-c", "echo second > /name; sleep 1000000000"] }
    - { name: done, image: busybox, command: ["true"] }
`;

const WEB_SOCKETS = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "true" };

/** The releases that speak WebSocket by themselves, and one that has to be told. */
describe.each(findKubectls([29, 31, 32, 33]))("kubectl $version exec", (kubectl) => {
  let service: Service;
  const run = (args: readonly string[], input = "") =>
    kubectl.run(service, args, { input, env: WEB_SOCKETS });
  const exec = (...args: string[]) => run(["exec", ...args]);

  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: "x100", PEAPOD_NODES: "1" });
    expect(await run(["apply", "-f", "-"], MANIFEST)).toMatchObject({ code: 0 });
    const started = ["wait", "--for=jsonpath={.status.phase}=Running", "pod/pair", "--timeout=30s"];
    expect(await run(started)).toMatchObject({ code: 0 });
  });
  afterAll(() => service.stop());

  it("gives output, error output and the exit code", async () => {
    const script = "echo out; echo err >&2; exit 3";
    expect(await exec("pair", "-c", "first", "--", "sh", "-c", script)).toEqual({
      code: 3,
      stdout: "out\n",
      stderr: "err\ncommand terminated with exit code 3\n",
    });
  });

  it("takes the default container", async () => {
    expect(await exec("pair", "--", "cat", "/name")).toMatchObject({ code: 0, stdout: "second\n" });
  });

  it("gives its input to the command", async () => {
    const input = "line\n".repeat(100_000);
    const result = await run(["exec", "-i", "pair", "-c", "first", "--", "wc", "-l"], input);
    expect(result).toEqual({ code: 0, stdout: "100000\n", stderr: "" });
  });

  it("gives large output whole", async () => {
    const script = "yes | head -c 5000000";
    const { code, stdout } = await exec("pair", "-c", "first", "--", "sh", "-c", script);
    expect([code, stdout.length]).toEqual([0, 5_000_000]);
  });

  it("tells what is wrong", async () => {
    const missing = await exec("pair", "-c", "first", "--", "foo");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(
      /^error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "foo": executable file not found in \$PATH: unknown\n$/,
    );
    const ended = await exec("pair", "-c", "done", "--", "ls");
    expect(ended.code).toBe(1);
    // kubectl 1.31 may say before that it knows no stream 1: its own race, with any server.
    expect(ended.stderr).toMatch(
      /^error: Internal error occurred: unable to upgrade connection: container not found \("done"\)$/m,
    );
    expect(await exec("pair", "-c", "third", "--", "ls")).toMatchObject({
      code: 1,
      stderr: "Error from server (BadRequest): container third is not valid for pod pair\n",
    });
    expect(await exec("nobody", "--", "ls")).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): pods "nobody" not found\n',
    });
  });

  it("ends the command when it is ended itself", async () => {
    const processes = async () => (await exec("pair", "-c", "first", "--", "ps")).stdout;
    const command = ["exec", "pair", "-c", "first", "--", "sleep", "77777777"];
    const endless = kubectl.run(service, command, { env: WEB_SOCKETS, timeoutMs: 3000 });
    await expect.poll(processes).toContain("sleep 77777777");
    expect(await endless).not.toMatchObject({ code: 0 });
    await expect.poll(processes).not.toContain("sleep 77777777");
  });
});

describe.each(findKubectls([27, 28]))("kubectl $version exec, which speaks SPDY", (kubectl) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ PEAPOD_NODES: "1" });
    const input = MANIFEST;
    await kubectl.run(service, ["apply", "-f", "-"], { input });
    await kubectl.run(service, ["wait", "--for=condition=PodReadyToStartContainers", "pod/pair"]);
  });
  afterAll(() => service.stop());

  it("is told what to do", async () => {
    const { code, stderr } = await kubectl.run(service, ["exec", "pair", "--", "ls"]);
    expect([code, stderr]).toEqual([
      1,
      "Error from server (BadRequest): SPDY is not served, only WebSocket: use kubectl 1.30 or newer, or 1.29 with KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true\n",
    ]);
  });
});

describe.each(["max", "paused"])("exec with the clock at %s", (clock) => {
  const [kubectl] = findKubectls([33]);
  let service: Service;
  const put = (path: string, method: string, body: object) =>
    fetch(`${service.url}/sim/v1/clock${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: clock, PEAPOD_NODES: "1" });
  });
  afterAll(() => service.stop());

  it("runs as virtual time passes", async () => {
    if (kubectl === undefined) throw new Error("no kubectl was found");
    await kubectl.run(service, ["apply", "-f", "-"], { input: MANIFEST });
    if (clock === "paused") await put("/advance", "POST", { seconds: 30 });
    const wait = ["wait", "--for=jsonpath={.status.phase}=Running", "pod/pair"];
    expect(await kubectl.run(service, wait)).toMatchObject({ code: 0 });
    let isDone = false;
    const command = ["exec", "pair", "--", "sh", "-c", "sleep 5; echo slept"];
    const running = kubectl.run(service, command).finally(() => (isDone = true));
    if (clock === "paused") {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(isDone).toBe(false);
      await put("/advance", "POST", { seconds: 10 });
    }
    expect(await running).toEqual({ code: 0, stdout: "slept\n", stderr: "" });
  });
});
