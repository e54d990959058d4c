import { errnoText } from "../errno-text.js";
import { appletMessage, errorMessage } from "../interpreter/messages.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import { parseSignal, signalByNumber, signalNames, signalNumber } from "../signal-names.js";
import { SysError, type Blocking, type SignalName } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";
import { signalListing } from "./trap.js";

export const runKill: Builtin = (shell, words) => kill(shell, words);

function* kill(shell: Shell, words: readonly string[]): Blocking<number> {
  const first = words[1];
  if (first === undefined) return yield* usage(shell);
  if (first === "-l" || first === "-L") return yield* list(shell, words.slice(2));
  const parsed = parseOptions(words);
  if (parsed.signal === null) {
    yield* writeError(shell.sys, badSignal(shell, parsed.text));
    return shell.dialect === "dash" ? 2 : 1;
  }
  const targets = words.slice(parsed.next);
  if (targets.length === 0) return yield* usage(shell);
  let status = 0;
  for (const target of targets) status = (yield* killOne(shell, target, parsed.signal)) || status;
  // A signal to the shell itself is acted upon before the next command.
  if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
  return status;
}

interface KillOptions {
  readonly signal: SignalName | 0 | null;
  readonly text: string;
  readonly next: number;
}

function parseOptions(words: readonly string[]): KillOptions {
  const first = words[1] ?? "";
  if (first === "--") return { signal: "TERM", text: "", next: 2 };
  if (!first.startsWith("-") || first === "-") return { signal: "TERM", text: "", next: 1 };
  if (first === "-s" || first === "-n") {
    const text = words[2] ?? "";
    return { signal: parseSignal(text), text, next: words[3] === "--" ? 4 : 3 };
  }
  const text = first.slice(1);
  return { signal: parseSignal(text), text, next: words[2] === "--" ? 3 : 2 };
}

function badSignal(shell: Shell, text: string): string {
  switch (shell.dialect) {
    case "ash":
      return appletMessage(shell, `bad signal name '${text}'`);
    case "dash":
      return errorMessage(shell, `invalid signal number or name: ${text}`);
    case "bash":
      return errorMessage(shell, `${text}: invalid signal specification`);
  }
}

function* usage(shell: Shell): Blocking<number> {
  switch (shell.dialect) {
    case "ash":
      yield* writeError(shell.sys, appletMessage(shell, "you need to specify whom to kill"));
      return 1;
    case "dash":
      yield* writeError(
        shell.sys,
        errorMessage(
          shell,
          "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]",
        ),
      );
      return 2;
    case "bash":
      yield* writeError(
        shell.sys,
        "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n",
      );
      return 2;
  }
}

function* killOne(shell: Shell, target: string, signal: SignalName | 0): Blocking<number> {
  const pids = targetPids(shell, target);
  if (pids === null) {
    yield* writeError(shell.sys, badTarget(shell, target));
    return shell.dialect === "dash" ? 2 : 1;
  }
  try {
    for (const pid of pids) shell.sys.kill(pid, signal);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const why = errnoText(error.errno);
    const text =
      shell.dialect === "ash"
        ? appletMessage(shell, `can't kill pid ${target}: ${why}`)
        : errorMessage(shell, shell.isBash ? `(${target}) - ${why}` : why);
    yield* writeError(shell.sys, text);
    return 1;
  }
}

function targetPids(shell: Shell, target: string): readonly number[] | null {
  if (target.startsWith("%")) return shell.jobs.bySpecification(target)?.pids ?? null;
  return /^-?\d+$/.test(target) ? [Number(target)] : null;
}

function badTarget(shell: Shell, target: string): string {
  const isJob = target.startsWith("%");
  switch (shell.dialect) {
    case "ash":
      return isJob
        ? errorMessage(shell, `${target}: no such job`)
        : appletMessage(shell, `invalid number '${target}'`);
    case "dash":
      return errorMessage(shell, isJob ? `No such job: ${target}` : `Illegal number: ${target}`);
    case "bash":
      return errorMessage(
        shell,
        isJob ? `${target}: no such job` : `${target}: arguments must be process or job IDs`,
      );
  }
}

/** `kill -l`: all names, or the one behind a number or an exit status. */
function* list(shell: Shell, operands: readonly string[]): Blocking<number> {
  if (operands.length === 0) {
    if (shell.isBash) return yield* writeLater(shell, `${signalListing().trimEnd()}\n`);
    const names = signalNames().map((name, index) =>
      shell.dialect === "ash" ? `${String(index + 1).padStart(2)}) ${name}\n` : `${name}\n`,
    );
    return yield* writeLater(shell, names.join(""));
  }
  for (const operand of operands) {
    const number = Number(operand);
    const name = /^\d+$/.test(operand)
      ? signalByNumber(number > 128 ? number - 128 : number)
      : parseSignal(operand);
    if (name === null || name === 0) {
      yield* writeError(shell.sys, badSignal(shell, operand));
      return 1;
    }
    // A name asks for its number.
    const isName = !/^\d+$/.test(operand);
    yield* writeLater(shell, `${isName ? String(signalNumber(name)) : name}\n`);
  }
  return 0;
}
