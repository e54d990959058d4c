import { elementKey } from "../expansion/arithmetic-expansion.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { INDEXED } from "../interpreter/variable.js";
import { bytesToString } from "../bytes.js";
import { IO_CHUNK_BYTES, LARGE_VALUE_CHARACTERS, SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import { paced, type Parts } from "../paced.js";
import { TextBuilder } from "../text/text-builder.js";
import { noteWork } from "../work.js";
import { writeError } from "../io/write.js";
import { signalNumber } from "../signal-names.js";
import { SysError, type Blocking } from "../syscall.js";
import { badName, setValue } from "./export.js";
import type { Builtin } from "./builtin.js";

interface ReadOptions {
  raw: boolean;
  prompt: string | null;
  delimiter: string;
  maxCharacters: number;
  exact: boolean;
  timeoutMs: number;
  fd: number;
  array: string | null;
  readonly names: readonly string[];
}

export const runRead: Builtin = (shell, words) => read(shell, parseOptions(shell, words));

/** bash and ash know the same letters, but for arrays; dash has `-r` and `-p`. */
function parseOptions(shell: Shell, words: readonly string[]): ReadOptions {
  const options: ReadOptions = {
    raw: false,
    prompt: null,
    delimiter: "\n",
    maxCharacters: Infinity,
    exact: false,
    timeoutMs: Infinity,
    fd: 0,
    array: null,
    names: [],
  };
  let index = 1;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") {
      index += 1;
      break;
    }
    if (!/^-./.test(word)) break;
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      if (!"pdnNtuai".includes(letter)) {
        setSwitch(shell, options, letter);
        continue;
      }
      let value = word.slice(at + 1);
      if (value === "") {
        index += 1;
        value = words[index] ?? "";
      }
      setValueOption(shell, options, letter, value);
      break;
    }
  }
  return { ...options, names: words.slice(index) };
}

function setSwitch(shell: Shell, options: ReadOptions, letter: string): void {
  if (letter === "r") options.raw = true;
  else if (letter !== "s" && letter !== "e") {
    const text =
      shell.dialect === "ash"
        ? `illegal option -${letter}`
        : shell.dialect === "dash"
          ? `Illegal option -${letter}`
          : `-${letter}: invalid option`;
    throw new ShellError(errorMessage(shell, text), 2, false);
  }
}

function setValueOption(shell: Shell, options: ReadOptions, letter: string, value: string): void {
  switch (letter) {
    case "p":
      options.prompt = value;
      return;
    case "d":
      options.delimiter = value === "" ? "\0" : value.charAt(0);
      return;
    case "N":
      options.exact = true;
      options.maxCharacters = count(shell, value);
      return;
    case "n":
      options.maxCharacters = count(shell, value);
      return;
    case "t":
      if (!/^\d*\.?\d*$/.test(value)) {
        throw new ShellError(
          errorMessage(shell, `${value}: invalid timeout specification`),
          1,
          false,
        );
      }
      options.timeoutMs = Number(value) * 1000;
      return;
    case "u":
      options.fd = count(shell, value);
      return;
    case "a":
      options.array = value;
  }
}

function count(shell: Shell, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new ShellError(
    errorMessage(shell, shell.isBash ? `${text}: invalid number` : `Illegal number: ${text}`),
    1,
    false,
  );
}

/** Which characters of a line a backslash quoted: a bit for each, as there may be millions. */
class QuotedPlaces {
  #bits = new Uint8Array(256);

  add(index: number): void {
    const at = index >> 3;
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(at * 2);
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (index & 7));
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}

interface Input {
  /** A character that a backslash quoted is not a separator. */
  readonly text: string;
  readonly quoted: QuotedPlaces | null;
  readonly how: "delimiter" | "end" | "timeout" | "signal";
}

function* read(shell: Shell, options: ReadOptions): Blocking<number> {
  for (const name of options.names) {
    if (!/^[A-Za-z_]\w*(\[.*\])?$/s.test(name)) {
      throw shell.dialect === "ash"
        ? new ShellError(`${shell.program}: read: '${name}': bad variable name\n`, 1, false)
        : badName(shell, name, name);
    }
  }
  if (shell.dialect === "dash" && options.names.length === 0) {
    throw new ShellError(errorMessage(shell, "arg count"), 2, false);
  }
  if (options.prompt !== null && shell.sys.isTerminal(options.fd)) {
    yield* writeError(shell.sys, options.prompt);
  }
  if (!shell.sys.isOpen(options.fd)) {
    const text = shell.isBash
      ? `${String(options.fd)}: invalid file descriptor: Bad file descriptor`
      : "read error: Bad file descriptor";
    throw new ShellError(errorMessage(shell, text), 1, false);
  }
  const input = yield* gather(shell, options);
  yield* assign(shell, options, input);
  switch (input.how) {
    case "delimiter":
      return 0;
    case "end":
      return 1;
    case "timeout":
      return shell.isBash ? 142 : 1;
    case "signal":
      return 128 + signalNumber(shell.traps.pending[0] ?? "INT");
  }
}

/** Lines are hardly ever so long: whoever reads without end pays for it. */
const BYTES_PER_READ_CHARGE = 256;
/** For each time that something was read, a byte or a line. */
const STEPS_PER_READ = 0.25;

/** Takes input byte by byte, so that what follows the line stays for the next reader. */
function* gather(shell: Shell, options: ReadOptions): Blocking<Input> {
  const { sys } = shell;
  const deadlineMs = sys.nowMs() + options.timeoutMs;
  const line = new GatheredLine(options);
  let uncharged = 0;
  let steps = 0;
  let held = 0;
  while (line.length < options.maxCharacters) {
    if (!(yield* isReadyBy(shell, options, deadlineMs))) return line.ended("timeout");
    const bytes = yield* readSome(shell, options);
    if (bytes === "signal") return line.ended("signal");
    if (bytes.length === 0) return line.ended("end");
    uncharged += bytes.length;
    steps += STEPS_PER_READ;
    if (uncharged >= BYTES_PER_READ_CHARGE) {
      yield* sys.charge(steps);
      sys.allocate(line.length - held);
      held = line.length;
      uncharged = 0;
      steps = 0;
    }
    if (line.add(bytesToString(bytes))) return line.ended("delimiter");
  }
  return line.ended("delimiter");
}

class GatheredLine {
  readonly #text = new TextBuilder(64);
  #quoted: QuotedPlaces | null = null;
  #escaped = false;

  constructor(private readonly options: ReadOptions) {}

  get length(): number {
    return this.#text.length;
  }

  ended(how: Input["how"]): Input {
    return { text: this.#text.toString(), quoted: this.#quoted, how };
  }

  /** Whether the line has ended with it. */
  add(input: string): boolean {
    const { delimiter, exact, raw } = this.options;
    if (!this.#escaped && (raw || !input.includes("\\"))) {
      const hasEnd = !exact && input.endsWith(delimiter);
      const text = hasEnd ? input.slice(0, -1) : input;
      // A variable cannot hold a NUL.
      const kept = text.includes("\0") ? text.replaceAll("\0", "") : text;
      this.#text.addSlice(kept, 0, kept.length);
      return hasEnd;
    }
    noteWork(input.length / SCANNED_CHARACTERS_PER_STEP);
    for (const character of input) if (this.#addEscaping(character)) return true;
    return false;
  }

  #addEscaping(character: string): boolean {
    if (this.#escaped) {
      this.#escaped = false;
      if (character === "\n") return false;
      (this.#quoted ??= new QuotedPlaces()).add(this.#text.length);
    } else if (character === "\\") {
      this.#escaped = true;
      return false;
    } else if (character === this.options.delimiter && !this.options.exact) {
      return true;
    }
    if (character !== "\0") this.#text.addSlice(character, 0, 1);
    return false;
  }
}

function* isReadyBy(shell: Shell, options: ReadOptions, deadlineMs: number): Blocking<boolean> {
  if (deadlineMs === Infinity) return true;
  const { sys } = shell;
  const waitMs = Math.max(0, deadlineMs - sys.nowMs());
  return (yield* sys.waitReadable([options.fd], waitMs)) !== null;
}

/** A line or the beginning of one; a byte where so many are counted. */
function* readSome(shell: Shell, options: ReadOptions): Blocking<Uint8Array | "signal"> {
  const { fd, delimiter, exact, maxCharacters } = options;
  const isCounted = exact || maxCharacters !== Infinity;
  for (;;) {
    try {
      if (isCounted) return yield* shell.sys.read(fd, 1);
      return yield* shell.sys.readUntil(fd, delimiter.charCodeAt(0), IO_CHUNK_BYTES);
    } catch (error) {
      if (!(error instanceof SysError) || error.errno !== "EINTR") throw error;
      if (shell.traps.hasPending) return "signal";
    }
  }
}

function* assign(shell: Shell, options: ReadOptions, input: Input): Blocking<void> {
  const ifs = shell.variables.get("IFS") ?? " \t\n";
  if (options.array !== null) {
    const fields = yield* paced(shell.sys, splitFields(input, ifs, Infinity));
    yield* setElements(shell, options.array, fields);
    return;
  }
  if (options.names.length === 0) {
    setValue(shell, "REPLY", input.text);
    return;
  }
  const fields = options.exact
    ? [input.text]
    : yield* paced(shell.sys, splitFields(input, ifs, options.names.length));
  for (const [index, name] of options.names.entries()) {
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name);
    const value = fields[index] ?? "";
    if (element === null) setValue(shell, name, value);
    else {
      const array = element[1] ?? "";
      const key = elementKey(shell, shell.variables.find(array), element[2] ?? "");
      shell.variables.setElement(array, key, value);
    }
  }
}

const WHITE = 2;

/** By character: 0 for what separates nothing, WHITE for blanks that do, 1 for what else does. */
function separatorKinds(ifs: string): Uint8Array {
  const kinds = new Uint8Array(256);
  for (const character of ifs)
    kinds[character.charCodeAt(0)] = " \t\n".includes(character) ? WHITE : 1;
  return kinds;
}

const FIELDS_PER_PART = 4096;
const STEPS_PER_PART = 32;

/** Makes an array of fields, a part at a time. */
function* setElements(shell: Shell, name: string, fields: readonly string[]): Blocking<void> {
  const variable = shell.variables.declare(name, INDEXED);
  const elements = new Map<string, string>();
  for (const [index, field] of fields.entries()) {
    elements.set(String(index), field);
    if (index % FIELDS_PER_PART === FIELDS_PER_PART - 1) yield* shell.sys.charge(STEPS_PER_PART);
  }
  variable.elements = elements;
  variable.value = null;
  if (elements.size >= LARGE_VALUE_CHARACTERS) shell.variables.hasLarge = true;
}

/** At most `most` fields; the last one takes all that is left, separators included, but for blanks around it. In parts. */
function* splitFields(
  input: Pick<Input, "text" | "quoted">,
  ifs: string,
  most: number,
): Parts<string[]> {
  const { text, quoted } = input;
  const kinds = separatorKinds(ifs);
  const isSeparator = (index: number): boolean =>
    kinds[text.charCodeAt(index)] !== 0 && quoted?.has(index) !== true;
  const isWhite = (index: number): boolean =>
    kinds[text.charCodeAt(index)] === WHITE && quoted?.has(index) !== true;
  const fields: string[] = [];
  let at = 0;
  while (at < text.length && isWhite(at)) at += 1;
  while (at < text.length) {
    if (fields.length === most - 1) {
      fields.push(lastField(text, at, isSeparator, isWhite));
      return fields;
    }
    const start = at;
    while (at < text.length && !isSeparator(at)) at += 1;
    fields.push(text.slice(start, at));
    at = afterDelimiter(text, at, isSeparator, isWhite);
    if (fields.length % FIELDS_PER_PART === 0) yield STEPS_PER_PART;
  }
  return fields;
}

/** One delimiter: blanks, at most one other separator, blanks. */
function afterDelimiter(
  text: string,
  from: number,
  isSeparator: (index: number) => boolean,
  isWhite: (index: number) => boolean,
): number {
  let at = from;
  while (at < text.length && isWhite(at)) at += 1;
  if (at < text.length && isSeparator(at) && !isWhite(at)) at += 1;
  while (at < text.length && isWhite(at)) at += 1;
  return at;
}

function lastField(
  text: string,
  start: number,
  isSeparator: (index: number) => boolean,
  isWhite: (index: number) => boolean,
): string {
  let end = text.length;
  while (end > start && isWhite(end - 1)) end -= 1;
  // A single separator at the very end belongs to the field before it (POSIX 2.6.5).
  let at = start;
  while (at < end && !isSeparator(at)) at += 1;
  if (at < end && !isWhite(at) && afterDelimiter(text, at, isSeparator, isWhite) >= end) end = at;
  return text.slice(start, end);
}
