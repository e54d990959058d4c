import type { Dialect } from "../grammar/index.js";
import { optionNames } from "./options.js";

/** How a shell was asked to run. */
export interface Invocation {
  readonly source:
    | { readonly kind: "command"; readonly text: string }
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "input" };
  readonly name: string;
  readonly positional: readonly string[];
  readonly options: readonly (readonly [name: string, on: boolean])[];
  readonly isLogin: boolean;
  readonly isInteractive: boolean;
  readonly startLetters: string;
}

export type InvocationProblem = { readonly problem: string };

interface Reading {
  takesCommand: boolean;
  readsInput: boolean;
  isLogin: boolean;
  isInteractive: boolean;
  readonly options: [string, boolean][];
}

/** Options without an argument that only bash knows and that change nothing here. */
const BASH_LONG_OPTIONS: ReadonlySet<string> = new Set([
  "--noprofile",
  "--norc",
  "--posix",
  "--noediting",
  "--restricted",
  "--verbose",
]);

export function readInvocation(
  argv: readonly string[],
  dialect: Dialect,
): Invocation | InvocationProblem {
  const name = argv[0] ?? "sh";
  const reading: Reading = {
    takesCommand: false,
    readsInput: false,
    isLogin: name.startsWith("-"),
    isInteractive: false,
    options: [],
  };
  let index = 1;
  while (index < argv.length) {
    const word = argv[index] ?? "";
    if (word === "-" || word === "--") {
      index += 1;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    index += 1;
    const used = readWord(word, argv[index], dialect, reading);
    if (typeof used !== "number") return { problem: used };
    index += used;
  }
  return conclude(argv, index, reading);
}

/** @returns how many further words were used, or what is wrong */
function readWord(
  word: string,
  next: string | undefined,
  dialect: Dialect,
  reading: Reading,
): number | string {
  if (word.startsWith("--")) return readLongOption(word, dialect, reading);
  const on = word.startsWith("-");
  let used = 0;
  for (const letter of word.slice(1)) {
    switch (letter) {
      case "c":
        reading.takesCommand = true;
        break;
      case "s":
        reading.readsInput = true;
        break;
      case "i":
        reading.isInteractive = true;
        break;
      case "l":
        reading.isLogin = true;
        break;
      case "o":
      case "O": {
        used = 1;
        if (letter === "o" && next !== undefined) reading.options.push([next, on]);
        break;
      }
      default: {
        const option = optionNames(dialect).find((known) => known.letter === letter);
        if (option === undefined) return `${on ? "-" : "+"}${letter}`;
        reading.options.push([option.name, on]);
      }
    }
  }
  return used;
}

function readLongOption(word: string, dialect: Dialect, reading: Reading): number | string {
  if (word === "--login") {
    reading.isLogin = true;
    return 0;
  }
  return dialect === "bash" && BASH_LONG_OPTIONS.has(word) ? 0 : word;
}

function conclude(
  argv: readonly string[],
  start: number,
  reading: Reading,
): Invocation | InvocationProblem {
  const name = argv[0] ?? "sh";
  const shared = {
    options: reading.options,
    isLogin: reading.isLogin,
    isInteractive: reading.isInteractive,
  };
  const first = argv[start];
  if (reading.takesCommand) {
    if (first === undefined) return { problem: "-c" };
    return {
      source: { kind: "command", text: first },
      name: argv[start + 1] ?? name,
      positional: argv.slice(start + 2),
      startLetters: "c",
      ...shared,
    };
  }
  if (first === undefined || reading.readsInput) {
    return {
      source: { kind: "input" },
      name,
      positional: argv.slice(start),
      startLetters: "s",
      ...shared,
    };
  }
  return {
    source: { kind: "file", path: first },
    name: first,
    positional: argv.slice(start + 1),
    startLetters: "",
    ...shared,
  };
}
