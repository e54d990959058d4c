import { CommandFailure, type Command } from "./command.js";
import { busyboxKnowsLetter, busyboxKnowsName } from "./busybox-options.js";
import { gnuUsageStatus, usageText } from "./usage.js";

/** Options as getopt(3) reads them. */
export class Options {
  constructor(
    private readonly switches: ReadonlyMap<string, number>,
    private readonly values: ReadonlyMap<string, readonly string[]>,
    readonly operands: readonly string[],
    /** Letters in the order given: where the last one wins. */
    readonly order: readonly string[],
  ) {}

  has(letter: string): boolean {
    return this.switches.has(letter) || this.values.has(letter);
  }

  count(letter: string): number {
    return this.switches.get(letter) ?? 0;
  }

  /** The last value given. */
  value(letter: string): string | undefined {
    return this.values.get(letter)?.at(-1);
  }

  all(letter: string): readonly string[] {
    return this.values.get(letter) ?? [];
  }

  /** Which of some letters came last; null for none. */
  last(letters: string): string | null {
    return this.order.findLast((letter) => letters.includes(letter)) ?? null;
  }
}

/**
 * @param letters as getopt(3): a colon after a letter that takes a value, two after one whose value is optional; a leading `+` stops
 * at the first operand, otherwise operands and options may mix.
 * @param long long names and the letters they stand for; a name that ends in `=` takes a value, one that ends in `=?` may take one.
 * Those that only GNU's command has are refused where the command is busybox's.
 * @throws CommandFailure with the usage for what is not known
 */
export function parseOptions(
  command: Command,
  letters: string,
  long: Readonly<Record<string, string>> = {},
  argv: readonly string[] = command.operands,
): Options {
  return new OptionReader(command, letters, long, argv).read();
}

class OptionReader {
  readonly #switches = new Map<string, number>();
  readonly #values = new Map<string, string[]>();
  readonly #operands: string[] = [];
  readonly #order: string[] = [];
  #index = 0;

  constructor(
    private readonly command: Command,
    private readonly letters: string,
    private readonly long: Readonly<Record<string, string>>,
    private readonly argv: readonly string[],
  ) {}

  read(): Options {
    const stopsEarly = this.letters.startsWith("+");
    while (this.#index < this.argv.length) {
      const word = this.argv[this.#index] ?? "";
      this.#index += 1;
      if (word === "--") {
        this.#operands.push(...this.argv.slice(this.#index));
        break;
      }
      if (word.startsWith("--")) this.#readLong(word.slice(2));
      else if (word.startsWith("-") && word !== "-") this.#readLetters(word);
      else {
        this.#operands.push(word);
        if (!stopsEarly) continue;
        this.#operands.push(...this.argv.slice(this.#index));
        break;
      }
    }
    return new Options(this.#switches, this.#values, this.#operands, this.#order);
  }

  #readLetters(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      const kind = this.#kindOf(letter);
      if (kind === null) {
        throw usageFailure(this.command, `invalid option -- '${letter}'`);
      }
      if (kind === "switch") {
        this.#note(letter);
        continue;
      }
      const attached = word.slice(at + 1);
      if (attached !== "" || kind === "optional") this.#add(letter, attached);
      else this.#add(letter, this.#nextWord(letter));
      return;
    }
  }

  #kindOf(letter: string): "switch" | "value" | "optional" | null {
    const at = letter === ":" || letter === "+" ? -1 : this.letters.indexOf(letter);
    if (at < 0) return null;
    if (!this.command.isGnu && !busyboxKnowsLetter(this.command.name, letter)) return null;
    if (this.letters.charAt(at + 1) !== ":") return "switch";
    return this.letters.charAt(at + 2) === ":" ? "optional" : "value";
  }

  #nextWord(letter: string): string {
    const word = this.argv[this.#index];
    if (word === undefined) {
      throw usageFailure(this.command, `option requires an argument -- '${letter}'`);
    }
    this.#index += 1;
    return word;
  }

  #readLong(text: string): void {
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const [found, ...others] = this.#matchLong(name);
    if (found === undefined) {
      throw usageFailure(this.command, `unrecognized option '--${text}'`);
    }
    if (others.length > 0) throw usageFailure(this.command, `ambiguous option '--${name}'`);
    const [key, letter] = found;
    if (key.endsWith("=?")) {
      this.#add(letter, equals < 0 ? "" : text.slice(equals + 1));
      return;
    }
    if (!key.endsWith("=")) {
      if (equals >= 0) {
        throw usageFailure(this.command, `option '--${name}' doesn't allow an argument`);
      }
      this.#note(letter);
      return;
    }
    if (equals >= 0) {
      this.#add(letter, text.slice(equals + 1));
      return;
    }
    const word = this.argv[this.#index];
    if (word === undefined) {
      throw usageFailure(this.command, `option '--${name}' requires an argument`);
    }
    this.#index += 1;
    this.#add(letter, word);
  }

  /** A long name may be cut short as long as it is clear. */
  #matchLong(name: string): [string, string][] {
    const { name: applet, isGnu } = this.command;
    const entries = Object.entries(this.long).filter(
      ([key]) => isGnu || busyboxKnowsName(applet, key.replace(/=\??$/, "")),
    );
    const exact = entries.filter(([key]) => key.replace(/=\??$/, "") === name);
    return exact.length > 0 ? exact : entries.filter(([key]) => key.startsWith(name));
  }

  #note(letter: string): void {
    this.#switches.set(letter, (this.#switches.get(letter) ?? 0) + 1);
    this.#order.push(letter);
  }

  #add(letter: string, value: string): void {
    const values = this.#values.get(letter);
    if (values === undefined) this.#values.set(letter, [value]);
    else values.push(value);
    this.#order.push(letter);
  }
}

/**
 * What a command answers to an option it does not know. busybox: the message, then the usage; GNU: the message and where help is.
 * @param status busybox's, where it is not 1
 */
export function usageFailure(command: Command, text?: string, status?: number): CommandFailure {
  if (command.isGnu) {
    const said = text ?? "missing operand";
    return new CommandFailure(
      `${command.name}: ${said}\nTry '${command.name} --help' for more information.\n`,
      gnuUsageStatus(command.name),
    );
  }
  const message = text === undefined ? "" : `${command.name}: ${text}\n`;
  return new CommandFailure(
    message + usageText(command.name),
    status ?? busyboxUsageStatus(command.name),
  );
}

/** xfunc_error_retval where an applet sets it (grep.c, sort.c, diff.c, cmp.c, 1.37). */
function busyboxUsageStatus(name: string): number {
  return ["grep", "egrep", "fgrep", "sort", "diff", "cmp"].includes(name) ? 2 : 1;
}
