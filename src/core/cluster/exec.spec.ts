import { describe, expect, it } from "vitest";
import { resourceByStorage } from "../api/index.js";
import { Cluster } from "./cluster.js";
import type { ExecAction, ExecAnswer, ExecQuery, SessionOutput } from "./exec-commands.js";
import { MAX_EXEC_SESSIONS } from "./limits.js";

const START_MS = Date.UTC(2026, 0, 1);

const aCluster = () => {
  const node = { name: "node-1", capacity: {}, labels: {}, taints: [] };
  const cluster = new Cluster({ seed: 1, startMs: START_MS, nodes: [node], pullTimeScale: 0 });
  const advance = (seconds: number) =>
    cluster.engine.runUntil(cluster.engine.nowMs + seconds * 1000);
  const create = (name: string, containers: readonly object[]) =>
    cluster.execute({
      type: "api",
      request: {
        verb: "create",
        resource: resourceByStorage("pods"),
        namespace: "default",
        body: { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers } },
        options: {},
      },
    });
  const perform = (action: ExecAction) => {
    const outcome = cluster.execute({ type: "exec", action });
    if (!outcome.ok) return outcome.status;
    return "exec" in outcome ? outcome.exec : null;
  };
  advance(5);
  return { cluster, advance, create, perform };
};

const sleeper = (name: string, ...script: string[]) => ({
  name,
  image: "busybox",
  command: script.length > 0 ? script : ["sleep", "100000"],
});

const query = (pod: string, command: readonly string[], more: Partial<ExecQuery> = {}) => ({
  namespace: "default",
  pod,
  command,
  stdin: false,
  stdout: true,
  stderr: true,
  tty: false,
  ...more,
});

const textOf = (outputs: readonly SessionOutput[]): string =>
  outputs
    .map((output) => (output.kind === "output" ? new TextDecoder().decode(output.bytes) : ""))
    .join("");

describe("commands in containers", () => {
  it("run in the container, and end with their exit code", () => {
    const { cluster, advance, create, perform } = aCluster();
    create("p", [sleeper("a")]);
    advance(10);
    const command = ["sh", "-c", "hostname; exit 4"];
    expect(perform({ kind: "start", session: 1, query: query("p", command) })).toEqual({
      accepted: true,
    });
    advance(1);
    const outputs = cluster.takeSessionOutputs();
    expect(textOf(outputs)).toBe("p\n");
    expect(outputs.at(-1)).toEqual({ session: 1, kind: "exit", exitCode: 4 });
    expect(cluster.takeSessionOutputs()).toEqual([]);
  });

  it("talk to their client", () => {
    const { cluster, advance, create, perform } = aCluster();
    create("p", [sleeper("a")]);
    advance(10);
    perform({ kind: "start", session: 1, query: query("p", ["cat"], { stdin: true }) });
    perform({ kind: "input", session: 1, bytes: new TextEncoder().encode("hello") });
    perform({ kind: "end-input", session: 1 });
    advance(1);
    expect(cluster.takeSessionOutputs().map(({ kind }) => kind)).toEqual([
      "input-taken",
      "output",
      "exit",
    ]);
  });

  it.each<[string, ExecQuery, object]>([
    ["an unknown pod", query("q", ["ls"]), { code: 404, message: 'pods "q" not found' }],
    [
      "no command",
      query("p", []),
      { code: 400, message: "you must specify at least one command for the container" },
    ],
    [
      "an unknown container",
      query("p", ["ls"], { container: "x" }),
      { code: 400, message: "container x is not valid for pod p" },
    ],
    [
      "a container that is not named",
      query("p", ["ls"]),
      {
        code: 400,
        message: "a container name must be specified for pod p, choose one of: [a b]",
      },
    ],
    [
      "a container that has ended",
      query("p", ["ls"], { container: "b" }),
      { accepted: false, by: "kubelet", message: 'container not found ("b")' },
    ],
    [
      "a command that is not there",
      query("p", ["foo"], { container: "a" }),
      { accepted: false, by: "runtime", message: expect.stringContaining('exec: "foo"') as string },
    ],
    [
      "a pod without a node",
      query("pending", ["ls"]),
      { code: 400, message: "pod pending does not have a host assigned" },
    ],
  ])("%s is refused", (_what, refused, expected) => {
    const { advance, create, perform } = aCluster();
    create("p", [sleeper("a"), sleeper("b", "true")]);
    create("pending", [{ ...sleeper("a"), resources: { requests: { cpu: "1000" } } }]);
    advance(3);
    expect(perform({ kind: "start", session: 1, query: refused })).toMatchObject(expected);
  });

  it("are limited in number", () => {
    const { advance, create, perform } = aCluster();
    create("p", [sleeper("a")]);
    advance(10);
    const start = (session: number) =>
      perform({ kind: "start", session, query: query("p", ["sleep", "100"]) });
    for (let session = 0; session < MAX_EXEC_SESSIONS; session += 1)
      expect(start(session)).toEqual({ accepted: true });
    expect(start(MAX_EXEC_SESSIONS)).toMatchObject({ code: 429 });
    perform({ kind: "abandon", session: 0 });
    expect(start(MAX_EXEC_SESSIONS)).toEqual({ accepted: true });
  });

  it("are lost with their machine, and cut off when more is sent than there is room for", () => {
    const { cluster, advance, create, perform } = aCluster();
    create("p", [sleeper("a")]);
    advance(10);
    const start = (session: number): ExecAnswer | object | null =>
      perform({ kind: "start", session, query: query("p", ["sleep", "9"], { stdin: true }) });
    start(1);
    start(2);
    const bytes = new Uint8Array(1_048_576);
    for (let i = 0; i < 3; i += 1) perform({ kind: "input", session: 1, bytes });
    expect(cluster.takeSessionOutputs()).toEqual([{ session: 1, kind: "lost" }]);
    cluster.execute({ type: "remove-node", name: "node-1" });
    expect(cluster.takeSessionOutputs()).toEqual([{ session: 2, kind: "lost" }]);
  });
});
