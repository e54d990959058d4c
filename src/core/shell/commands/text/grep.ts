import { LineReader, type Line } from "../../io/line-reader.js";
import { compileRegex, type Match, type Regex } from "../../pattern/regex-match.js";
import { RegexProblem } from "../../pattern/posix-regex.js";
import { readAll } from "../../io/read-file.js";
import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { wildcard } from "../../pattern/wildcard.js";

const LETTERS = "lnqvscFiHhe:*f:Lorm:wxA:B:C:EazRPbG";

/** busybox's grep with egrep and fgrep. @returns 0: found, 1: not, 2: trouble */
export function* grep(command: Command): Blocking<number> {
  const options = parseOptions(command, LETTERS.replace("*", ""), {
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
    "color=": "Z",
    color: "Z",
    colour: "Z",
    "include=": "I",
    "exclude=": "X",
    "exclude-dir=": "D",
    "line-buffered": "z",
    text: "a",
  });
  const patterns = yield* readPatterns(command, options);
  const search = new Search(command, options, patterns.list);
  const isRecursive = options.has("r") || options.has("R");
  const files = patterns.operands.length > 0 ? patterns.operands : [isRecursive ? "." : "-"];
  search.showsNames = (files.length > 1 || isRecursive || options.has("H")) && !options.has("h");
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
      list.push(...text.replace(/\n$/, "").split("\n"));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw command.failure(`${path}: ${describeFailure(error)}`, 2);
    }
  }
  if (options.has("e") || options.has("f")) return { list, operands: options.operands };
  const [pattern, ...operands] = options.operands;
  if (pattern === undefined) throw usageFailure(command, undefined, 2);
  return { list: pattern.split("\n"), operands };
}

class Search {
  found = false;
  showsNames = false;
  readonly #matchers: readonly LineMatcher[];
  readonly #before: number;
  readonly #after: number;
  readonly #most: number;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    patterns: readonly string[],
  ) {
    this.#matchers = patterns.map((pattern) => makeMatcher(command, options, pattern));
    const around = Number(options.value("C") ?? 0);
    this.#before = Number(options.value("B") ?? around);
    this.#after = Number(options.value("A") ?? around);
    this.#most = Number(options.value("m") ?? Infinity);
  }

  /** `-q` ends at the first match. */
  get isDone(): boolean {
    return this.found && this.options.has("q");
  }

  *tree(path: string): Blocking<void> {
    const { sys } = this.command;
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
    for (const { name } of [...sys.readDirectory(path)].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (name === "." || name === "..") continue;
      const child = path.endsWith("/") ? path + name : `${path}/${name}`;
      if (sys.lstat(child).type === "symlink") continue;
      const isDirectory = sys.lstat(child).type === "directory";
      if (isDirectory && this.options.all("D").some((glob) => wildcard(glob).matches(name)))
        continue;
      yield* this.tree(child);
      if (this.isDone) return;
    }
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
      if (!(error instanceof SysError) || error.errno !== "EISDIR") throw error;
      yield* this.#complain(path, error);
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
    const { options } = this;
    const { output } = this.command;
    const reader = new LineReader(this.command.sys, fd);
    const context = new Context(this.#before);
    let matched = 0;
    let number = 0;
    let pendingAfter = 0;
    let lastPrinted = 0;
    const isCounting = options.has("c") || options.has("l") || options.has("L") || options.has("q");
    while (matched < this.#most || pendingAfter > 0) {
      const line = reader.takeBuffered() ?? (yield* reader.readLine());
      if (line === null) break;
      number += 1;
      const hit = matched < this.#most && this.#matches(line);
      if (hit) {
        matched += 1;
        this.found ||= !options.has("L");
        if (options.has("q") || options.has("l") || options.has("L")) break;
      }
      if (isCounting) continue;
      if (hit) {
        const held = context.take();
        const first = number - held.length;
        if (lastPrinted > 0 && first > lastPrinted + 1 && this.#before + this.#after > 0) {
          output.add("--\n");
        }
        for (const [index, text] of held.entries()) this.#print(name, first + index, text, "-");
        this.#printMatch(name, number, line);
        lastPrinted = number;
        pendingAfter = this.#after;
      } else if (pendingAfter > 0) {
        this.#print(name, number, line.text, "-");
        lastPrinted = number;
        pendingAfter -= 1;
      } else {
        context.hold(line.text);
      }
      if (output.isFull) yield* output.flush();
    }
    this.#summary(name, matched);
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

  #matches(line: Line): boolean {
    const isHit = this.#matchers.some((matcher) => matcher.search(line.text, 0) !== null);
    return isHit !== this.options.has("v");
  }

  #printMatch(name: string, number: number, line: Line): void {
    if (!this.options.has("o")) {
      this.#print(name, number, line.text, ":");
      return;
    }
    if (this.options.has("v")) return;
    let at = 0;
    while (at <= line.text.length) {
      const match = this.#firstMatch(line.text, at);
      if (match === null) return;
      if (match.end > match.start) {
        this.#print(name, number, line.text.slice(match.start, match.end), ":");
      }
      at = match.end > at ? match.end : at + 1;
    }
  }

  #firstMatch(text: string, from: number): Match | null {
    let best: Match | null = null;
    for (const matcher of this.#matchers) {
      const match = matcher.search(text, from);
      if (match !== null && (best === null || match.start < best.start)) best = match;
    }
    return best;
  }

  #print(name: string, number: number, text: string, mark: string): void {
    const prefix =
      (this.showsNames ? `${name}${mark}` : "") +
      (this.options.has("n") ? `${String(number)}${mark}` : "");
    this.command.output.add(`${prefix}${text}\n`);
  }
}

/** The last few lines before a match. */
class Context {
  #lines: string[] = [];

  constructor(private readonly most: number) {}

  hold(line: string): void {
    if (this.most === 0) return;
    this.#lines.push(line);
    if (this.#lines.length > this.most) this.#lines.shift();
  }

  take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

type LineMatcher = Pick<Regex, "search">;

function makeMatcher(command: Command, options: Options, pattern: string): LineMatcher {
  const ignoresCase = options.has("i");
  const isFixed = options.last("EFGP") === "F" || command.name === "fgrep";
  const isExtended = options.has("E") || options.has("P") || command.name === "egrep";
  const wholeWord = options.has("w");
  const wholeLine = options.has("x");
  const base = isFixed
    ? fixedMatcher(pattern, ignoresCase)
    : regexMatcher(command, pattern, isExtended, ignoresCase);
  if (wholeLine) return wholeLineMatcher(base, isFixed ? null : pattern, isExtended, ignoresCase);
  return wholeWord ? wordMatcher(base) : base;
}

function fixedMatcher(pattern: string, ignoresCase: boolean): LineMatcher {
  const needle = ignoresCase ? pattern.toLowerCase() : pattern;
  return {
    search: (text, from) => {
      const start = (ignoresCase ? text.toLowerCase() : text).indexOf(needle, from);
      if (start < 0) return null;
      const end = start + needle.length;
      return { start, end, groups: [[start, end]] };
    },
  };
}

function regexMatcher(
  command: Command,
  pattern: string,
  isExtended: boolean,
  ignoresCase: boolean,
): LineMatcher {
  try {
    return compileRegex(pattern, { isExtended, ignoresCase });
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    throw command.failure(`bad regex '${pattern}'`, 2);
  }
}

function wholeLineMatcher(
  base: LineMatcher,
  pattern: string | null,
  isExtended: boolean,
  ignoresCase: boolean,
): LineMatcher {
  const anchored =
    pattern === null
      ? base
      : compileRegex(isExtended ? `^(${pattern})$` : `^\\(${pattern}\\)$`, {
          isExtended,
          ignoresCase,
        });
  return {
    search: (text, from) => {
      const match = anchored.search(text, from);
      return match?.start === 0 && match.end === text.length ? match : null;
    },
  };
}

/** A match that no word character touches; a shorter one at the same place counts too. */
function wordMatcher(base: LineMatcher): LineMatcher {
  const isWord = (character: string): boolean => /\w/.test(character);
  return {
    search: (text, from) => {
      for (let at = from; at <= text.length;) {
        const match = base.search(text, at);
        if (match === null) return null;
        const before = match.start === 0 || !isWord(text.charAt(match.start - 1));
        const after = match.end === text.length || !isWord(text.charAt(match.end));
        if (before && after && match.end > match.start) return match;
        at = match.start + 1;
      }
      return null;
    },
  };
}
