import type { Dialect } from "../grammar/index.js";
import { backslashQuoteInParts } from "../interpreter/quoting.js";
import { stringToBytes } from "../bytes.js";
import { ShellError } from "../interpreter/outcome.js";
import { writeText } from "../io/write.js";
import { MAX_EXPANSION_CHARACTERS } from "../limits.js";
import type { Parts } from "../paced.js";
import type { Blocking, Sys } from "../syscall.js";
import { noteWork } from "../work.js";
import {
  decodeEchoEscapes,
  decodeEchoInParts,
  decodeFormatEscapes,
  decodeFormatInParts,
  type Decoded,
} from "./escapes.js";
import { formatFloat, formatIntegerAs } from "./number-format.js";
import { formatTime } from "./time-format.js";

/** So many of one character: padding that is too long to be held. */
export interface Fill {
  readonly character: string;
  readonly count: number;
}

export interface Formatted {
  /** All of it, where nothing is too long. */
  readonly text: string;
  /** What comes before `text`, when there is padding too long to be held. */
  readonly pieces: readonly (string | Fill)[];
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
  const parts = formatPrintfInParts(format, argumentWords, dialect, nowMs);
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) noteWork(part.value);
  return part.value;
}

/** The same in parts; there is but one where no word is long. */
export function formatPrintfInParts(
  format: string,
  argumentWords: readonly string[],
  dialect: Dialect,
  nowMs: number,
): Parts<Formatted> {
  return new Printf(format, argumentWords, dialect, nowMs).run();
}

/** As one text. @throws ShellError where that would be too long */
export function wholeText(made: Formatted): string {
  let length = made.text.length;
  for (const piece of made.pieces) length += typeof piece === "string" ? piece.length : piece.count;
  if (length > MAX_EXPANSION_CHARACTERS) throw new ShellError("sh: out of memory\n", 2);
  const before = made.pieces.map((piece) =>
    typeof piece === "string" ? piece : piece.character.repeat(piece.count),
  );
  return before.join("") + made.text;
}

const FILL_AT_ONCE = 65_536;

/** Writes it, long padding bit by bit. @throws SysError */
export function* writeFormatted(sys: Sys, fd: number, made: Formatted): Blocking<void> {
  for (const piece of made.pieces) {
    if (typeof piece === "string") {
      yield* writeText(sys, fd, piece);
      continue;
    }
    const bytes = stringToBytes(piece.character.repeat(Math.min(piece.count, FILL_AT_ONCE)));
    for (let left = piece.count; left > 0; left -= bytes.length) {
      const chunk = left < bytes.length ? bytes.subarray(0, left) : bytes;
      if (!sys.tryWrite(fd, chunk)) yield* sys.write(fd, chunk);
      yield* sys.charge(1);
    }
  }
  yield* writeText(sys, fd, made.text);
}

/** Words that are longer are decoded in parts. */
const LONG_WORD_CHARACTERS = 65_536;
/** Padding that is longer is not held. */
const LONG_PADDING = 1_048_576;
/** printf(3) takes widths and precisions as an int; with more it fails with EOVERFLOW and prints nothing. */
const MAX_WIDTH = 2 ** 31 - 1;
const MAX_SIGNED = 2n ** 63n - 1n;
const MAX_UNSIGNED = 2n ** 64n - 1n;
/** Octal digits of 64 bits are 22. */
const MAX_DIGITS = 24;
const CHARACTERS_PER_PASS = 65_536;
const STEPS_PER_PASS = 64;

class Printf {
  #next = 0;
  #text = "";
  readonly #pieces: (string | Fill)[] = [];
  /** A word that takes its time. */
  #long: { readonly parts: Parts<Decoded>; readonly shape: Shape } | null = null;
  #stops = false;
  readonly #problems: string[] = [];
  #isBroken = false;

  constructor(
    private readonly format: string,
    private readonly words: readonly string[],
    private readonly dialect: Dialect,
    private readonly nowMs: number,
  ) {}

  *run(): Parts<Formatted> {
    let told = 0;
    do {
      const before = this.#next;
      yield* this.#pass();
      if (this.#text.length - told > CHARACTERS_PER_PASS) {
        told = this.#text.length;
        yield STEPS_PER_PASS;
      }
      if (this.#next === before) break;
      if (this.#text.length > MAX_EXPANSION_CHARACTERS) break;
    } while (!this.#stops && this.#next < this.words.length);
    return {
      text: this.#text,
      pieces: this.#pieces,
      problems: this.#problems,
      isBroken: this.#isBroken,
    };
  }

  /** Whether a `\c` has ended it; it is set behind the back of whoever reads on. */
  #isStopped(): boolean {
    return this.#stops;
  }

  /** Uses the format once. */
  *#pass(): Parts<void> {
    const { format } = this;
    let at = 0;
    while (at < format.length && !this.#stops) {
      const percent = format.indexOf("%", at);
      const literal = format.slice(at, percent < 0 ? undefined : percent);
      if (literal.length > LONG_WORD_CHARACTERS && this.dialect !== "bash")
        this.#take(yield* decodeFormatInParts(literal), null);
      else this.#literal(literal);
      if (percent < 0 || this.#isStopped()) return;
      if (format.charAt(percent + 1) === "%") {
        this.#text += "%";
        at = percent + 2;
        continue;
      }
      at = this.#specification(percent);
      if (this.#long === null) continue;
      const { parts, shape } = this.#long;
      this.#long = null;
      this.#take(yield* parts, shape);
    }
  }

  #take(decoded: Decoded, shape: Shape | null): void {
    if (shape === null) this.#text += decoded.text;
    else this.#padded(truncated(decoded.text, shape.precision), shape);
    this.#stops ||= decoded.stops;
  }

  /** Blanks around a text. */
  #padded(text: string, shape: Shape): void {
    if (shape.width <= LONG_PADDING) this.#text += pad(text, shape);
    else if (shape.width <= MAX_WIDTH) {
      const count = shape.width - text.length;
      if (shape.flags.includes("-")) this.#fill(text, " ", count, "");
      else this.#fill("", " ", count, text);
    }
  }

  /** A number, whose padding may go behind its sign. */
  #number(make: (shape: Shape) => string, shape: Shape, isInteger: boolean): void {
    const digits = isInteger ? (shape.precision ?? 0) : 0;
    const longest = Math.max(shape.width, digits);
    if (longest <= LONG_PADDING) this.#text += make(shape);
    else if (longest > MAX_WIDTH) return;
    else if (digits > LONG_PADDING)
      this.#longDigits(make({ ...shape, width: 0, precision: null }), digits, shape);
    else this.#wideNumber(make({ ...shape, width: 0 }), shape, isInteger);
  }

  #wideNumber(text: string, shape: Shape, isInteger: boolean): void {
    const { flags, width, precision } = shape;
    const isFilled = flags.includes("0") && !flags.includes("-");
    if (!isFilled || (isInteger && precision !== null)) this.#padded(text, shape);
    else {
      const [sign, rest] = withoutSign(text);
      this.#fill(sign, "0", width - text.length, rest);
    }
  }

  #longDigits(text: string, digits: number, shape: Shape): void {
    const [sign, rest] = withoutSign(text);
    const blanks = Math.max(0, shape.width - sign.length - digits);
    const isLeft = shape.flags.includes("-");
    if (!isLeft) this.#fill("", " ", blanks, "");
    this.#fill(sign, "0", digits - rest.length, rest);
    if (isLeft) this.#fill("", " ", blanks, "");
  }

  #fill(before: string, character: string, count: number, after: string): void {
    this.#pieces.push(this.#text + before, { character, count });
    this.#text = after;
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
        this.#padded(truncated(this.#word(), shape.precision), shape);
        return true;
      case "b": {
        const word = this.#word();
        if (word.length > LONG_WORD_CHARACTERS)
          this.#long = { parts: decodeEchoInParts(word), shape };
        else this.#take(decodeEchoEscapes(word), shape);
        return true;
      }
      case "c":
        // Without an argument the character is the NUL that ends the empty string.
        this.#padded(this.#word().charAt(0) || "\0", shape);
        return true;
      case "d":
      case "i":
      case "u":
      case "o":
      case "x":
      case "X":
        this.#formatInteger(this.#integer(), conversion, shape);
        return true;
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
      case "a":
      case "A":
        this.#formatFloat(this.#float(), conversion, shape);
        return true;
      default:
        return this.#convertForBash(conversion, shape, whole);
    }
  }

  #formatInteger(wide: bigint, conversion: string, shape: Shape): void {
    const value = inRange(wide, conversion === "d" || conversion === "i");
    this.#number((narrow) => formatIntegerAs(value, conversion, narrow), shape, true);
  }

  #formatFloat(value: number, conversion: string, shape: Shape): void {
    this.#number((narrow) => formatFloat(value, conversion, narrow), shape, false);
  }

  #convertForBash(conversion: string, shape: Shape, whole: string): boolean {
    if (this.dialect === "bash" && conversion === "q") {
      this.#long = { parts: quoted(this.#word()), shape };
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
    const value = integerOf(digits.toLowerCase());
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

function* quoted(word: string): Parts<Decoded> {
  return { text: yield* backslashQuoteInParts(word), stops: false };
}

/** Of millions of digits, which take seconds to read, those that make it out of range are enough. */
function integerOf(text: string): bigint {
  const prefix = text.startsWith("0x") ? "0x" : text.startsWith("0") ? "0o" : "";
  let start = prefix === "0x" ? 2 : 0;
  while (text.charCodeAt(start) === 48) start += 1;
  const digits = text.slice(start, start + MAX_DIGITS);
  return digits === "" ? 0n : BigInt(prefix + digits);
}

/** As strtoimax(3) and strtoumax(3) do: what is out of range is the nearest number that is not. */
function inRange(value: bigint, isSigned: boolean): bigint {
  if (!isSigned) return value > MAX_UNSIGNED || value < -MAX_UNSIGNED ? MAX_UNSIGNED : value;
  if (value > MAX_SIGNED) return MAX_SIGNED;
  return value < -MAX_SIGNED - 1n ? -MAX_SIGNED - 1n : value;
}

function withoutSign(text: string): readonly [sign: string, rest: string] {
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return [sign, text.slice(sign.length)];
}

function truncated(text: string, precision: number | null): string {
  return precision === null ? text : text.slice(0, precision);
}

export function pad(text: string, shape: Shape): string {
  const width = Math.min(shape.width, MAX_EXPANSION_CHARACTERS);
  return shape.flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}
