import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { isDirectory } from "./mkdir.js";

export function* ln(command: Command): Blocking<number> {
  const options = parseOptions(command, "sfnbS:vTLt:", {
    "target-directory=": "t",
    symbolic: "s",
    force: "f",
    "no-dereference": "n",
    verbose: "v",
    "no-target-directory": "T",
  });
  const operands = [...options.operands];
  if (operands.length === 0) {
    throw usageFailure(command, command.isGnu ? "missing file operand" : undefined);
  }
  const last = operands.length === 1 ? baseName(operands[0] ?? "") : (operands.pop() ?? "");
  for (const target of operands) {
    yield* command.pace();
    const intoDirectory =
      !options.has("T") &&
      isDirectory(command, last) &&
      !(options.has("n") && isLink(command, last));
    if (operands.length > 1 && !intoDirectory) {
      throw command.failure(`target '${last}' is not a directory`);
    }
    const path = intoDirectory ? `${last.replace(/\/$/, "")}/${baseName(target)}` : last;
    yield* linkOne(command, target, path, options);
  }
  return command.status;
}

function* linkOne(
  command: Command,
  target: string,
  path: string,
  options: Options,
): Blocking<void> {
  const { sys } = command;
  try {
    if (!options.has("s") && !isThere(command, target)) {
      yield* command.fail(
        `${command.words(target, `failed to access '${target}'`)}: No such file or directory`,
      );
      return;
    }
    if (options.has("b")) keepBackup(command, path, options.value("S") ?? "~");
    if (options.has("f")) removeQuietly(command, path);
    if (options.has("s")) sys.symlink(target, path);
    else sys.link(target, path);
    if (options.has("v")) command.output.add(`'${path}' -> '${target}'\n`);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const kind = options.has("s") ? "symbolic" : "hard";
    yield* command.failWith(command.words(path, `failed to create ${kind} link '${path}'`), error);
  }
}

function keepBackup(command: Command, path: string, suffix: string): void {
  try {
    command.sys.rename(path, path + suffix);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function removeQuietly(command: Command, path: string): void {
  try {
    command.sys.unlink(path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function isThere(command: Command, path: string): boolean {
  try {
    command.sys.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function isLink(command: Command, path: string): boolean {
  try {
    return command.sys.lstat(path.replace(/\/$/, "")).type === "symlink";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "" : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}
