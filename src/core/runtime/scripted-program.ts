import { asInteger, parseQuantity, type ContainerScript, type ScriptedHttp } from "../api/index.js";
import { signalByNumber, type Blocking, type Program, type Sys } from "../shell/index.js";
import { imageProgram, type ImageSys } from "./kernel/image-sys.js";
import { noteSignals } from "./image-catalog/program-io.js";
import { serveHttp, type HttpPort } from "./http/http-server.js";

const encoder = new TextEncoder();

/** The program of a scripted container (contract, "Images"); null when the script leaves its command alone. */
export const scriptedProgram = (script: ContainerScript): Program | null => {
  const { runSeconds, exitCode, signal, memory, log, http } = script;
  const isReplaced = [runSeconds, exitCode, signal, memory, log, http].some(
    (value) => value !== undefined,
  );
  if (!isReplaced) return null;
  return imageProgram((sys) => runScript(sys, script));
};

function* runScript(sys: ImageSys, script: ContainerScript): Blocking<number> {
  const startedAtMs = sys.nowMs();
  const stop = noteSignals(sys, ["TERM", "INT"]);
  if (script.memory !== undefined) sys.reserve(asInteger(parseQuantity(script.memory)));
  if (script.log !== undefined) yield* sys.write(1, encoder.encode(`${script.log}\n`));
  const http = script.http ?? [];
  const server = http.length === 0 ? null : startServer(sys, http, startedAtMs);
  const dueMs = startedAtMs + runMs(script);
  while (stop.name === null && sys.nowMs() < dueMs)
    if (dueMs === Infinity) yield* sys.pause();
    else yield* sys.sleep(dueMs - sys.nowMs());
  if (server !== null) sys.kill(server, "KILL");
  if (stop.name !== null) return 0;
  const signal = script.signal === undefined ? null : signalByNumber(script.signal);
  if (signal === null) return script.exitCode ?? 0;
  sys.end({ signal });
  yield* sys.pause();
  return 0;
}

/** A script that says how it ends but not when ends at once; any other runs until it is stopped. */
const runMs = ({ runSeconds, exitCode, signal }: ContainerScript): number => {
  if (runSeconds !== undefined) return runSeconds * 1000;
  return exitCode === undefined && signal === undefined ? Infinity : 0;
};

const startServer = (sys: Sys, answers: readonly ScriptedHttp[], startedAtMs: number): number =>
  sys.fork("server", function* (child) {
    const ports = [...new Set(answers.map((answer) => answer.port))];
    yield* serveHttp(
      child,
      ports.map((port): HttpPort => httpPort(child, port, answers, startedAtMs)),
    );
    return 0;
  });

const httpPort = (
  sys: Sys,
  port: number,
  answers: readonly ScriptedHttp[],
  startedAtMs: number,
): HttpPort => ({
  port,

  *handle({ request }) {
    const seconds = (sys.nowMs() - startedAtMs) / 1000;
    const answer = answers.find(
      (candidate) =>
        candidate.port === port &&
        candidate.path === request.path &&
        seconds >= (candidate.fromSeconds ?? 0) &&
        seconds < (candidate.toSeconds ?? Infinity),
    );
    const headers = [["Content-Type", "text/plain; charset=utf-8"]] as const;
    if (answer === undefined) return { status: 404, headers, body: "404 page not found\n" };
    return { status: answer.status, headers, body: answer.body ?? "" };
  },
});
