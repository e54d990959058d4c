import { LineReader, type Line } from "../../io/line-reader.js";
import { LONG_TEXT_CHARACTERS } from "../../limits.js";
import { paced } from "../../paced.js";
import type { Match } from "../../pattern/regex-match.js";
import { readAll } from "../../io/read-file.js";
import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import { CommandFailure, type Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { wildcard } from "../../pattern/wildcard.js";
import { makeMatcher, type LineMatcher } from "./grep-matcher.js";

const LETTERS = "lnqvscFiHhe:f:Lorm:wxA:B:C:EazRPbG";

const LONG_OPTIONS: Readonly<Record<string, string>> = {
  "extended-regexp": "E",
  "fixed-strings": "F",
  "basic-regexp": "G",
  "perl-regexp": "P",
  "ignore-case": "i",
  "invert-match": "v",
  count: "c",
  "files-with-matches": "l",
  "files-without-match": "L",
  "line-number": "n",
  quiet: "q",
  silent: "q",
  recursive: "r",
  "only-matching": "o",
  "word-regexp": "w",
  "line-regexp": "x",
  "no-messages": "s",
  "with-filename": "H",
  "no-filename": "h",
  "regexp=": "e",
  "file=": "f",
  "max-count=": "m",
  "after-context=": "A",
  "before-context=": "B",
  "context=": "C",
  "color=?": "k",
  "colour=?": "k",
  "null-data": "z",
  "include=": "I",
  "exclude=": "X",
  "exclude-dir=": "D",
  "line-buffered": "u",
  text: "a",
};

/** busybox's grep with egrep and fgrep. @returns 0: found, 1: not, 2: trouble */
export function* grep(command: Command): Blocking<number> {
  const options = parseOptions(command, LETTERS, LONG_OPTIONS);
  const patterns = yield* readPatterns(command, options);
  const search = new Search(command, options, yield* makeMatchers(command, options, patterns.list));
  const isRecursive = options.has("r") || options.has("R");
  const files = search.filesOf(patterns.operands);
  for (const path of files) {
    yield* isRecursive ? search.tree(path) : search.file(path);
    if (search.isDone) break;
  }
  if (search.found && options.has("q")) return 0;
  return command.status !== 0 ? command.status : search.found ? 0 : 1;
}

interface Patterns {
  readonly list: readonly string[];
  readonly operands: readonly string[];
}

function* readPatterns(command: Command, options: Options): Blocking<Patterns> {
  const list: string[] = options.all("e").flatMap((text) => text.split("\n"));
  for (const path of options.all("f")) {
    try {
      const fd = openInput(command.sys, path);
      const text = yield* readAll(command.sys, fd);
      for (const line of text.replace(/\n$/, "").split("\n")) list.push(line);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw command.failure(`${path}: ${describeFailure(error)}`, 2);
    }
  }
  if (options.has("e") || options.has("f")) return { list, operands: options.operands };
  const [pattern, ...operands] = options.operands;
  if (pattern === undefined) {
    if (!command.isGnu) throw usageFailure(command);
    throw new CommandFailure(
      "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n",
      2,
    );
  }
  return { list: pattern.split("\n"), operands };
}

/** Expressions that are compiled, or tried on a line, before the process is charged for them. */
const EXPRESSIONS_PER_CHARGE = 32;
const STEPS_PER_EXPRESSION = 1 / 4;

function* makeMatchers(
  command: Command,
  options: Options,
  patterns: readonly string[],
): Blocking<LineMatcher[]> {
  const matchers: LineMatcher[] = [];
  for (const pattern of patterns) {
    matchers.push(makeMatcher(command, options, pattern));
    if (matchers.length % EXPRESSIONS_PER_CHARGE === 0)
      yield* command.sys.charge(EXPRESSIONS_PER_CHARGE);
  }
  return matchers;
}

class Search {
  found = false;
  showsNames = false;
  readonly #before: number;
  readonly #after: number;
  readonly #most: number;
  /** GNU's -r without a file: names are then shown without `./`. */
  #looksInPlace = false;
  /** Whether a line of any file was printed: what comes next is set apart from it. */
  #hasPrinted = false;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly matchers: readonly LineMatcher[],
  ) {
    const around = Number(options.value("C") ?? 0);
    this.#before = Number(options.value("B") ?? around);
    this.#after = Number(options.value("A") ?? around);
    this.#most = Number(options.value("m") ?? Infinity);
  }

  /** Where to look. Also settles whether lines are shown with the names of their files. */
  filesOf(operands: readonly string[]): readonly string[] {
    const { command, options } = this;
    const isRecursive = options.has("r") || options.has("R");
    const named = operands.length > 1 || (isRecursive && command.isGnu) || options.has("H");
    this.showsNames = named && !options.has("h");
    if (operands.length > 0) return operands;
    // busybox's reads its input where no file is named, also with -r.
    this.#looksInPlace = isRecursive && command.isGnu;
    return [this.#looksInPlace ? "." : "-"];
  }

  /** `-q` ends at the first match. */
  get isDone(): boolean {
    return this.found && this.options.has("q");
  }

  *tree(path: string): Blocking<void> {
    const { sys } = this.command;
    if (path === "-") {
      yield* this.file(path);
      return;
    }
    let type: string;
    try {
      type = sys.stat(path).type;
    } catch (error) {
      yield* this.#complain(path, error);
      return;
    }
    if (type !== "directory") {
      if (this.#isIncluded(path)) yield* this.file(path);
      return;
    }
    this.showsNames ||= !this.options.has("h");
    for (const { name } of [...sys.readDirectory(path)].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (name === "." || name === "..") continue;
      const child = this.#childOf(path, name);
      if (sys.lstat(child).type === "symlink") continue;
      const isDirectory = sys.lstat(child).type === "directory";
      if (isDirectory && this.options.all("D").some((glob) => wildcard(glob).matches(name)))
        continue;
      yield* this.tree(child);
      if (this.isDone) return;
    }
  }

  #childOf(path: string, name: string): string {
    if (path === "." && this.#looksInPlace) return name;
    return path.endsWith("/") ? path + name : `${path}/${name}`;
  }

  #isIncluded(path: string): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const matches = (glob: string): boolean => wildcard(glob).matches(name);
    const include = this.options.all("I");
    if (include.length > 0 && !include.some(matches)) return false;
    return !this.options.all("X").some(matches);
  }

  *file(path: string): Blocking<void> {
    let fd: number;
    try {
      fd = openInput(this.command.sys, path);
    } catch (error) {
      yield* this.#complain(path, error);
      return;
    }
    try {
      yield* this.#lines(fd, path === "-" ? "(standard input)" : path);
    } catch (error) {
      // A directory has no lines (findutils/grep.c takes the failed read for the end).
      if (!(error instanceof SysError) || error.errno !== "EISDIR") throw error;
      if (this.command.isGnu) yield* this.#complain(path, error);
    } finally {
      closeInput(this.command.sys, fd);
    }
  }

  *#complain(path: string, error: unknown): Blocking<void> {
    this.command.status = 2;
    yield* this.command.output.flush();
    const text = `${path}: ${describeFailure(error)}`;
    if (!this.options.has("s")) yield* this.command.complain(text);
  }

  *#lines(fd: number, name: string): Blocking<void> {
    const { output, sys } = this.command;
    const reader = new LineReader(sys, fd, undefined, this.options.has("z") ? 0 : undefined);
    const context = new Context(this.#before, this.#after, this.#hasPrinted);
    const print = (number: number, text: string, mark: string): void => {
      this.#print(name, number, text, mark);
    };
    let matched = 0;
    while (matched < this.#most || context.isOwed) {
      const line = reader.takeBuffered() ?? (yield* reader.readLine());
      if (line === null) break;
      const hit =
        matched < this.#most &&
        (this.#isSlow(line) ? yield* this.#matchesLong(line) : this.#matches(line));
      if (hit) {
        matched += 1;
        this.found ||= !this.options.has("L");
        if (this.#needsOneOnly) break;
      }
      if (this.options.has("c")) continue;
      if (!hit) context.pass(line.text, print);
      else {
        context.match(print, () => {
          output.add("--\n");
        });
        yield* this.#printMatch(name, context.number, line);
      }
      if (output.isFull) yield* output.flush();
    }
    this.#hasPrinted ||= context.hasPrinted;
    this.#summary(name, matched);
  }

  /** `-q`, `-l` and `-L` look no further than the first match. */
  get #needsOneOnly(): boolean {
    return this.options.has("q") || this.options.has("l") || this.options.has("L");
  }

  #summary(name: string, matched: number): void {
    const { options } = this;
    const { output } = this.command;
    if (options.has("q")) return;
    if (options.has("l")) {
      if (matched > 0) output.add(`${name}\n`);
    } else if (options.has("L")) {
      if (matched === 0) {
        output.add(`${name}\n`);
        this.found = true;
      }
    } else if (options.has("c")) {
      output.add(`${this.showsNames ? `${name}:` : ""}${String(matched)}\n`);
    }
  }

  #isSlow({ text }: Line): boolean {
    return text.length >= LONG_TEXT_CHARACTERS || this.matchers.length > EXPRESSIONS_PER_CHARGE;
  }

  #matches(line: Line): boolean {
    const isHit = this.matchers.some((matcher) => matcher.search(line.text, 0) !== null);
    return isHit !== this.options.has("v");
  }

  *#matchesLong(line: Line): Blocking<boolean> {
    let isHit = false;
    const { sys } = this.command;
    for (const [index, matcher] of this.matchers.entries()) {
      const steps = EXPRESSIONS_PER_CHARGE * STEPS_PER_EXPRESSION;
      if (index % EXPRESSIONS_PER_CHARGE === EXPRESSIONS_PER_CHARGE - 1 && !sys.tryCharge(steps))
        yield* sys.charge(steps);
      isHit = yield* paced(sys, matcher.containsInParts(line.text, 0));
      if (isHit) break;
    }
    return isHit !== this.options.has("v");
  }

  *#search(matcher: LineMatcher, text: string, from: number): Blocking<Match | null> {
    if (text.length - from < LONG_TEXT_CHARACTERS) return matcher.search(text, from);
    return yield* paced(this.command.sys, matcher.searchInParts(text, from));
  }

  *#printMatch(name: string, number: number, line: Line): Blocking<void> {
    if (!this.options.has("o")) {
      this.#print(name, number, line.text, ":");
      return;
    }
    if (this.options.has("v")) return;
    let at = 0;
    while (at <= line.text.length) {
      const match = yield* this.#firstMatch(line.text, at);
      if (match === null) return;
      if (match.end > match.start) {
        this.#print(name, number, line.text.slice(match.start, match.end), ":");
      }
      at = match.end > at ? match.end : at + 1;
    }
  }

  *#firstMatch(text: string, from: number): Blocking<Match | null> {
    let best: Match | null = null;
    for (const matcher of this.matchers) {
      const match = yield* this.#search(matcher, text, from);
      if (match !== null && (best === null || match.start < best.start)) best = match;
    }
    return best;
  }

  #print(name: string, number: number, text: string, mark: string): void {
    const prefix =
      (this.showsNames ? `${name}${mark}` : "") +
      (this.options.has("n") ? `${String(number)}${mark}` : "");
    this.command.output.add(prefix + text + (this.options.has("z") ? "\0" : "\n"));
  }
}

type PrintLine = (number: number, text: string, mark: string) => void;

/** The lines around matches (`-A`, `-B`, `-C`). */
class Context {
  /** Of the line at hand. */
  number = 0;
  #held: string[] = [];
  #owed = 0;
  #lastPrinted = 0;

  constructor(
    private readonly before: number,
    private readonly after: number,
    /** Whether lines of an earlier file were. */
    private readonly followsLines: boolean,
  ) {}

  get hasPrinted(): boolean {
    return this.#lastPrinted > 0;
  }

  /** Whether lines are still wanted behind the last match. */
  get isOwed(): boolean {
    return this.#owed > 0;
  }

  /** A line that does not match. */
  pass(text: string, print: PrintLine): void {
    this.number += 1;
    if (this.#owed > 0) {
      this.#owed -= 1;
      this.#lastPrinted = this.number;
      print(this.number, text, "-");
    } else if (this.before > 0) {
      this.#held.push(text);
      if (this.#held.length > this.before) this.#held.shift();
    }
  }

  /** A line that matches: prints what leads to it. @param separate called where lines between it and the last printed are left out */
  match(print: PrintLine, separate: () => void): void {
    this.number += 1;
    const first = this.number - this.#held.length;
    const hasGap = this.hasPrinted ? first > this.#lastPrinted + 1 : this.followsLines;
    if (hasGap && this.before + this.after > 0) separate();
    for (const [index, text] of this.#held.entries()) print(first + index, text, "-");
    this.#held = [];
    this.#owed = this.after;
    this.#lastPrinted = this.number;
  }
}
