import { MATCH_STEPS_PER_STEP, MAX_MATCH_STEPS } from "../limits.js";
import type { Parts } from "../paced.js";
import { noteWork } from "../work.js";
import type { Match, Regex } from "./regex-match.js";
import type { Translated } from "./posix-regex.js";
import { parseBacktracking, type BacktrackNode } from "./backtrack-syntax.js";

/**
 * Expressions with `\1`: no automaton can match them, so they are tried by backtracking with a bound on the steps. Past the bound matching
 * gives up with an error instead of running on.
 */
export class BackReferenceRegex implements Regex {
  readonly groupCount: number;
  readonly #root: BacktrackNode;

  constructor(
    translated: Translated,
    private readonly ignoresCase: boolean,
  ) {
    this.groupCount = translated.groups;
    this.#root = parseBacktracking(translated.re2);
  }

  test(text: string): boolean {
    return this.search(text, 0) !== null;
  }

  /** Null also when it takes too many steps: regexec's REG_ESPACE, which callers take for no match as they do everything that is not 0. */
  search(text: string, from: number): Match | null {
    const subject = this.ignoresCase ? text.toLowerCase() : text;
    const run = new Run(subject, this.groupCount);
    try {
      return this.#searchWith(run, text, from);
    } catch (error) {
      if (error instanceof TooManySteps || error instanceof RangeError) return null;
      throw error;
    } finally {
      noteWork(run.stepsTaken / MATCH_STEPS_PER_STEP);
    }
  }

  /** The bound on the steps keeps it short. */

  *searchInParts(text: string, from: number): Parts<Match | null> {
    return this.search(text, from);
  }

  *containsInParts(text: string, from: number): Parts<boolean> {
    return this.search(text, from) !== null;
  }

  #searchWith(run: Run, text: string, from: number): Match | null {
    for (let start = from; start <= text.length; start += 1) {
      const end = run.matchAt(this.#root, start);
      if (end < 0) continue;
      return { start, end, groups: [[start, end], ...run.captured()] };
    }
    return null;
  }
}

class TooManySteps extends Error {}

type Continuation = (at: number) => number;

class Run {
  #steps = MAX_MATCH_STEPS;
  readonly #groups: [number, number][];

  constructor(
    private readonly text: string,
    groupCount: number,
  ) {
    this.#groups = Array.from({ length: groupCount }, () => [-1, -1]);
  }

  get stepsTaken(): number {
    return MAX_MATCH_STEPS - this.#steps;
  }

  captured(): [number, number][] {
    return this.#groups.map(([start, end]) => [start, end]);
  }

  matchAt(root: BacktrackNode, start: number): number {
    for (const group of this.#groups) group[0] = group[1] = -1;
    return this.#match(root, start, (at) => at);
  }

  /** The end of the match, or -1. */
  #match(node: BacktrackNode, at: number, then: Continuation): number {
    this.#steps -= 1;
    if (this.#steps < 0) throw new TooManySteps();
    switch (node.kind) {
      case "set":
        return at < this.text.length && node.accepts(this.#codeAt(at)) ? then(at + 1) : -1;
      case "start":
        return at === 0 ? then(at) : -1;
      case "end":
        return at === this.text.length ? then(at) : -1;
      case "boundary":
        return this.#isBoundary(at) === node.positive ? then(at) : -1;
      case "sequence":
        return this.#sequence(node.parts, 0, at, then);
      case "choice":
        for (const option of node.options) {
          const end = this.#match(option, at, then);
          if (end >= 0) return end;
        }
        return -1;
      case "group":
        return this.#group(node, at, then);
      case "back":
        return this.#back(node.group, at, then);
      case "repeat":
        return this.#repeat(node, 0, at, then);
    }
  }

  #codeAt(at: number): number {
    return this.text.charCodeAt(at);
  }

  #sequence(
    parts: readonly BacktrackNode[],
    index: number,
    at: number,
    then: Continuation,
  ): number {
    const part = parts[index];
    if (part === undefined) return then(at);
    return this.#match(part, at, (next) => this.#sequence(parts, index + 1, next, then));
  }

  #group(node: Extract<BacktrackNode, { kind: "group" }>, at: number, then: Continuation): number {
    if (node.index === null) return this.#match(node.body, at, then);
    const slot = this.#groups[node.index - 1];
    if (slot === undefined) return -1;
    const before: [number, number] = [slot[0], slot[1]];
    const end = this.#match(node.body, at, (next) => {
      const inner: [number, number] = [slot[0], slot[1]];
      slot[0] = at;
      slot[1] = next;
      const result = then(next);
      if (result < 0) [slot[0], slot[1]] = inner;
      return result;
    });
    if (end < 0) [slot[0], slot[1]] = before;
    return end;
  }

  #back(group: number, at: number, then: Continuation): number {
    const [start, end] = this.#groups[group - 1] ?? [-1, -1];
    if (start < 0) return -1;
    const captured = this.text.slice(start, end);
    return this.text.startsWith(captured, at) ? then(at + captured.length) : -1;
  }

  #repeat(
    node: Extract<BacktrackNode, { kind: "repeat" }>,
    count: number,
    at: number,
    then: Continuation,
  ): number {
    if (count < node.most) {
      const end = this.#match(node.body, at, (next) =>
        next === at && count >= node.least ? -1 : this.#repeat(node, count + 1, next, then),
      );
      if (end >= 0) return end;
    }
    return count >= node.least ? then(at) : -1;
  }

  #isBoundary(at: number): boolean {
    const isWord = (index: number): boolean => /\w/.test(this.text.charAt(index));
    return (at > 0 && isWord(at - 1)) !== (at < this.text.length && isWord(at));
  }
}
