import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure } from "../options.js";
import { directoryName } from "./basename.js";
import { baseName } from "./ln.js";

export function* readlink(command: Command): Blocking<number> {
  const options = parseOptions(command, "fnveqsm", {
    canonicalize: "f",
    "canonicalize-existing": "e",
    "canonicalize-missing": "m",
    "no-newline": "n",
  });
  const { length } = options.operands;
  if (length === 0 || (length > 1 && !command.isGnu)) throw usageFailure(command);
  for (const path of options.operands) {
    try {
      const target =
        options.has("f") || options.has("e") || options.has("m")
          ? canonical(command, path, options.has("e"))
          : command.sys.readlink(path);
      command.output.add(options.has("n") ? target : `${target}\n`);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      command.status = 1;
      if (!options.has("v")) continue;
      if (error.errno === "EINVAL" && !command.isGnu) {
        yield* command.fail(`${path}: cannot read link: not a symlink`);
      } else yield* command.failWith(path, error);
    }
  }
  return command.status;
}

/** `-f`: the last name need not exist. */
function canonical(command: Command, path: string, mustExist = false): string {
  const { sys } = command;
  try {
    return sys.realpath(path);
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== "ENOENT" || mustExist) throw error;
    const directory = sys.realpath(directoryName(path));
    const name = baseName(path);
    return directory === "/" ? `/${name}` : `${directory}/${name}`;
  }
}

export function* realpath(command: Command): Blocking<number> {
  // coreutils/realpath.c reads no options: `-m` is a file.
  const operands = command.isGnu
    ? parseOptions(command, "Lemqsz").operands
    : command.operands.slice(command.operands[0] === "--" ? 1 : 0);
  if (operands.length === 0) throw usageFailure(command);
  for (const path of operands) {
    try {
      command.output.add(`${canonical(command, path)}\n`);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.output.flush();
      yield* command.failWith(path, error);
    }
  }
  return command.status;
}
