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

type Mark = " " | "-" | "+";

/** Past so many differences the rest is shown as replaced as a whole. */
const MAX_EDITS = 500;
/** Lines that are looked at or put down in one charged step. */
const LINES_PER_STEP = 64;
/** and before the process is charged for them. */
const LINES_PER_CHARGE = 16_384;

/** The hunks of a unified diff. */
export function* diffLines(
  sys: Sys,
  left: readonly string[],
  right: readonly string[],
  keyOf: (line: string) => string,
  context: number,
): Blocking<Hunk[]> {
  const keys = [left.map(keyOf), right.map(keyOf)] as const;
  yield* sys.charge((left.length + right.length) / LINES_PER_STEP);
  const changes = changesBetween(keys[0], keys[1]);
  const distance = changes.reduce((sum, { mark, count }) => sum + (mark === " " ? 0 : count), 0);
  // Myers' algorithm looks at about half the square of the distance.
  const steps = left.length + right.length + Math.min(distance, MAX_EDITS) ** 2;
  yield* sys.charge(Math.ceil(steps / LINES_PER_STEP));
  const hunks: Hunk[] = [];
  for (const range of hunkRanges(placed(changes), context))
    hunks.push(yield* makeHunk(sys, range, left, right));
  return hunks;
}

interface Change {
  readonly mark: Mark;
  readonly count: number;
}

function changesBetween(left: string[], right: string[]): readonly Change[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  const most = Math.min(left.length, right.length) - head;
  while (tail < most && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const before = left.slice(head, left.length - tail);
  const after = right.slice(head, right.length - tail);
  const found = diffArrays(before, after, { maxEditLength: MAX_EDITS }) ?? null;
  const middle: readonly Change[] =
    found === null
      ? [
          { mark: "-", count: before.length },
          { mark: "+", count: after.length },
        ]
      : found.map(({ added, removed, count }) => ({
          mark: added ? "+" : removed ? "-" : " ",
          count,
        }));
  const all: Change[] = [{ mark: " ", count: head }, ...middle, { mark: " ", count: tail }];
  return all.filter(({ count }) => count > 0);
}

/** Some lines of one kind, and where they begin on either side. */
interface Run extends Change {
  readonly left: number;
  readonly right: number;
}

function placed(changes: readonly Change[]): Run[] {
  let left = 0;
  let right = 0;
  return changes.map(({ mark, count }) => {
    const run = { mark, count, left, right };
    if (mark !== "+") left += count;
    if (mark !== "-") right += count;
    return run;
  });
}

/** The runs of each hunk, what is the same cut down to the context around it. */
function hunkRanges(runs: readonly Run[], context: number): Run[][] {
  const hunks: Run[][] = [];
  let current: Run[] = [];
  for (const [index, run] of runs.entries()) {
    if (run.mark !== " ") {
      current.push(run);
      continue;
    }
    const isFirst = index === 0;
    const isLast = index === runs.length - 1;
    if (!isFirst && !isLast && run.count <= 2 * context) {
      current.push(run);
      continue;
    }
    if (!isFirst) {
      current.push({ ...run, count: Math.min(context, run.count) });
      hunks.push(current);
    }
    const kept = isLast ? 0 : Math.min(context, run.count);
    const skipped = run.count - kept;
    current = [{ ...run, count: kept, left: run.left + skipped, right: run.right + skipped }];
  }
  if (current.some(({ mark }) => mark !== " ")) hunks.push(current);
  return hunks;
}

function* makeHunk(
  sys: Sys,
  runs: readonly Run[],
  left: readonly string[],
  right: readonly string[],
): Blocking<Hunk> {
  const lines: string[] = [];
  for (const { mark, count, left: from, right: to } of runs) {
    for (let index = 0; index < count; index += 1) {
      const line = (mark === "+" ? right[to + index] : left[from + index]) ?? "";
      lines.push(
        line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
      );
      if (lines.length % LINES_PER_CHARGE === 0)
        yield* sys.charge(LINES_PER_CHARGE / LINES_PER_STEP);
    }
  }
  const total = (other: Mark): number =>
    runs.reduce((sum, { mark, count }) => sum + (mark === other ? 0 : count), 0);
  return {
    leftStart: runs[0]?.left ?? 0,
    leftCount: total("+"),
    rightStart: runs[0]?.right ?? 0,
    rightCount: total("-"),
    lines,
  };
}
