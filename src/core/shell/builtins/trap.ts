import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { ashQuote, singleQuote } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import type { TrapName } from "../interpreter/traps.js";
import { parseSignal, signalNames, signalNumber } from "../signal-names.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runTrap: Builtin = (shell, words) => {
  let index = 1;
  if (words[index] === "-l" && shell.dialect !== "dash") return writeLater(shell, signalListing());
  if (words[index] === "-p") return writeLater(shell, listing(shell, words.slice(2)));
  if (words[index] === "--") index += 1;
  const first = words[index];
  if (first === undefined) return writeLater(shell, listing(shell, []));
  // One operand, or a number first: back to the default.
  const resets = index === words.length - 1 || /^\d+$/.test(first);
  const action = resets || first === "-" ? null : first;
  for (const name of words.slice(resets ? index : index + 1)) {
    const condition = parseCondition(shell, name);
    if (condition === null) throw badCondition(shell, name);
    if (action === null) shell.traps.reset(condition);
    else shell.traps.set(condition, action);
  }
  return 0;
};

function badCondition(shell: Shell, name: string): ShellError {
  const text =
    shell.dialect === "dash"
      ? `trap: ${name}: bad trap\n`
      : errorMessage(shell, `${name}: invalid signal specification`);
  return new ShellError(text, 1, false);
}

function parseCondition(shell: Shell, name: string): TrapName | null {
  const upper = name.toUpperCase();
  if (upper === "EXIT" || upper === "SIGEXIT") return "EXIT";
  if (shell.isBash && (upper === "ERR" || upper === "DEBUG" || upper === "RETURN")) return upper;
  const signal = parseSignal(name);
  return signal === 0 ? "EXIT" : signal;
}

function listing(shell: Shell, names: readonly string[]): string {
  const wanted = new Set(names.map((name) => parseCondition(shell, name)));
  const order: TrapName[] = ["EXIT", ...signalNames(), "DEBUG", "ERR", "RETURN"];
  return order
    .filter((name) => wanted.size === 0 || wanted.has(name))
    .map((name) => {
      const action = shell.traps.get(name);
      if (action === undefined) return "";
      if (!shell.isBash) {
        return `trap -- ${ashQuote(action)} ${name}\n`;
      }
      const isSignal = !["EXIT", "ERR", "DEBUG", "RETURN"].includes(name);
      return `trap -- ${singleQuote(action)} ${isSignal ? "SIG" : ""}${name}\n`;
    })
    .join("");
}

export function signalListing(): string {
  return signalNames()
    .map((name, index) => {
      const number = String(signalNumber(name)).padStart(2);
      return `${number}) SIG${name}${(index + 1) % 5 === 0 ? "\n" : "\t"}`;
    })
    .join("");
}
