import { readAll } from "../../io/read-file.js";
import { describeFailure } from "../../errno-text.js";
import { formatTime } from "../../text/time-format.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { childNames } from "../walk.js";
import { isDirectory } from "../files/mkdir.js";
import { diffLines, type Hunk } from "./line-diff.js";

/** busybox's diff: unified always. 0 equal, 1 different, 2 trouble. */
export function* diff(command: Command): Blocking<number> {
  const options = parseOptions(command, "abdiL:NqrsS:tTU:uwBE", {
    brief: "q",
    recursive: "r",
    "new-file": "N",
    "ignore-case": "i",
    "ignore-all-space": "w",
    "ignore-space-change": "b",
    "ignore-blank-lines": "B",
    "report-identical-files": "s",
    "unified=": "U",
    text: "a",
    "label=": "L",
  });
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw usageFailure(command, undefined, 2);
  const comparison = new Comparison(command, options);
  const areDirectories = isDirectory(command, first) && isDirectory(command, second);
  if (areDirectories) yield* comparison.directories(first, second);
  else yield* comparison.files(...pairOf(command, first, second));
  return comparison.status;
}

/** A file and a directory: the file of that name in the directory. */
function pairOf(command: Command, first: string, second: string): [string, string] {
  if (isDirectory(command, second)) return [first, `${second}/${first.replace(/.*\//, "")}`];
  if (isDirectory(command, first)) return [`${first}/${second.replace(/.*\//, "")}`, second];
  return [first, second];
}

class Comparison {
  status = 0;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
  ) {}

  *directories(left: string, right: string): Blocking<void> {
    const names = [
      ...new Set([...childNames(this.command.sys, left), ...childNames(this.command.sys, right)]),
    ].sort();
    for (const name of names) {
      const a = `${left}/${name}`;
      const b = `${right}/${name}`;
      const hasLeft = this.command.sys.access(a, {});
      const hasRight = this.command.sys.access(b, {});
      if (!hasLeft || !hasRight) {
        if (this.options.has("N")) {
          yield* this.files(hasLeft ? a : "/dev/null", hasRight ? b : "/dev/null");
          continue;
        }
        this.status = 1;
        this.command.output.add(`Only in ${hasLeft ? left : right}: ${name}\n`);
      } else if (isDirectory(this.command, a) && isDirectory(this.command, b)) {
        if (this.options.has("r")) yield* this.directories(a, b);
        else this.command.output.add(`Common subdirectories: ${a} and ${b}\n`);
      } else yield* this.files(a, b);
    }
  }

  *files(left: string, right: string): Blocking<void> {
    const a = yield* this.#read(left);
    const b = yield* this.#read(right);
    if (a === null || b === null) {
      this.status = 2;
      return;
    }
    if (a === b) {
      if (this.options.has("s"))
        this.command.output.add(`Files ${left} and ${right} are identical\n`);
      return;
    }
    if (!this.options.has("a") && (a.includes("\0") || b.includes("\0"))) {
      this.status = 1;
      this.command.output.add(`Files ${left} and ${right} differ\n`);
      return;
    }
    const context = Number(this.options.value("U") ?? 3);
    const hunks = yield* diffLines(
      this.command.sys,
      splitLines(a),
      splitLines(b),
      (line) => this.#key(line),
      context,
    );
    if (hunks.length === 0) return;
    this.status = 1;
    if (this.options.has("q")) {
      this.command.output.add(`Files ${left} and ${right} differ\n`);
      return;
    }
    this.#print(left, right, hunks);
  }

  #key(line: string): string {
    let key = line;
    if (this.options.has("w")) key = key.replace(/\s+/g, "");
    else if (this.options.has("b")) key = key.replace(/\s+/g, " ").trimEnd();
    return this.options.has("i") ? key.toLowerCase() : key;
  }

  *#read(path: string): Blocking<string | null> {
    try {
      const fd = openInput(this.command.sys, path);
      const text = yield* readAll(this.command.sys, fd);
      closeInput(this.command.sys, fd);
      return text;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (error.errno === "ENOENT" && this.options.has("N")) return "";
      yield* this.command.output.flush();
      yield* this.command.complain(`can't stat '${path}': ${describeFailure(error)}`);
      return null;
    }
  }

  #print(left: string, right: string, hunks: readonly Hunk[]): void {
    const { output } = this.command;
    const labels = this.options.all("L");
    output.add(`--- ${labels[0] ?? this.#label(left)}\n+++ ${labels[1] ?? this.#label(right)}\n`);
    for (const hunk of hunks) {
      output.add(
        `@@ -${range(hunk.leftStart, hunk.leftCount)} +${range(hunk.rightStart, hunk.rightCount)} @@\n`,
      );
      for (const line of hunk.lines) output.add(line);
    }
  }

  #label(path: string): string {
    if (path === "-") return path;
    try {
      const { mtimeMs } = this.command.sys.stat(path);
      return this.options.has("t") ? `${path}\t${formatTime("%F %T", mtimeMs)}` : path;
    } catch (error) {
      if (error instanceof SysError) return path;
      throw error;
    }
  }
}

function range(start: number, count: number): string {
  if (count === 1) return String(start + 1);
  return `${String(count === 0 ? start : start + 1)},${String(count)}`;
}

/** Each with its newline; what lacks one is told apart. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
