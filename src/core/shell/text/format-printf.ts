import type { Dialect } from "../grammar/index.js";
import { backslashQuote } from "../interpreter/quoting.js";
import { MAX_EXPANSION_CHARACTERS } from "../limits.js";
import { decodeEchoEscapes, decodeFormatEscapes } from "./escapes.js";
import { formatFloat, formatIntegerAs } from "./number-format.js";
import { formatTime } from "./time-format.js";

export interface Formatted {
  readonly text: string;
  /** Messages about arguments, without the prefix. */
  readonly problems: readonly string[];
  /** The format itself is wrong: what came before it is printed. */
  readonly isBroken: boolean;
}

const SPECIFICATION =
  /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(hh|h|ll|l|j|z|t|L)?(\([^)]*\)T|.)?/gsy;

/** `printf`: the format is used again while arguments are left. */
export function formatPrintf(
  format: string,
  argumentWords: readonly string[],
  dialect: Dialect,
  nowMs: number,
): Formatted {
  return new Printf(format, argumentWords, dialect, nowMs).run();
}

class Printf {
  #next = 0;
  #text = "";
  #stops = false;
  readonly #problems: string[] = [];
  #isBroken = false;

  constructor(
    private readonly format: string,
    private readonly words: readonly string[],
    private readonly dialect: Dialect,
    private readonly nowMs: number,
  ) {}

  run(): Formatted {
    do {
      const before = this.#next;
      this.#pass();
      if (this.#next === before) break;
      if (this.#text.length > MAX_EXPANSION_CHARACTERS) break;
    } while (!this.#stops && this.#next < this.words.length);
    return { text: this.#text, problems: this.#problems, isBroken: this.#isBroken };
  }

  /** Whether a `\c` has ended it; it is set behind the back of whoever reads on. */
  #isStopped(): boolean {
    return this.#stops;
  }

  /** Uses the format once. */
  #pass(): void {
    const { format } = this;
    let at = 0;
    while (at < format.length && !this.#stops) {
      const percent = format.indexOf("%", at);
      const literal = format.slice(at, percent < 0 ? undefined : percent);
      this.#literal(literal);
      if (percent < 0 || this.#isStopped()) return;
      if (format.charAt(percent + 1) === "%") {
        this.#text += "%";
        at = percent + 2;
        continue;
      }
      at = this.#specification(percent);
    }
  }

  #literal(text: string): void {
    if (!text.includes("\\")) {
      this.#text += text;
      return;
    }
    const decoded = decodeFormatEscapes(this.dialect === "bash" ? text.replace(/\\"/g, '"') : text);
    this.#text += decoded.text;
    this.#stops ||= decoded.stops;
  }

  #specification(at: number): number {
    SPECIFICATION.lastIndex = at;
    const match = SPECIFICATION.exec(this.format);
    if (match === null) throw new Error("a percent sign that begins nothing");
    const [whole, flags = "", widthText, precisionText, , conversion = ""] = match;
    let width = widthText === undefined ? 0 : this.#count(widthText);
    let shownFlags = flags;
    if (width < 0) {
      shownFlags += "-";
      width = -width;
    }
    const hasPrecision = /^%[-+ #0']*(?:\*|\d+)?\./.test(whole);
    const precision = hasPrecision ? this.#count(precisionText ?? "0") : null;
    const shape = {
      flags: shownFlags,
      width,
      precision: precision !== null && precision < 0 ? null : precision,
    };
    if (!this.#convert(conversion, shape, whole)) {
      this.#isBroken = true;
      this.#stops = true;
    }
    return at + whole.length;
  }

  #count(text: string): number {
    return text === "*" ? Number(this.#integer()) : Number(text);
  }

  #word(): string {
    const word = this.words[this.#next];
    if (this.#next < this.words.length) this.#next += 1;
    return word ?? "";
  }

  #convert(conversion: string, shape: Shape, whole: string): boolean {
    switch (conversion) {
      case "s":
        this.#text += pad(truncated(this.#word(), shape.precision), shape);
        return true;
      case "b": {
        const decoded = decodeEchoEscapes(this.#word());
        this.#text += pad(truncated(decoded.text, shape.precision), shape);
        this.#stops ||= decoded.stops;
        return true;
      }
      case "c":
        // Without an argument the character is the NUL that ends the empty string.
        this.#text += pad(this.#word().charAt(0) || "\0", shape);
        return true;
      case "d":
      case "i":
      case "u":
      case "o":
      case "x":
      case "X":
        this.#text += formatIntegerAs(this.#integer(), conversion, shape);
        return true;
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
      case "a":
      case "A":
        this.#text += formatFloat(this.#float(), conversion, shape);
        return true;
      default:
        return this.#convertForBash(conversion, shape, whole);
    }
  }

  #convertForBash(conversion: string, shape: Shape, whole: string): boolean {
    if (this.dialect === "bash" && conversion === "q") {
      this.#text += pad(backslashQuote(this.#word()), shape);
      return true;
    }
    if (this.dialect === "bash" && conversion.endsWith("T")) {
      const word = this.words[this.#next];
      const seconds =
        word === undefined || word === "-1" || word === "-2" ? this.nowMs / 1000 : Number(word);
      this.#word();
      this.#text += pad(formatTime(conversion.slice(1, -2) || "%X", seconds * 1000), shape);
      return true;
    }
    switch (this.dialect) {
      case "ash":
        this.#problems.push(`${this.format.slice(this.format.indexOf(whole))}: invalid format`);
        return false;
      case "dash":
        this.#problems.push(`${whole}: invalid directive`);
        return false;
      case "bash":
        this.#problems.push(
          conversion === ""
            ? `\`${whole}': missing format character`
            : `\`${conversion}': invalid format character`,
        );
        return false;
    }
  }

  /** A number, or the code of the character after a quote. */
  #integer(): bigint {
    if (this.#next >= this.words.length) {
      if (this.dialect === "ash") this.#badNumber("");
      return 0n;
    }
    const word = this.#word();
    if (/^['"]/.test(word)) return BigInt(word.length > 1 ? word.charCodeAt(1) : 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(word);
    if (match === null || match[0].length !== word.length) this.#badNumber(word);
    if (match === null) return 0n;
    // busybox takes a number whole or not at all.
    if (this.dialect === "ash" && match[0].length !== word.length) return 0n;
    const [, sign = "", digits = "0"] = match;
    const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return sign === "-" ? -value : value;
  }

  #float(): number {
    if (this.#next >= this.words.length) return 0;
    const word = this.#word();
    if (/^['"]/.test(word)) return word.charCodeAt(1) || 0;
    const match =
      /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]+|inf(?:inity)?|nan)/i.exec(
        word,
      );
    if (match === null || match[0].length !== word.length) this.#badNumber(word);
    if (match === null) return 0;
    const text = match[0].trim().toLowerCase();
    if (text.includes("inf")) return text.startsWith("-") ? -Infinity : Infinity;
    return Number(text);
  }

  #badNumber(word: string): void {
    switch (this.dialect) {
      case "ash":
        this.#problems.push(`invalid number '${word}'`);
        return;
      case "dash":
        this.#problems.push(
          /^\s*[-+]?\d/.test(word)
            ? `${word}: not completely converted`
            : `${word}: expected numeric value`,
        );
        return;
      case "bash":
        this.#problems.push(`${word}: invalid number`);
    }
  }
}

export interface Shape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

function truncated(text: string, precision: number | null): string {
  return precision === null ? text : text.slice(0, precision);
}

export function pad(text: string, shape: Shape): string {
  const width = Math.min(shape.width, MAX_EXPANSION_CHARACTERS);
  return shape.flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}
