import { writeError } from "../../io/write.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

type ValueKind = "none" | "required" | "optional";

interface Grammar {
  readonly letters: string;
  readonly long: ReadonlyMap<string, ValueKind>;
  /** What messages begin with. */
  readonly name: string;
  readonly isQuiet: boolean;
  /** Long options may begin with one dash. */
  readonly isAlternative: boolean;
}

/** util-linux/getopt.c of busybox: normalizes a script's arguments. 1: wrong arguments, 2 and 3: wrong use, 4: -T. */
export function* getopt(command: Command): Blocking<number> {
  const [first, ...rest] = command.operands;
  if (first === undefined) throw command.failure("missing optstring argument");
  if (!first.startsWith("-") || command.env.has("GETOPT_COMPATIBLE")) {
    const grammar: Grammar = {
      letters: first.replace(/^[-+]+/, ""),
      long: new Map(),
      name: command.name,
      isQuiet: false,
      isAlternative: false,
    };
    return yield* normalize(command, grammar, rest, false, true);
  }
  const options = parseOptions(command, "+o:n:qQs:Tual:", {
    "options=": "o",
    "longoptions=": "l",
    quiet: "q",
    "quiet-output": "Q",
    "shell=": "s",
    test: "T",
    unquoted: "u",
    alternative: "a",
    "name=": "n",
  });
  if (options.has("T")) return 4;
  const [operand, ...others] = options.operands;
  const letters = options.value("o") ?? operand;
  if (letters === undefined) throw command.failure("missing optstring argument");
  const grammar: Grammar = {
    letters,
    long: longOptions(command, options.all("l")),
    name: options.value("n") ?? command.name,
    isQuiet: options.has("q"),
    isAlternative: options.has("a"),
  };
  const words = options.has("o") ? options.operands : others;
  return yield* normalize(command, grammar, words, !options.has("u"), !options.has("Q"));
}

function longOptions(command: Command, lists: readonly string[]): ReadonlyMap<string, ValueKind> {
  const long = new Map<string, ValueKind>();
  for (const text of lists.flatMap((list) => list.split(/[, \t\n]+/)).filter((one) => one !== "")) {
    const [, name = "", colons = ""] = /^(.*?)(:{0,2})$/.exec(text) ?? [];
    if (name === "") throw command.failure("empty long option specified");
    long.set(name, colons === "" ? "none" : colons === ":" ? "required" : "optional");
  }
  return long;
}

function* normalize(
  command: Command,
  grammar: Grammar,
  words: readonly string[],
  quotes: boolean,
  prints: boolean,
): Blocking<number> {
  const reader = new Reader(grammar, words, (text) =>
    quotes ? `'${text.replaceAll("'", "'\\''")}'` : text,
  );
  reader.read();
  if (!grammar.isQuiet)
    for (const problem of reader.problems)
      yield* writeError(command.sys, `${grammar.name}: ${problem}\n`);
  if (prints) command.output.add(`${reader.text()}\n`);
  return reader.problems.length === 0 ? 0 : 1;
}

/** getopt_long(3): options and operands may mix unless the letters begin with `+`; with `-` operands stay in their place. */
class Reader {
  readonly problems: string[] = [];
  readonly #out: string[] = [];
  readonly #operands: string[] = [];
  readonly #letters: string;
  readonly #order: string;
  #index = 0;

  constructor(
    private readonly grammar: Grammar,
    private readonly words: readonly string[],
    private readonly quote: (text: string) => string,
  ) {
    this.#order = /^[-+]/.exec(grammar.letters)?.[0] ?? "";
    this.#letters = grammar.letters.slice(this.#order.length);
  }

  text(): string {
    return [...this.#out, "--", ...this.#operands.map(this.quote)]
      .map((word) => ` ${word}`)
      .join("");
  }

  read(): void {
    while (this.#index < this.words.length) {
      const word = this.words[this.#index] ?? "";
      this.#index += 1;
      if (word === "--") break;
      if (word.startsWith("--")) this.#long(word.slice(2), "--");
      else if (!word.startsWith("-") || word === "-") {
        if (!this.#operand(word)) break;
      } else if (this.grammar.isAlternative && this.#isLong(word)) this.#long(word.slice(1), "-");
      else this.#short(word);
    }
    this.#operands.push(...this.words.slice(this.#index));
  }

  #isLong(word: string): boolean {
    return word.length > 2 && this.#matching(word.slice(1).replace(/=.*$/s, "")).length > 0;
  }

  /** False where the first operand ends the options. */
  #operand(word: string): boolean {
    if (this.#order === "-") this.#out.push(this.quote(word));
    else this.#operands.push(word);
    return this.#order !== "+";
  }

  #matching(name: string): readonly string[] {
    const { long } = this.grammar;
    return long.has(name) ? [name] : [...long.keys()].filter((key) => key.startsWith(name));
  }

  #long(text: string, dashes: string): void {
    const equals = text.indexOf("=");
    const given = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? null : text.slice(equals + 1);
    const [name, ...others] = this.#matching(given);
    if (name === undefined) {
      this.problems.push(`unrecognized option '${dashes}${given}'`);
      return;
    }
    if (others.length > 0) {
      const all = [name, ...others].map((one) => `'${dashes}${one}'`).join(" ");
      this.problems.push(`option '${dashes}${given}' is ambiguous; possibilities: ${all}`);
      return;
    }
    const kind = this.grammar.long.get(name) ?? "none";
    if (kind === "none") {
      if (value !== null) this.problems.push(`option '${dashes}${name}' doesn't allow an argument`);
      else this.#out.push(`--${name}`);
      return;
    }
    const found = value ?? (kind === "required" ? this.#next() : "");
    if (found === null) this.problems.push(`option '${dashes}${name}' requires an argument`);
    else this.#out.push(`--${name}`, this.quote(found));
  }

  #short(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      const place = letter === ":" ? -1 : this.#letters.indexOf(letter);
      if (place < 0) {
        this.problems.push(`invalid option -- '${letter}'`);
        continue;
      }
      const colons = /^:{0,2}/.exec(this.#letters.slice(place + 1))?.[0] ?? "";
      if (colons === "") {
        this.#out.push(`-${letter}`);
        continue;
      }
      const attached = word.slice(at + 1);
      const value = attached !== "" || colons === "::" ? attached : this.#next();
      if (value === null) this.problems.push(`option requires an argument -- '${letter}'`);
      else this.#out.push(`-${letter}`, this.quote(value));
      return;
    }
  }

  #next(): string | null {
    const word = this.words[this.#index] ?? null;
    if (word !== null) this.#index += 1;
    return word;
  }
}
