import { diffArrays } from "diff";
import type { Blocking, Sys } from "../../syscall.js";

export interface Hunk {
  readonly leftStart: number;
  readonly leftCount: number;
  readonly rightStart: number;
  readonly rightCount: number;
  /** With their marks and newlines. */
  readonly lines: readonly string[];
}

interface Edit {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** Past so many differences the rest is shown as replaced as a whole. */
const MAX_EDITS = 500;

/** The hunks of a unified diff. */
export function* diffLines(
  sys: Sys,
  left: readonly string[],
  right: readonly string[],
  keyOf: (line: string) => string,
  context: number,
): Blocking<Hunk[]> {
  const changes = changesBetween(left.map(keyOf), right.map(keyOf));
  const distance = changes.reduce((sum, { mark, count }) => sum + (mark === " " ? 0 : count), 0);
  // Myers' algorithm looks at about half the square of the distance.
  const steps = left.length + right.length + Math.min(distance, MAX_EDITS) ** 2;
  yield* sys.charge(Math.ceil(steps / COMPARISONS_PER_STEP));
  return toHunks(toEdits(changes, left, right), context);
}

interface Change {
  readonly mark: Edit["mark"];
  readonly count: number;
}

const COMPARISONS_PER_STEP = 64;

function changesBetween(left: string[], right: string[]): readonly Change[] {
  const found = diffArrays(left, right, { maxEditLength: MAX_EDITS }) ?? null;
  if (found === null) {
    return [
      { mark: "-", count: left.length },
      { mark: "+", count: right.length },
    ];
  }
  return found.map(({ added, removed, count }) => ({
    mark: added ? "+" : removed ? "-" : " ",
    count,
  }));
}

function toEdits(
  changes: readonly Change[],
  left: readonly string[],
  right: readonly string[],
): Edit[] {
  const edits: Edit[] = [];
  let x = 0;
  let y = 0;
  for (const { mark, count } of changes) {
    const lines = mark === "+" ? right.slice(y, y + count) : left.slice(x, x + count);
    for (const line of lines) edits.push({ mark, line });
    if (mark !== "+") x += count;
    if (mark !== "-") y += count;
  }
  return edits;
}

function toHunks(edits: readonly Edit[], context: number): Hunk[] {
  const hunks: Hunk[] = [];
  const changed = edits.flatMap((edit, index) => (edit.mark === " " ? [] : [index]));
  for (let at = 0; at < changed.length;) {
    const first = changed[at] ?? 0;
    let last = first;
    while (at < changed.length && (changed[at] ?? 0) - last <= 2 * context + 1) {
      last = changed[at] ?? last;
      at += 1;
    }
    hunks.push(
      makeHunk(edits, Math.max(0, first - context), Math.min(edits.length, last + context + 1)),
    );
  }
  return hunks;
}

function makeHunk(edits: readonly Edit[], from: number, to: number): Hunk {
  const count = (list: readonly Edit[], other: string): number =>
    list.filter((edit) => edit.mark !== other).length;
  const before = edits.slice(0, from);
  const inside = edits.slice(from, to);
  return {
    leftStart: count(before, "+"),
    leftCount: count(inside, "+"),
    rightStart: count(before, "-"),
    rightCount: count(inside, "-"),
    lines: inside.map(({ mark, line }) =>
      line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
    ),
  };
}
