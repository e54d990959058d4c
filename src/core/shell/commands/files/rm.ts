import { SysError, type Blocking } from "../../syscall.js";
import { LineReader } from "../../io/line-reader.js";
import { writeError } from "../../io/write.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

export function* rm(command: Command): Blocking<number> {
  const options = parseOptions(command, "irRfvd", {
    dir: "d",
    recursive: "r",
    force: "f",
    interactive: "i",
    verbose: "v",
  });
  if (options.operands.length === 0) {
    if (options.has("f")) return 0;
    throw usageFailure(command);
  }
  for (const path of options.operands) {
    const name = path.replace(/\/+$/, "").split("/").at(-1);
    const isAsked = options.has("r") || options.has("R") || !command.isGnu;
    if (isAsked && (name === "." || name === "..")) {
      yield* command.fail(
        command.words(
          "can't remove '.' or '..'",
          `refusing to remove '.' or '..' directory: skipping '${path}'`,
        ),
      );
    } else {
      yield* remove(command, path, options);
    }
  }
  return command.status;
}

function* remove(command: Command, path: string, options: Options): Blocking<boolean> {
  const { sys } = command;
  if (!sys.tryCharge(1)) yield* sys.charge(1);
  try {
    const stat = sys.lstat(path);
    if (stat.type === "directory") return yield* removeDirectory(command, path, options);
    if (options.last("if") === "i" && !(yield* confirm(command, `rm: remove '${path}'? `)))
      return true;
    sys.unlink(path);
    if (options.has("v")) command.output.add(`removed '${path}'\n`);
    return true;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "ENOENT" && options.has("f")) return true;
    if (error.errno === "ENOTDIR" && !command.isGnu) {
      yield* command.failWith(`can't stat '${path}'`, error);
      return false;
    }
    yield* command.failWith(
      command.words(`can't remove '${path}'`, `cannot remove '${path}'`),
      error,
    );
    return false;
  }
}

/** GNU's `rm -d`. */
function removeEmpty(command: Command, path: string, options: Options): boolean {
  command.sys.rmdir(path);
  if (options.has("v")) command.output.add(`removed directory '${path}'\n`);
  return true;
}

function* removeDirectory(command: Command, path: string, options: Options): Blocking<boolean> {
  const { sys } = command;
  if (!options.has("r") && !options.has("R")) {
    if (options.has("d")) return removeEmpty(command, path, options);
    yield* command.fail(
      command.words(`'${path}' is a directory`, `cannot remove '${path}': Is a directory`),
    );
    return false;
  }
  const asks = options.last("if") === "i";
  if (asks && !(yield* confirm(command, `rm: descend into directory '${path}'? `))) return true;
  let complete = true;
  const prefix = path.endsWith("/") ? path : `${path}/`;
  for (const entry of sys.readDirectory(path)) {
    if (entry.name === "." || entry.name === "..") continue;
    complete = (yield* remove(command, prefix + entry.name, options)) && complete;
  }
  if (asks && !(yield* confirm(command, `rm: remove directory '${path}'? `))) return complete;
  if (!sys.tryCharge(1)) yield* sys.charge(1);
  sys.rmdir(path);
  if (options.has("v"))
    command.output.add(`removed directory${command.words(":", "")} '${path}'\n`);
  return complete;
}

/** Asks on standard error; `y` is yes. */
export function* confirm(command: Command, question: string): Blocking<boolean> {
  yield* writeError(command.sys, question);
  const line = yield* new LineReader(command.sys, 0, 1).readLine();
  return line !== null && /^[yY]/.test(line.text);
}
