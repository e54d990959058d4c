import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { setValue } from "./export.js";

/** POSIX getopts. `optionOffset` remembers the place inside a group of letters (`-abc`). */
export const runGetopts: Builtin = (shell, words) => {
  const [, letters, variable] = words;
  if (letters === undefined || variable === undefined) {
    const text = shell.isBash
      ? "usage: getopts optstring name [arg ...]"
      : shell.dialect === "ash"
        ? "usage: getopts optstring var [arg]"
        : "Usage: getopts optstring var [arg...]";
    const whole = shell.isBash ? `getopts: ${text}\n` : errorMessage(shell, text);
    throw new ShellError(whole, 2, !shell.isBash);
  }
  const operands = words.length > 3 ? words.slice(3) : shell.positional;
  return next(shell, letters, variable, operands);
};

function* next(
  shell: Shell,
  letters: string,
  variable: string,
  operands: readonly string[],
): Blocking<number> {
  const indexText = shell.variables.get("OPTIND") ?? "1";
  if (indexText !== shell.optionIndexSeen) shell.optionOffset = 0;
  const given = Math.max(1, Number.parseInt(indexText, 10) || 1);
  // Inside a group of letters OPTIND is past its word already, but not in bash.
  const index = shell.optionOffset > 0 && !shell.isBash ? given - 1 : given;
  const word = operands[index - 1];
  if (word === undefined || isOperand(shell, word)) {
    finish(shell, word === "--" ? index + 1 : index, 0);
    setValue(shell, variable, "?");
    shell.variables.unset("OPTARG");
    return 1;
  }
  return yield* takeLetter(shell, { letters, variable, operands, index, word });
}

interface Place {
  readonly letters: string;
  readonly variable: string;
  readonly operands: readonly string[];
  /** Of the word, counted from 1. */
  readonly index: number;
  readonly word: string;
}

function* takeLetter(shell: Shell, place: Place): Blocking<number> {
  const { letters, variable, operands, index, word } = place;
  const at = shell.optionOffset === 0 ? 1 : shell.optionOffset;
  const letter = word.charAt(at);
  const rest = word.slice(at + 1);
  const isSilent = letters.startsWith(":");
  const found = letter === ":" ? -1 : letters.indexOf(letter, isSilent ? 1 : 0);
  if (found >= 0 && letters.charAt(found + 1) === ":") {
    const argument = rest === "" ? operands[index] : rest;
    finish(shell, rest === "" ? index + 2 : index + 1, 0);
    if (argument === undefined) return yield* missing(shell, variable, letter, isSilent);
    setValue(shell, "OPTARG", argument);
  } else {
    const isPast = rest === "" || !shell.isBash;
    finish(shell, isPast ? index + 1 : index, rest === "" ? 0 : at + 1);
    if (found < 0) return yield* unknown(shell, variable, letter, isSilent);
    if (shell.isBash) shell.variables.unset("OPTARG");
    else setValue(shell, "OPTARG", "");
  }
  setValue(shell, variable, letter);
  return 0;
}

/** Whether the options end before this word. */
function isOperand(shell: Shell, word: string): boolean {
  return shell.optionOffset === 0 && (!/^-./s.test(word) || word === "--");
}

function finish(shell: Shell, index: number, offset: number): void {
  setValue(shell, "OPTIND", String(index));
  shell.optionIndexSeen = String(index);
  shell.optionOffset = offset;
}

function* unknown(
  shell: Shell,
  variable: string,
  letter: string,
  isSilent: boolean,
): Blocking<number> {
  setValue(shell, variable, "?");
  if (isSilent) {
    setValue(shell, "OPTARG", letter);
    return 0;
  }
  shell.variables.unset("OPTARG");
  yield* complain(shell, letter, false);
  return 0;
}

function* missing(
  shell: Shell,
  variable: string,
  letter: string,
  isSilent: boolean,
): Blocking<number> {
  if (isSilent) {
    setValue(shell, variable, ":");
    setValue(shell, "OPTARG", letter);
    return 0;
  }
  setValue(shell, variable, "?");
  shell.variables.unset("OPTARG");
  yield* complain(shell, letter, true);
  return 0;
}

function* complain(shell: Shell, letter: string, wantsArgument: boolean): Blocking<void> {
  if (shell.isBash) {
    if (shell.variables.get("OPTERR") === "0") return;
    const text = wantsArgument ? "option requires an argument" : "illegal option";
    yield* writeError(shell.sys, `${shell.name}: ${text} -- ${letter}\n`);
    return;
  }
  const text = wantsArgument ? `No arg for -${letter} option` : `Illegal option -${letter}`;
  yield* writeError(shell.sys, `${text}\n`);
}
