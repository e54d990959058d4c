import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseMode } from "../../text/mode-text.js";
import { parseOptions, usageFailure } from "../options.js";

export function* mkdir(command: Command): Blocking<number> {
  const options = parseOptions(command, "m:pv", { "mode=": "m", parents: "p", verbose: "v" });
  if (options.operands.length === 0) throw usageFailure(command);
  const modeText = options.value("m");
  const mode =
    modeText === undefined ? null : parseMode(modeText, 0o777, true, command.sys.umask());
  if (modeText !== undefined && mode === null) throw command.failure(`invalid mode '${modeText}'`);
  for (const path of options.operands) {
    yield* command.pace();
    try {
      makeDirectory(command, path, options.has("p"), mode);
      if (options.has("v"))
        command.output.add(
          command.words(`created directory: '${path}'\n`, `mkdir: created directory '${path}'\n`),
        );
    } catch (error) {
      if (error instanceof BlockedPath) {
        yield* command.fail(
          `${command.words("can't", "cannot")} create directory '${command.words(error.path, path)}': Not a directory`,
        );
        continue;
      }
      if (!(error instanceof SysError)) throw error;
      yield* command.failWith(
        `${command.words("can't", "cannot")} create directory '${path}'`,
        error,
      );
    }
  }
  return command.status;
}

class BlockedPath extends Error {
  override readonly name = "BlockedPath";

  constructor(readonly path: string) {
    super(path);
  }
}

/** The first name above the last that is no directory, although it is there. */
function fileOnTheWay(command: Command, path: string): string | null {
  const pieces = path.replace(/\/+$/, "").split("/");
  for (let count = 1; count < pieces.length; count += 1) {
    const parent = pieces.slice(0, count).join("/");
    if (parent === "" || isDirectory(command, parent)) continue;
    return command.sys.access(parent, {}) ? parent : null;
  }
  return null;
}

function makeDirectory(
  command: Command,
  path: string,
  parents: boolean,
  mode: number | null,
): void {
  const { sys } = command;
  if (parents) {
    const blocking = fileOnTheWay(command, path);
    // libbb/make_directory.c makes one name after the other and says at which it stopped.
    if (blocking !== null) throw new BlockedPath(`${blocking}/`);
    makeParents(command, path);
  }
  try {
    sys.mkdir(path, 0o777);
  } catch (error) {
    const exists = error instanceof SysError && error.errno === "EEXIST";
    if (!parents || !exists || sys.stat(path).type !== "directory") throw error;
    return;
  }
  if (mode !== null) sys.chmod(path, mode);
}

/** Missing parents get write and search permission for their owner whatever the umask says (POSIX mkdir -p). */
export function makeParents(command: Pick<Command, "sys">, path: string): void {
  const { sys } = command;
  const pieces = path.replace(/\/+$/, "").split("/");
  for (let count = 1; count < pieces.length; count += 1) {
    const parent = pieces.slice(0, count).join("/");
    if (parent === "" || parent === "." || isDirectory(command, parent)) continue;
    sys.mkdir(parent, 0o777);
    sys.chmod(parent, (0o777 & ~sys.umask()) | 0o300);
  }
}

export function isDirectory(command: Pick<Command, "sys">, path: string): boolean {
  try {
    return command.sys.stat(path).type === "directory";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}
