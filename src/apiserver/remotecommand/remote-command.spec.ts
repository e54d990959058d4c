import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { notFound } from "../../core/api/index.js";
import type { ExecAction, ExecAnswer, Outcome, SessionOutput } from "../cluster-port.js";
import { MAX_UNTAKEN_INPUT_BYTES } from "../limits.js";
import { ScriptedCluster } from "../testing/scripted-cluster.js";
import { startTestApplication } from "../testing/test-application.js";

const EXEC = "/api/v1/namespaces/default/pods/p/exec";
const LS = `${EXEC}?command=ls&command=-l&stdout=true&stderr=true`;
const CAT = `${EXEC}?command=cat&stdin=true&stdout=true`;
const ACCEPTED: ExecAnswer = { accepted: true };

let application: NestFastifyApplication;
let cluster: ScriptedCluster;
let port: number;
let actions: ExecAction[];
const sockets: WebSocket[] = [];
let answers: Partial<Record<ExecAction["kind"], ExecAnswer | Outcome>>;

const play = (action: ExecAction): Outcome => {
  actions.push(action);
  const answer = answers[action.kind] ?? ACCEPTED;
  return "ok" in answer ? answer : { ok: true, exec: answer };
};

const ofKind = (kind: ExecAction["kind"]) => actions.filter((action) => action.kind === kind);

/** A client that remembers its frames as `channel:text`. */
const connect = (
  path: string,
  protocol: string | string[],
  headers: Record<string, string> = {},
) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol, { headers });
  sockets.push(socket);
  const frames: string[] = [];
  let closedWith: number | null = null;
  let refusal: { code: number; body: string } | null = null;
  socket.on("message", (data: Buffer) =>
    frames.push(`${data[0] ?? -1}:${data.subarray(1).toString()}`),
  );
  socket.on("close", (code) => (closedWith = code));
  socket.on("error", () => undefined);
  socket.on("unexpected-response", (_request, response) => {
    let body = "";
    response.on("data", (chunk: Buffer) => (body += chunk.toString()));
    response.on("end", () => (refusal = { code: response.statusCode ?? 0, body }));
  });
  return {
    socket,
    frames,
    get closedWith() {
      return closedWith;
    },
    get refusal() {
      return refusal;
    },
  };
};

const sessionOf = async (): Promise<number> => {
  await expect.poll(() => ofKind("start").length).toBe(1);
  const [start] = ofKind("start");
  if (start?.kind !== "start") throw new Error("no session was started");
  return start.session;
};

const give = (session: number, output: object): void => {
  cluster.sessions.give({ session, ...output } as SessionOutput);
};

beforeAll(async () => {
  cluster = new ScriptedCluster();
  cluster.answer = (command) => {
    if (command.type !== "exec") throw new Error("only exec is played here");
    return play(command.action);
  };
  application = await startTestApplication(cluster);
  await application.listen(0, "127.0.0.1");
  port = Number(new URL(await application.getUrl()).port);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await expect.poll(() => cluster.sessions.openSessions).toBe(0);
});
beforeEach(() => {
  actions = [];
  answers = {};
});
afterAll(() => application.close());

describe.each(["v5.channel.k8s.io", "v4.channel.k8s.io"])("pods/{name}/exec in %s", (protocol) => {
  it("begins with an empty frame, carries output and ends with the status", async () => {
    const client = connect(LS, protocol);
    const session = await sessionOf();
    give(session, { kind: "output", stream: "stdout", bytes: Buffer.from("out") });
    give(session, { kind: "output", stream: "stderr", bytes: Buffer.from("err") });
    give(session, { kind: "exit", exitCode: 0 });
    await expect.poll(() => client.closedWith).toBe(1000);
    expect(client.frames).toEqual(["1:", "1:out", "2:err", '3:{"metadata":{},"status":"Success"}']);
    expect(client.socket.protocol).toBe(protocol);
    await expect.poll(() => ofKind("abandon").length).toBe(1);
    expect(cluster.sessions.openSessions).toBe(0);
    const query = { namespace: "default", pod: "p", command: ["ls", "-l"] };
    expect(ofKind("start")).toMatchObject([{ query: { ...query, stdin: false, stderr: true } }]);
  });

  it("API-22: tells of an exit code", async () => {
    const client = connect(LS, protocol);
    give(await sessionOf(), { kind: "exit", exitCode: 3 });
    await expect.poll(() => client.closedWith).toBe(1000);
    const said =
      protocol === "v5.channel.k8s.io"
        ? "command terminated with exit code 3"
        : "error executing command [ls -l], exit code 3";
    expect(JSON.parse(client.frames[1]?.slice(2) ?? "")).toEqual({
      metadata: {},
      status: "Failure",
      message: `command terminated with non-zero exit code: ${said}`,
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
  });

  it("acknowledges what went to the client", async () => {
    const client = connect(LS, protocol);
    const session = await sessionOf();
    give(session, { kind: "output", stream: "stdout", bytes: Buffer.from("abc") });
    give(session, { kind: "output", stream: "stdout", bytes: Buffer.from("de") });
    await expect
      .poll(() => ofKind("acknowledge"))
      .toEqual([{ kind: "acknowledge", session, bytes: 5 }]);
    client.socket.terminate();
    await expect.poll(() => ofKind("abandon").length).toBe(1);
  });

  it("says why a command could not be started", async () => {
    answers.start = { accepted: false, by: "runtime", message: "failed to exec in container: x" };
    const client = connect(LS, protocol);
    await expect.poll(() => client.closedWith).toBe(1000);
    const message =
      "Internal error occurred: error executing command in container: failed to exec in container: x";
    expect(JSON.parse(client.frames[1]?.slice(2) ?? "")).toMatchObject({
      status: "Failure",
      message,
      reason: "InternalError",
      code: 500,
    });
  });
});

describe("pods/{name}/exec with input", () => {
  it("hands input on, and the end of it in v5", async () => {
    const client = connect(CAT, "v5.channel.k8s.io");
    const session = await sessionOf();
    client.socket.send(Buffer.from("\0hello"));
    client.socket.send(Buffer.from([255, 0]));
    await expect.poll(() => ofKind("end-input").length).toBe(1);
    expect(ofKind("input")).toEqual([
      { kind: "input", session, bytes: Uint8Array.from(Buffer.from("hello")) },
    ]);
  });

  it("takes no input that was not asked for, and nothing on other channels", async () => {
    const client = connect(LS, "v5.channel.k8s.io");
    await sessionOf();
    for (const text of ["\0hello", "\x01x", "\x09x", "", '\x04{"Width":80,"Height":24}'])
      client.socket.send(Buffer.from(text));
    client.socket.send(Buffer.from([255, 0]));
    await expect.poll(() => ofKind("end-input").length).toBe(1);
    expect(actions.map(({ kind }) => kind)).toEqual(["check", "start", "end-input"]);
  });

  it("resizes a terminal, and minds nothing that is no size", async () => {
    const client = connect(`${CAT}&tty=true&stderr=true`, "v5.channel.k8s.io");
    const session = await sessionOf();
    for (const text of ['{"Width":-1,"Height":5}', "x", '{"Width":132,"Height":50}'])
      client.socket.send(Buffer.from(`\x04${text}`));
    await expect
      .poll(() => ofKind("resize"))
      .toEqual([{ kind: "resize", session, size: { columns: 132, rows: 50 } }]);
    expect(ofKind("start")).toMatchObject([{ query: { tty: true, stderr: false } }]);
  });

  it("reads no more than the command takes", async () => {
    const client = connect(CAT, "v5.channel.k8s.io");
    const session = await sessionOf();
    const frame = Buffer.concat([Buffer.from([0]), Buffer.alloc(32 * 1024)]);
    for (let i = 0; i < 100; i += 1) client.socket.send(frame);
    await expect.poll(() => ofKind("input").length).toBeGreaterThan(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const held = ofKind("input").length * 32 * 1024;
    expect(held).toBeLessThan(4 * MAX_UNTAKEN_INPUT_BYTES);
    for (let taken = 0; taken < 100; taken += 1) {
      give(session, { kind: "input-taken", bytes: 32 * 1024 });
      await expect.poll(() => ofKind("input").length, { interval: 1 }).toBeGreaterThan(taken);
    }
    expect(ofKind("input").length).toBe(100);
  });

  it("closes a connection whose frame is too large", async () => {
    const client = connect(CAT, "v5.channel.k8s.io");
    await sessionOf();
    client.socket.send(Buffer.alloc(1024 * 1024 + 1));
    await expect.poll(() => client.closedWith).toBe(1009);
    await expect.poll(() => ofKind("abandon").length).toBe(1);
  });

  it("closes when the node is lost", async () => {
    const client = connect(CAT, "v5.channel.k8s.io");
    give(await sessionOf(), { kind: "lost" });
    await expect.poll(() => client.closedWith).toBe(1011);
  });
});

describe("what is refused", () => {
  const notThere = { ok: false, status: notFound("pods", "p").status } as const;
  const gone = {
    accepted: false,
    by: "kubelet",
    message: 'container not found ("c")',
  } as const;

  it("an unknown pod, with its Status", async () => {
    answers.check = notThere;
    const client = connect(LS, "v5.channel.k8s.io");
    await expect.poll(() => client.refusal?.code).toBe(404);
    expect(JSON.parse(client.refusal?.body ?? "")).toMatchObject({ message: 'pods "p" not found' });
  });

  it("a container that does not run: in v4 by HTTP, in v5 over the error channel", async () => {
    answers = { check: gone, start: gone };
    const old = connect(LS, "v4.channel.k8s.io");
    await expect.poll(() => old.refusal).toEqual({ code: 500, body: gone.message });
    const client = connect(LS, "v5.channel.k8s.io");
    await expect.poll(() => client.closedWith).toBe(1000);
    expect(client.frames[1]).toContain(
      'Internal error occurred: unable to upgrade connection: container not found (\\"c\\")',
    );
  });

  it.each([
    [
      "another subprotocol",
      LS,
      "v1.channel.k8s.io",
      400,
      "unable to negotiate protocol, client supports [v1.channel.k8s.io]",
    ],
    [
      "no streams",
      `${EXEC}?command=ls`,
      "v5.channel.k8s.io",
      400,
      "you must specify at least 1 of stdin, stdout, stderr",
    ],
    [
      "attach",
      "/api/v1/namespaces/default/pods/p/attach",
      "v5.channel.k8s.io",
      400,
      "attach is not served",
    ],
    [
      "port-forward",
      "/api/v1/namespaces/default/pods/p/portforward",
      "v5.channel.k8s.io",
      400,
      "portforward is not served",
    ],
    [
      "other resources",
      "/api/v1/namespaces/default/pods/p",
      "v5.channel.k8s.io",
      400,
      "can not be upgraded",
    ],
    [
      "unknown paths",
      "/nowhere",
      "v5.channel.k8s.io",
      404,
      "the server could not find the requested resource",
    ],
  ])("%s", async (_what, path, protocol, code, message) => {
    const client = connect(path, protocol);
    await expect.poll(() => client.refusal?.code).toBe(code);
    expect(client.refusal?.body).toContain(message);
  });

  it("a page of another site", async () => {
    const client = connect(LS, "v5.channel.k8s.io", { origin: "https://example.org" });
    await expect.poll(() => client.refusal?.code).toBe(403);
    expect(actions).toEqual([]);
  });

  it("SPDY, after what is wrong anyway", async () => {
    const ask = () =>
      new Promise<{ code: number; body: string }>((resolve) => {
        const headers = { connection: "Upgrade", upgrade: "SPDY/3.1" };
        request({ port, path: LS, method: "POST", headers }, (response) => {
          let body = "";
          response.on("data", (chunk: Buffer) => (body += chunk.toString()));
          response.on("end", () => resolve({ code: response.statusCode ?? 0, body }));
        }).end();
      });
    const { code, body } = await ask();
    expect([code, body.includes("kubectl 1.30")]).toEqual([400, true]);
    answers.check = notThere;
    expect(await ask()).toMatchObject({ code: 404 });
  });

  it("a request without an upgrade", async () => {
    const response = await fetch(`http://127.0.0.1:${port}${LS}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: "Upgrade request required" });
  });
});
