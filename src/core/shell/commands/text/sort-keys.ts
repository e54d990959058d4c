export interface SortKey {
  readonly startField: number;
  readonly startCharacter: number;
  /** Null: to the end of the line. */
  readonly endField: number | null;
  /** 0: the whole end field. */
  readonly endCharacter: number;
  readonly flags: string;
}

/** Compares by each key in turn. */
export function compareLines(
  keys: readonly SortKey[],
  separator: string | null,
  isGnu = false,
): (a: string, b: string) => number {
  const comparers = keys.map((key) => {
    const compare = comparer(key.flags);
    const sign = key.flags.includes("r") ? -1 : 1;
    const extract = isWholeLine(key) ? (line: string) => line : keyExtractor(key, separator, isGnu);
    return (a: string, b: string) => sign * compare(extract(a), extract(b));
  });
  return (a, b) => {
    for (const compare of comparers) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function isWholeLine(key: SortKey): boolean {
  return key.startField === 1 && key.startCharacter === 1 && key.endField === null;
}

/** busybox counts the last character from the start of the line (coreutils/sort.c get_key, 1.37). */
function keyExtractor(
  key: SortKey,
  separator: string | null,
  isGnu: boolean,
): (line: string) => string {
  return (line) => {
    const start = position(line, key.startField, separator, true);
    const from = skipBlanks(line, start, key) + Math.max(0, key.startCharacter - 1);
    if (key.endField === null) return line.slice(from);
    const end =
      key.endCharacter === 0
        ? position(line, key.endField, separator, false)
        : (isGnu ? position(line, key.endField, separator, true) : 0) + key.endCharacter;
    return line.slice(from, Math.max(from, end));
  };
}

function skipBlanks(line: string, start: number, key: SortKey): number {
  let at = start;
  if (key.flags.includes("b")) {
    while (line.charAt(at) === " " || line.charAt(at) === "\t") at += 1;
  }
  return at;
}

/** Where a field begins or ends. Without a separator a field takes the blanks before it along. */
function position(line: string, field: number, separator: string | null, begins: boolean): number {
  let at = 0;
  for (let count = 1; count < field || !begins; count += 1) {
    const end = fieldEnd(line, at, separator);
    if (count === field) return end;
    if (end >= line.length) return line.length;
    at = separator === null ? end : end + 1;
  }
  return at;
}

function fieldEnd(line: string, start: number, separator: string | null): number {
  if (separator !== null) {
    const end = line.indexOf(separator, start);
    return end < 0 ? line.length : end;
  }
  let at = start;
  while (at < line.length && isBlank(line, at)) at += 1;
  while (at < line.length && !isBlank(line, at)) at += 1;
  return at;
}

function isBlank(line: string, at: number): boolean {
  const character = line.charAt(at);
  return character === " " || character === "\t";
}

function comparer(flags: string): (a: string, b: string) => number {
  if (flags.includes("n")) return (a, b) => numericValue(a) - numericValue(b);
  if (flags.includes("g")) return (a, b) => compareNumbers(generalValue(a), generalValue(b));
  if (flags.includes("h")) return (a, b) => humanValue(a) - humanValue(b);
  if (flags.includes("M")) return (a, b) => monthValue(a) - monthValue(b);
  if (flags.includes("V")) return compareVersions;
  const fold = folding(flags);
  return (a, b) => {
    const left = fold(a);
    const right = fold(b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

function folding(flags: string): (text: string) => string {
  return (text) => {
    let key = flags.includes("b") ? text.replace(/^[ \t]+/, "") : text;
    if (flags.includes("d")) key = key.replace(/[^A-Za-z0-9 \t]/g, "");
    if (flags.includes("i")) key = key.replace(/[^ -~]/g, "");
    return flags.includes("f") ? key.toUpperCase() : key;
  };
}

function numericValue(text: string): number {
  return Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0;
}

function generalValue(text: string): number {
  const match = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text);
  return match === null ? -Infinity : Number(match[0]);
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function humanValue(text: string): number {
  const match = /^\s*(-?\d*\.?\d*)([KMGTPE]?)/i.exec(text);
  const power = "KMGTPE".indexOf((match?.[2] ?? "").toUpperCase()) + 1;
  return (Number(match?.[1]) || 0) * (match?.[2] === "" ? 1 : 1024 ** power);
}

const MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

function monthValue(text: string): number {
  return MONTHS.indexOf(text.trim().slice(0, 3).toUpperCase() || "?");
}

/** Runs of digits compare as numbers (strverscmp without its leading-zero rules). */
export function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const x = left[index] ?? "";
    const y = right[index] ?? "";
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      const order = Number(x) - Number(y);
      if (order !== 0) return order;
    }
    return x < y ? -1 : 1;
  }
  return 0;
}
