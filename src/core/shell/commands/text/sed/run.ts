import { describeFailure } from "../../../errno-text.js";
import { readAll } from "../../../io/read-file.js";
import type { Line } from "../../../io/line-reader.js";
import { LONG_TEXT_CHARACTERS } from "../../../limits.js";
import { paced } from "../../../paced.js";
import type { Match, Regex } from "../../../pattern/regex-match.js";
import { SysError, type Blocking } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { substituteMatches } from "../substitute-matches.js";
import { Output } from "../../output.js";
import type { Address, RangeEnd, SedCommand, Substitution } from "./script.js";

export interface SedInput {
  next(): Blocking<Line | null>;
  isAtEnd(): Blocking<boolean>;
}

/** What the commands of one cycle decide about what follows. */
type Next = "go on" | "delete" | "restart" | "quit" | "quit silently";

type Appended = { readonly text: string } | { readonly path: string };

/** Pattern and hold space that may grow without an end of input (`:a;N;ba`) are accounted in steps. */
const ACCOUNTING_BYTES = 16_384;

/** Runs a script over its input. */
export class SedRun {
  #pattern = "";
  #hold = "";
  #line = 0;
  #isTerminated = true;
  #hasSubstituted = false;
  #exitStatus = 0;
  #lastRegex: Regex | null = null;
  #appended: Appended[] = [];
  #accounted = 0;
  readonly #end: string;
  /** Per command with a range: the line on which it ends, while it is active. */
  readonly #active = new Map<SedCommand, number>();
  readonly #files = new Map<string, Output>();

  constructor(
    private readonly command: Command,
    private readonly script: readonly SedCommand[],
    private readonly isQuiet: boolean,
    private readonly output: Output,
    private readonly input: SedInput,
    delimiter: number,
  ) {
    this.#end = String.fromCharCode(delimiter);
  }

  *run(): Blocking<number> {
    yield* this.#openFiles();
    let restarts = false;
    for (;;) {
      if (!restarts && !(yield* this.#readLine())) break;
      const next = yield* this.#cycle();
      if ((next === "go on" || next === "quit") && !this.isQuiet) this.#print();
      yield* this.#flushAppended();
      if (!this.#lacksNewline) this.#settle();
      if (this.output.isFull) yield* this.output.flush();
      if (next === "quit" || next === "quit silently") break;
      restarts = next === "restart";
    }
    if (this.#lacksNewline) this.#unwritten = "";
    this.#settle();
    for (const file of this.#files.values()) yield* file.flush();
    return this.#exitStatus;
  }

  *#openFiles(): Blocking<void> {
    for (const { name, text, substitution } of this.script) {
      const path = name === "w" ? text : substitution?.writesTo;
      if (path == null || this.#files.has(path)) continue;
      if (path === "/dev/stdout") {
        this.#files.set(path, this.output);
        continue;
      }
      try {
        const fd = this.command.sys.open(path, { write: true, create: true, truncate: true });
        this.#files.set(path, new Output(this.command.sys, fd));
      } catch (error) {
        throw this.command.failure(`${path}: ${describeFailure(error)}`);
      }
    }
    yield* this.output.flush();
  }

  *#readLine(): Blocking<boolean> {
    const line = yield* this.input.next();
    if (line === null) return false;
    this.#pattern = line.text;
    this.#isTerminated = line.isTerminated;
    this.#line += 1;
    return true;
  }

  *#cycle(): Blocking<Next> {
    this.#hasSubstituted = false;
    let index = 0;
    while (index < this.script.length) {
      const command = this.script[index];
      if (command === undefined) break;
      if (!this.command.sys.tryCharge(1)) yield* this.command.sys.charge(1);
      index += 1;
      if (!(yield* this.#selects(command))) {
        if (command.name === "{") index = command.target;
        continue;
      }
      switch (command.name) {
        case "b":
          index = command.target;
          continue;
        case "t":
        case "T": {
          const jumps = this.#hasSubstituted === (command.name === "t");
          this.#hasSubstituted = false;
          if (jumps) index = command.target;
          continue;
        }
        default:
      }
      const next = yield* this.#perform(command);
      if (next !== "go on") return next;
      this.#account();
    }
    return "go on";
  }

  #account(): void {
    const grown = this.#pattern.length + this.#hold.length - this.#accounted;
    if (Math.abs(grown) < ACCOUNTING_BYTES) return;
    if (grown > 0) this.command.sys.allocate(grown);
    else this.command.sys.free(-grown);
    this.#accounted += grown;
  }

  *#selects(command: SedCommand): Blocking<boolean> {
    const { first, last, isNegated } = command;
    if (first === null) return !isNegated;
    const inRange =
      last === null ? yield* this.#matches(first) : yield* this.#inRange(command, first, last);
    return inRange !== isNegated;
  }

  *#inRange(command: SedCommand, first: Address, last: RangeEnd): Blocking<boolean> {
    const until = this.#active.get(command);
    if (until === undefined) {
      // `0,/re/` may end on the first line already.
      const isZero = first.kind === "line" && first.number === 0;
      if (!isZero && !(yield* this.#matches(first))) return false;
      if (isZero && this.#line > 1) return false;
      return yield* this.#beginRange(command, last, isZero);
    }
    if (until !== Infinity) {
      if (this.#line >= until) this.#active.delete(command);
      return this.#line <= until;
    }
    if (yield* this.#endsAt(last)) this.#active.delete(command);
    return true;
  }

  *#beginRange(command: SedCommand, last: RangeEnd, isZero: boolean): Blocking<boolean> {
    let until = Infinity;
    if (last.kind === "line") until = last.number;
    if (last.kind === "count") until = this.#line + last.count;
    if (last.kind === "multiple") {
      until = last.of === 0 ? this.#line : Math.ceil(this.#line / last.of) * last.of;
    }
    const endsNow =
      until !== Infinity ? until <= this.#line : isZero && (yield* this.#endsAt(last));
    if (!endsNow) this.#active.set(command, until);
    return true;
  }

  *#endsAt(last: RangeEnd): Blocking<boolean> {
    if (last.kind === "count" || last.kind === "multiple") return false;
    return yield* this.#matches(last);
  }

  *#matches(address: Address): Blocking<boolean> {
    switch (address.kind) {
      case "line":
        return this.#line === address.number;
      case "last":
        return yield* this.input.isAtEnd();
      case "step":
        return address.step <= 0
          ? this.#line === address.first
          : this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "regex":
        return yield* this.#contains(this.#regex(address.regex));
    }
  }

  *#contains(regex: Regex): Blocking<boolean> {
    if (this.#pattern.length < LONG_TEXT_CHARACTERS) return regex.test(this.#pattern);
    return yield* paced(this.command.sys, regex.containsInParts(this.#pattern, 0));
  }

  #regex(regex: Regex | null): Regex {
    const used = regex ?? this.#lastRegex;
    if (used === null) throw this.command.failure("no previous regexp");
    this.#lastRegex = used;
    return used;
  }

  *#perform(command: SedCommand): Blocking<Next> {
    switch (command.name) {
      case "s":
        if (command.substitution !== null) yield* this.#substitute(command.substitution);
        return "go on";
      case "n":
      case "N":
        return yield* this.#nextLine(command.name === "N");
      case "d":
        return "delete";
      case "D":
        return this.#deleteFirst();
      case "q":
      case "Q":
        this.#exitStatus = Number(command.text || 0);
        return command.name === "q" ? "quit" : "quit silently";
      case "c":
        this.#change(command);
        return "delete";
      default:
        this.#performSimple(command);
        return "go on";
    }
  }

  #performSimple(command: SedCommand): void {
    switch (command.name) {
      case "p":
        this.#print();
        return;
      case "P":
        this.#emit(`${this.#pattern.split("\n", 1)[0] ?? ""}\n`);
        return;
      case "=":
        this.#emit(`${String(this.#line)}\n`);
        return;
      case "a":
        this.#appended.push({ text: command.text });
        return;
      case "r":
        this.#appended.push({ path: command.text });
        return;
      case "i":
        this.#emit(`${command.text}\n`);
        return;
      case "w":
        this.#files.get(command.text)?.add(`${this.#pattern}\n`);
        return;
      case "y":
        if (command.map !== null) this.#pattern = transliterate(this.#pattern, command.map);
        return;
      case "l":
        this.#emit(`${unambiguous(this.#pattern)}$\n`);
        return;
      default:
        this.#performHold(command.name);
    }
  }

  #performHold(name: string): void {
    switch (name) {
      case "g":
        this.#pattern = this.#hold;
        return;
      case "G":
        this.#pattern += `\n${this.#hold}`;
        return;
      case "h":
        this.#hold = this.#pattern;
        return;
      case "H":
        this.#hold += `\n${this.#pattern}`;
        return;
      case "x":
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        return;
      case "z":
        this.#pattern = "";
        return;
      default:
    }
  }

  *#nextLine(joins: boolean): Blocking<Next> {
    if (yield* this.input.isAtEnd()) {
      // GNU and busybox print the pattern space when N finds no line.
      return "quit";
    }
    if (!joins && !this.isQuiet) this.#print();
    yield* this.#flushAppended();
    const before = this.#pattern;
    yield* this.#readLine();
    if (joins) this.#pattern = `${before}\n${this.#pattern}`;
    return "go on";
  }

  /** Goes on with the rest of the pattern space, without reading. */
  #deleteFirst(): Next {
    const end = this.#pattern.indexOf("\n");
    if (end < 0) return "delete";
    this.#pattern = this.#pattern.slice(end + 1);
    return "restart";
  }

  /** The text comes once for a range, at its end. */
  #change(command: SedCommand): void {
    const isInside = command.last !== null && this.#active.has(command) && !command.isNegated;
    if (!isInside) this.#emit(`${command.text}\n`);
  }

  #print(): void {
    this.#emit(this.#pattern + this.#end);
    this.#lacksNewline = !this.#isTerminated;
  }

  /** The newline that the input's last line lacks is left out only if nothing follows. */
  #lacksNewline = false;
  #unwritten = "";

  #settle(): void {
    this.output.add(this.#unwritten);
    this.#unwritten = "";
  }

  #emit(text: string): void {
    this.#lacksNewline = false;
    this.output.add(this.#unwritten);
    this.output.add(text.slice(0, -1));
    this.#unwritten = text.slice(-1);
  }

  *#flushAppended(): Blocking<void> {
    const appended = this.#appended;
    this.#appended = [];
    for (const one of appended) {
      if ("text" in one) this.#emit(`${one.text}\n`);
      else yield* this.#appendFile(one.path);
    }
  }

  /** A file that cannot be read is an empty one. */
  *#appendFile(path: string): Blocking<void> {
    try {
      const { sys } = this.command;
      const fd = path === "/dev/stdin" ? 0 : sys.open(path, { read: true });
      this.#emit(yield* readAll(sys, fd));
      if (fd !== 0) sys.close(fd);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }

  *#substitute(substitution: Substitution): Blocking<void> {
    const regex = this.#regex(substitution.regex);
    const text = this.#pattern;
    const { isGlobal, occurrence } = substitution;
    const result = yield* substituteMatches(
      this.command.sys,
      text,
      regex,
      isGlobal,
      (match, count) => (count < occurrence ? null : expand(substitution, text, match)),
    );
    if (result.count === 0) return;
    this.#pattern = result.text;
    this.#hasSubstituted = true;
    if (substitution.prints) this.#print();
    if (substitution.writesTo !== null) {
      this.#files.get(substitution.writesTo)?.add(`${this.#pattern}\n`);
    }
  }
}

function expand(substitution: Substitution, text: string, match: Match): string {
  let result = "";
  for (const part of substitution.replacement) {
    if (part.kind === "text") {
      result += part.text;
      continue;
    }
    const [start, end] = match.groups[part.group] ?? [-1, -1];
    if (start >= 0) result += text.slice(start, end);
  }
  return result;
}

function transliterate(text: string, map: Uint8Array): string {
  let result = "";
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    result += String.fromCharCode(map[code] ?? code);
  }
  return result;
}

const LIST_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function unambiguous(text: string): string {
  return Array.from(text, (character) => {
    const escape = LIST_ESCAPES[character];
    if (escape !== undefined) return escape;
    const code = character.charCodeAt(0);
    return code < 32 || code >= 127 ? `\\${code.toString(8).padStart(3, "0")}` : character;
  }).join("");
}
