import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import { findInPath } from "../path-search.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

export function* env(command: Command): Blocking<number> {
  const options = parseOptions(command, "+iu:0", {
    "ignore-environment": "i",
    "unset=": "u",
    null: "0",
  });
  let operands = options.operands;
  const environment = new Map(options.has("i") ? [] : command.env);
  if (operands[0] === "-") {
    environment.clear();
    operands = operands.slice(1);
  }
  for (const name of options.all("u")) environment.delete(name);
  let index = 0;
  for (; index < operands.length; index += 1) {
    const word = operands[index] ?? "";
    const equals = word.indexOf("=");
    if (equals < 0) break;
    environment.set(word.slice(0, equals), word.slice(equals + 1));
  }
  const words = operands.slice(index);
  if (words.length > 0) return yield* becomeProgram(command, words, environment);
  const end = options.has("0") ? "\0" : "\n";
  for (const [name, value] of environment) command.output.add(`${name}=${value}${end}`);
  return 0;
}

/** Runs another program in this process: `env`, `nice`, `nohup`, `setsid` (libbb/executable.c BB_EXECVP_or_die). */
export function* becomeProgram(
  command: Command,
  words: readonly string[],
  environment: ReadonlyMap<string, string>,
): Blocking<number> {
  const name = words[0] ?? "";
  yield* command.output.flush();
  try {
    const path = findInPath(command.sys, name, environment.get("PATH") ?? command.env.get("PATH"));
    return yield* command.sys.exec(path, words, environment);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.complain(`${failedTo(command, name)}: ${describeFailure(error)}`);
    return error.errno === "ENOENT" ? 127 : 126;
  }
}

/** What each says of a program that it cannot run (coreutils 9.1: env.c, timeout.c, nohup.c, nice.c). */
function failedTo(command: Command, name: string): string {
  if (!command.isGnu) return `can't execute '${name}'`;
  return command.name === "env" || command.name === "nice" || command.name === "xargs"
    ? `'${name}'`.replace(/^'(.*)'$/, command.name === "xargs" ? "$1" : "'$1'")
    : `failed to run command '${name}'`;
}

export function printenv(command: Command): number {
  const names = command.operands.filter((word) => word !== "-0");
  if (names.length === 0) {
    for (const [name, value] of command.env) command.output.add(`${name}=${value}\n`);
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const value = command.env.get(name);
    if (value === undefined) status = 1;
    else command.output.add(`${value}\n`);
  }
  return status;
}
