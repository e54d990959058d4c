import { listenHttp, serveListeners } from "../../http/http-server.js";
import { commonLogTime } from "../../calendar.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { serveTree } from "../file-server.js";
import { noteSignals, print } from "../program-io.js";
import { PYTHON_GRAMMAR, runOneLiner, type OneLinerGrammar } from "./one-liner.js";
import { runUntilStopped } from "./run-until-stopped.js";

/** Interpreters whose programs are not simulated: without one to run they read their standard input, which is empty; with one they run until stopped. */
export const interpreter = (
  versionText: (env: ReadonlyMap<string, string>) => string,
  grammar: OneLinerGrammar | null = null,
): ImageProgram =>
  function* (sys, argv, env) {
    const [, first] = argv;
    if (first === undefined) return 0;
    if (/^(-v|-V|-?-version|version)$/.test(first)) {
      yield* print(sys, 1, `${versionText(env)}\n`);
      return 0;
    }
    const code = grammar === null ? null : yield* runOneLiner(sys, argv, grammar);
    return code ?? (yield* runUntilStopped(sys));
  };

/** python, with `-m http.server`, which tutorials serve files with. */
export const pythonProgram: ImageProgram = function* (sys, argv, env) {
  const at = argv.indexOf("-m");
  if (argv[at + 1] !== "http.server" || at < 0)
    return yield* interpreter(
      (given) => `Python ${given.get("PYTHON_VERSION") ?? "3.13.7"}`,
      PYTHON_GRAMMAR,
    )(sys, argv, env);
  const rest = argv.slice(at + 2);
  const port = Number(rest.find((word) => /^\d+$/.test(word)) ?? 8000);
  const directoryAt = rest.findIndex((word) => word === "-d" || word === "--directory");
  const root = directoryAt < 0 ? sys.cwd() : (rest[directoryAt + 1] ?? "/");
  yield* print(
    sys,
    1,
    `Serving HTTP on 0.0.0.0 port ${String(port)} (http://0.0.0.0:${String(port)}/) ...\n`,
  );
  const stop = noteSignals(sys, ["INT"]);
  const listeners = listenHttp(sys, [
    {
      port,
      *handle({ request, remote }) {
        const response = yield* serveTree(sys, root, request);
        const time = commonLogTime(sys.nowMs())
          .replace(/ \+0000$/, "")
          .replace(/:/, " ");
        const line = `${remote.host} - - [${time}] "${request.method} ${request.target} ${request.version}" ${String(response.status)} -\n`;
        yield* print(sys, 2, line);
        return response;
      },
    },
  ]);
  yield* serveListeners(sys, listeners, () => stop.name !== null);
  yield* print(sys, 1, "\nKeyboard interrupt received, exiting.\n");
  return 0;
};
