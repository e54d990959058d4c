import type { Blocking } from "../../../shell/index.js";
import { httpDate } from "../../calendar.js";
import { listenHttp, serveListeners, type HttpPort } from "../../http/http-server.js";
import { imageProgram, type ImageSys } from "../../kernel/image-sys.js";
import type { Program } from "../../../shell/index.js";
import { timestamp } from "../databases/database-server.js";
import { noteSignals, print } from "../program-io.js";

/** What a server answers on a path. */
export interface StubAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location?: string;
}

/** A server of which only what one sees from outside is simulated: its ports, when it is ready, what it logs, its health. */
export interface StubServer {
  readonly ports: readonly number[];
  /** What it takes until it listens. */
  readonly startMs: number;
  readonly memoryBytes: number;
  /** Printed at the start and when it is ready; `{time}` is replaced. */
  readonly starting: readonly string[];
  readonly ready: readonly string[];
  /** By path; anything else gets `other`. */
  readonly answers: Readonly<Record<string, StubAnswer>>;
  readonly other: StubAnswer;
  /** CPU time of a request: none where it is not worth telling. */
  readonly requestMs?: number;
  /** How it ends after TERM. */
  readonly exitCode: number;
}

export const text = (body: string, status = 200): StubAnswer => ({
  status,
  type: "text/plain; charset=utf-8",
  body,
});
export const html = (body: string, status = 200): StubAnswer => ({
  status,
  type: "text/html; charset=utf-8",
  body,
});
export const json = (value: unknown, status = 200): StubAnswer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});
export const redirect = (location: string): StubAnswer => ({ ...html("", 302), location });

export const stubServer = (server: StubServer): Program => imageProgram((sys) => run(sys, server));

function* run(sys: ImageSys, server: StubServer): Blocking<number> {
  const stop = noteSignals(sys, ["TERM", "INT"]);
  const say = function* (lines: readonly string[]): Blocking<void> {
    for (const line of lines)
      yield* print(sys, 1, `${line.replaceAll("{time}", timestamp(sys.nowMs()))}\n`);
  };
  yield* say(server.starting);
  sys.reserve(server.memoryBytes);
  const readyMs = sys.nowMs() + server.startMs;
  while (stop.name === null && sys.nowMs() < readyMs) yield* sys.sleep(readyMs - sys.nowMs());
  const ports = server.ports.map((port): HttpPort => ({ port, handle: handler(sys, server) }));
  yield* say(server.ready);
  yield* serveListeners(sys, listenHttp(sys, ports), () => stop.name !== null);
  return server.exitCode;
}

const handler = (sys: ImageSys, server: StubServer): HttpPort["handle"] =>
  function* ({ request }) {
    const { path } = request;
    if (server.requestMs !== undefined) yield* sys.compute(server.requestMs);
    const answer =
      (Object.hasOwn(server.answers, path) ? server.answers[path] : undefined) ?? server.other;
    return {
      status: answer.status,
      headers: [
        ["Date", httpDate(sys.nowMs())],
        ["Content-Type", answer.type],
        ...(answer.location === undefined ? [] : ([["Location", answer.location]] as const)),
      ],
      body: answer.body,
    };
  };
