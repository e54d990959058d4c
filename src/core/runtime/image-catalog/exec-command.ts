import { SysError, type Blocking, type Sys } from "../../shell/index.js";
import { print } from "./program-io.js";

/** Where a command is in $PATH; itself when it has a slash. Null when it is nowhere. */
export const findCommand = (
  sys: Sys,
  command: string,
  env: ReadonlyMap<string, string>,
): string | null => {
  if (command.includes("/")) return command;
  for (const directory of (env.get("PATH") ?? "").split(":"))
    if (sys.access(`${directory}/${command}`, { execute: true })) return `${directory}/${command}`;
  return null;
};

/** `exec "$@"` at the end of an entrypoint script; its exit code when that fails. */
export function* execCommand(
  sys: Sys,
  script: string,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
): Blocking<number> {
  const [command = ""] = argv;
  if (command === "") return 0;
  try {
    const path = findCommand(sys, command, env);
    if (path === null) throw new SysError("ENOENT");
    return yield* sys.exec(path, argv, env);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const isMissing = error.errno === "ENOENT";
    const why = isMissing ? "not found" : "Permission denied";
    yield* print(sys, 2, `${script}: exec: ${command}: ${why}\n`);
    return isMissing ? 127 : 126;
  }
}
