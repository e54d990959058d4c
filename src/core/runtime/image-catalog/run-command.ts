import { SysError, type Blocking, type Sys } from "../../shell/index.js";

/** Output of a command that is kept. */
const OUTPUT_BYTES = 1_048_576;

/** Runs a command to its end, with both of its outputs gathered. */
export function* runCommand(
  sys: Sys,
  path: string,
  argv: readonly string[],
  env: ReadonlyMap<string, string> = NO_ENVIRONMENT,
): Blocking<{ readonly output: string; readonly code: number }> {
  const [reader, writer] = sys.pipe();
  let pid: number;
  try {
    pid = sys.spawn(path, argv, env, {
      fds: new Map([
        [1, writer],
        [2, writer],
      ]),
    });
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    sys.close(reader);
    sys.close(writer);
    return { output: "", code: 127 };
  }
  sys.close(writer);
  const decoder = new TextDecoder();
  let output = "";
  for (;;) {
    const bytes = yield* sys.read(reader, 65_536);
    if (bytes.length === 0) break;
    if (output.length < OUTPUT_BYTES) output += decoder.decode(bytes, { stream: true });
  }
  sys.close(reader);
  const ended = yield* sys.wait(pid);
  const status = ended?.status ?? { code: 0 };
  return { output, code: "code" in status ? status.code : 128 + status.number };
}

const NO_ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
]);
