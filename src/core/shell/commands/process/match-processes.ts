import { compileRegex } from "../../pattern/regex-match.js";
import { RegexProblem } from "../../pattern/posix-regex.js";
import { describeFailure } from "../../errno-text.js";
import { parseSignal } from "../../signal-names.js";
import { SysError, type Blocking, type ProcessInfo, type SignalName } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { userId } from "../files/chmod.js";
import { commandLine } from "./ps.js";

/** `pgrep` and `pkill`: processes whose name (with -f: command line) matches an expression. */
export function* pgrep(command: Command): Blocking<number> {
  const options = parseOptions(command, "vlafxons:P:u:c", {});
  const matching = select(command, options);
  for (const info of matching) {
    const shown = options.has("a")
      ? ` ${commandLine(info)}`
      : options.has("l")
        ? ` ${info.command}`
        : "";
    command.output.add(`${String(info.pid)}${shown}\n`);
  }
  yield* command.output.flush();
  return matching.length > 0 ? 0 : 1;
}

export function* pkill(command: Command): Blocking<number> {
  const words = [...command.operands];
  let signal = parseSignal("TERM");
  if (/^-[A-Z0-9]/.test(words[0] ?? "")) {
    const name = (words.shift() ?? "").slice(1);
    signal = parseSignal(name);
    if (signal === null) throw command.failure(`bad signal name '${name}'`);
  }
  const options = parseOptions(command, "vlafxons:P:u:", {}, words);
  const matching = select(command, options);
  for (const info of matching) {
    try {
      command.sys.kill(info.pid, signal ?? "TERM");
    } catch (error) {
      yield* command.failWith(String(info.pid), error);
    }
  }
  return matching.length > 0 ? 0 : 1;
}

function select(command: Command, options: Options): readonly ProcessInfo[] {
  const [pattern] = options.operands;
  if (pattern === undefined && !options.has("P") && !options.has("s") && !options.has("u")) {
    throw usageFailure(command);
  }
  const matches = matcher(command, options, pattern);
  const parent = options.value("P");
  const session = options.value("s");
  const user = options.value("u");
  const uid = user === undefined ? null : userId(command, user);
  const found = command.sys.processes().filter((info) => {
    if (info.pid === command.sys.pid) return false;
    if (parent !== undefined && info.ppid !== Number(parent)) return false;
    if (session !== undefined && info.session !== Number(session)) return false;
    if (uid !== null && info.uid !== uid) return false;
    const text = options.has("f") ? commandLine(info) : info.command;
    return matches(text) !== options.has("v");
  });
  if (options.has("o")) return found.slice(0, 1);
  return options.has("n") ? found.slice(-1) : found;
}

function matcher(
  command: Command,
  options: Options,
  pattern: string | undefined,
): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const regex = compileRegex(options.has("x") ? `^(${pattern})$` : pattern, { isExtended: true });
    return (text) => regex.test(text);
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    throw command.failure(`bad regex '${pattern}': ${error.text}`);
  }
}

/** By name: that of the program, or of the file it was started as. */
function byName(command: Command, name: string): readonly ProcessInfo[] {
  return command.sys.processes().filter((info) => {
    if (info.pid === command.sys.pid || info.state === "Z") return false;
    return info.command === name || (info.argv[0] ?? "").replace(/^.*\//, "") === name;
  });
}

export function pidof(command: Command): number {
  const options = parseOptions(command, "so:");
  const omitted = options
    .all("o")
    .map((text) => (text === "%PPID" ? command.sys.ppid : Number(text)));
  const pids = options.operands
    .flatMap((name) => byName(command, name.replace(/^.*\//, "")))
    .map(({ pid }) => pid)
    .filter((pid) => !omitted.includes(pid))
    .reverse();
  const shown = options.has("s") ? pids.slice(0, 1) : pids;
  if (shown.length === 0) return 1;
  command.output.add(`${shown.join(" ")}\n`);
  return 0;
}

export function* killall(command: Command): Blocking<number> {
  const { isQuiet, signal, names } = killallWords(command);
  if (names.length === 0) throw command.failure("you need to specify whom to kill");
  for (const name of names) {
    const found = byName(command, name);
    if (found.length === 0) {
      command.status = 1;
      if (!isQuiet) yield* command.complain(`${name}: no process killed`);
    }
    for (const info of found) {
      try {
        command.sys.kill(info.pid, signal);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        yield* command.fail(`can't kill pid ${String(info.pid)}: ${describeFailure(error)}`);
      }
    }
  }
  return command.status;
}

interface KillallWords {
  readonly isQuiet: boolean;
  readonly signal: SignalName | 0;
  readonly names: readonly string[];
}

/** `[-q] [-SIGNAL | -s SIGNAL] NAME…` */
function killallWords(command: Command): KillallWords {
  const words = [...command.operands];
  const isQuiet = words[0] === "-q";
  if (isQuiet) words.shift();
  const option = words[0] ?? "";
  if (!option.startsWith("-")) return { isQuiet, signal: "TERM", names: words };
  words.shift();
  const name = option === "-s" ? (words.shift() ?? "") : option.slice(1);
  const signal = parseSignal(name);
  if (signal === null) throw command.failure(`bad signal name '${name}'`);
  return { isQuiet, signal, names: words };
}
