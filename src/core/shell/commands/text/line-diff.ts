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
const MAX_EDITS = 2000;

/** The hunks of a unified diff, by Myers' algorithm. */
export function* diffLines(
  sys: Sys,
  left: readonly string[],
  right: readonly string[],
  keyOf: (line: string) => string,
  context: number,
): Blocking<Hunk[]> {
  const a = left.map(keyOf);
  const b = right.map(keyOf);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  const script = yield* editScript(
    sys,
    a.slice(start, a.length - end),
    b.slice(start, b.length - end),
  );
  const edits: Edit[] = left.slice(0, start).map((line) => ({ mark: " ", line }));
  let x = start;
  let y = start;
  for (const mark of script) {
    if (mark === "+") {
      edits.push({ mark, line: right[y] ?? "" });
      y += 1;
      continue;
    }
    edits.push({ mark, line: left[x] ?? "" });
    x += 1;
    if (mark === " ") y += 1;
  }
  for (const line of left.slice(left.length - end)) edits.push({ mark: " ", line });
  return toHunks(edits, context);
}

/** The marks that turn one list into the other. */
function* editScript(
  sys: Sys,
  a: readonly string[],
  b: readonly string[],
): Blocking<(" " | "-" | "+")[]> {
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const size = 2 * most + 3;
  const middle = most + 1;
  let furthest = new Int32Array(size);
  for (let distance = 0; distance <= most; distance += 1) {
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    trace.push(furthest.slice());
    sys.allocate(size * 4);
    const next = furthest.slice();
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const down = furthest[middle + diagonal + 1] ?? 0;
      const across = (furthest[middle + diagonal - 1] ?? 0) + 1;
      const goesDown =
        diagonal === -distance ||
        (diagonal !== distance && (furthest[middle + diagonal - 1] ?? 0) < down);
      let x = goesDown ? down : across;
      if (distance === 0) x = 0;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      next[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) {
        sys.free(trace.length * size * 4);
        return backtrack(trace, a.length, b.length, middle);
      }
    }
    furthest = next;
  }
  sys.free(trace.length * size * 4);
  return [...a.map(() => "-" as const), ...b.map(() => "+" as const)];
}

function backtrack(
  trace: readonly Int32Array[],
  width: number,
  height: number,
  middle: number,
): (" " | "-" | "+")[] {
  const marks: (" " | "-" | "+")[] = [];
  let x = width;
  let y = height;
  for (let distance = trace.length - 1; distance > 0; distance -= 1) {
    const furthest = trace[distance];
    if (furthest === undefined) break;
    const diagonal = x - y;
    const goesDown =
      diagonal === -distance ||
      (diagonal !== distance &&
        (furthest[middle + diagonal - 1] ?? 0) < (furthest[middle + diagonal + 1] ?? 0));
    const previous = goesDown ? diagonal + 1 : diagonal - 1;
    const fromX = furthest[middle + previous] ?? 0;
    const fromY = fromX - previous;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      if (goesDown ? y - 1 === fromY && x === fromX : x - 1 === fromX && y === fromY) break;
      marks.push(" ");
      x -= 1;
      y -= 1;
    }
    marks.push(goesDown ? "+" : "-");
    x = fromX;
    y = fromY;
  }
  while (x > 0 && y > 0) {
    marks.push(" ");
    x -= 1;
    y -= 1;
  }
  return marks.reverse();
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
