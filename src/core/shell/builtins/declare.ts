import { formatInteger } from "../arithmetic/index.js";
import { evaluateText, readOnlyFailure } from "../expansion/arithmetic-expansion.js";
import { assign } from "../interpreter/assignments.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import {
  ASSOCIATIVE,
  EXPORTED,
  INDEXED,
  INTEGER,
  LOWER_CASE,
  NAME_REFERENCE,
  READ_ONLY,
  UPPER_CASE,
} from "../interpreter/variable.js";
import { declaration } from "../interpreter/variable-listing.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";
import { badName, setValue } from "./export.js";

const FLAGS: Readonly<Record<string, number>> = {
  a: INDEXED,
  A: ASSOCIATIVE,
  i: INTEGER,
  l: LOWER_CASE,
  n: NAME_REFERENCE,
  r: READ_ONLY,
  u: UPPER_CASE,
  x: EXPORTED,
};

/** bash's `declare` and `typeset`, and `local` with its flags. In a function it makes locals, but for `-g`. */
export const runDeclare: Builtin = (shell, words) => declare(shell, words);

interface Flags {
  readonly add: number;
  readonly remove: number;
  readonly prints: boolean;
  readonly functions: boolean;
  readonly global: boolean;
  readonly next: number;
}

function parseFlags(shell: Shell, words: readonly string[]): Flags {
  let add = 0;
  let remove = 0;
  let letters = "";
  let index = 1;
  for (; /^[-+][a-zA-Z]+$/.test(words[index] ?? ""); index += 1) {
    const word = words[index] ?? "";
    for (const letter of word.slice(1)) {
      const flag = FLAGS[letter];
      if (flag === undefined && !"pfFgIt".includes(letter)) {
        const text = `${word.charAt(0)}${letter}: invalid option`;
        throw new ShellError(errorMessage(shell, text), 2, false);
      }
      if (word.startsWith("-")) add |= flag ?? 0;
      else remove |= flag ?? 0;
      letters += letter;
    }
  }
  if (words[index] === "--") index += 1;
  return {
    add,
    remove,
    prints: letters.includes("p"),
    functions: /[fF]/.test(letters),
    global: letters.includes("g"),
    next: index,
  };
}

function* declare(shell: Shell, words: readonly string[]): Blocking<number> {
  const { declarations } = shell;
  shell.declarations = null;
  const flags = parseFlags(shell, words);
  if (flags.functions) return yield* printFunctions(shell, words.slice(flags.next));
  if (flags.prints || flags.next >= words.length) {
    return yield* print(shell, words.slice(flags.next), flags.add);
  }
  let status = 0;
  for (let index = flags.next; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const declared = declarations?.get(index)?.assignment;
    const equals = word.indexOf("=");
    const append = equals > 0 && word.charAt(equals - 1) === "+";
    const plainName = equals < 0 ? word : word.slice(0, append ? equals - 1 : equals);
    const name = declared?.name ?? plainName;
    if (!/^[A-Za-z_]\w*$/.test(name.replace(/\[.*\]$/s, ""))) {
      const error = badName(shell, word, name);
      yield* writeError(shell.sys, error.text);
      status = 1;
      continue;
    }
    yield* declareOne(shell, name, flags, function* () {
      if (declared !== undefined) yield* assign(shell, declared);
      else if (equals >= 0) assignPlain(shell, name, word.slice(equals + 1), flags.add);
    });
  }
  return status;
}

function* declareOne(
  shell: Shell,
  name: string,
  flags: Flags,
  setTheValue: () => Blocking<void>,
): Blocking<void> {
  try {
    const isLocal = shell.functionDepth > 0 && !flags.global;
    if (isLocal) shell.variables.makeLocal(name, "flags");
    const isReference = (flags.add & NAME_REFERENCE) !== 0;
    if (isReference) {
      yield* setTheValue();
      const variable = shell.variables.find(name);
      if (variable !== undefined) variable.flags |= flags.add;
      else shell.variables.declare(name, flags.add);
      return;
    }
    const variable = shell.variables.declare(name, flags.add & ~READ_ONLY);
    if ((flags.add & (INDEXED | ASSOCIATIVE)) !== 0 && variable.elements === null) {
      variable.elements = new Map(variable.value === null ? [] : [["0", variable.value]]);
      variable.value = null;
    }
    variable.flags &= ~flags.remove;
    yield* setTheValue();
    if ((flags.add & READ_ONLY) !== 0) variable.flags |= READ_ONLY;
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}

function assignPlain(shell: Shell, name: string, text: string, flags: number): void {
  const isInteger = (flags & INTEGER) !== 0;
  setValue(shell, name, isInteger ? formatInteger(evaluateText(shell, text)) : text);
}

function* print(shell: Shell, names: readonly string[], flags: number): Blocking<number> {
  if (names.length === 0) {
    const lines: string[] = [];
    for (const [name, variable] of shell.variables.entries()) {
      if (flags === 0 || (variable.flags & flags) !== 0)
        lines.push(`${declaration(name, variable)}\n`);
    }
    return yield* writeLater(shell, lines.sort().join(""));
  }
  let status = 0;
  for (const name of names) {
    const variable = shell.variables.find(name);
    if (variable === undefined) {
      yield* writeError(shell.sys, errorMessage(shell, `${name}: not found`));
      status = 1;
    } else {
      yield* writeLater(shell, `${declaration(name, variable)}\n`);
    }
  }
  return status;
}

function* printFunctions(shell: Shell, names: readonly string[]): Blocking<number> {
  let status = 0;
  for (const name of names.length === 0 ? [...shell.functions.keys()].sort() : names) {
    const definition = shell.functions.get(name);
    if (definition === undefined) status = 1;
    else yield* writeLater(shell, `${definition.source}\n`);
  }
  return status;
}
