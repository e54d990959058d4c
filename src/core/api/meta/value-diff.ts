import type { SchemaType } from "../schema-types.js";
import { quote } from "./go-format.js";
import { fieldType, semanticEqual } from "./semantic-equal.js";

/** More lines say nothing to a reader. */
const MAX_LINES = 200;

/**
 * What changed between two values, in the manner of go-cmp's cmp.Diff, which Kubernetes appends to refused updates (VAL-19): `-` lines were,
 * `+` lines would be; what is equal is counted. (The original varies its own spacing on purpose, so no one can depend on the exact text.)
 * @param name Go's name of the type: `core.PodSpec`
 */
export function valueDiff(
  name: string,
  previous: Record<string, unknown>,
  next: Record<string, unknown>,
  type?: SchemaType,
): string {
  const lines = diffRecord(previous, next, type, 1);
  const shown =
    lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), "  \t... // elided"] : lines;
  return [`  ${name}{`, ...shown, "  }", ""].join("\n");
}

function diffRecord(
  previous: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  type: SchemaType | undefined,
  depth: number,
): string[] {
  const lines: string[] = [];
  let identical = 0;
  const flush = (): void => {
    if (identical > 0)
      lines.push(line(" ", depth, `... // ${count(identical, "identical field")}`));
    identical = 0;
  };
  const keys = new Set([...Object.keys(previous), ...Object.keys(next)]);
  for (const key of [...keys].sort()) {
    const [before, after] = [previous[key], next[key]];
    if (before === undefined && after === undefined) continue;
    const inner = fieldType(type, key);
    if (semanticEqual(before, after, inner)) identical += 1;
    else {
      flush();
      lines.push(...diffField(goName(key), before, after, inner, depth));
    }
  }
  flush();
  return lines;
}

function diffField(
  name: string,
  before: unknown,
  after: unknown,
  type: SchemaType | undefined,
  depth: number,
): string[] {
  const nested = diffNested(before, after, type, depth);
  if (nested !== null) {
    return [line(" ", depth, `${name}: {`), ...nested, line(" ", depth, "},")];
  }
  return [
    line("-", depth, `${name}: ${goValue(before)},`),
    line("+", depth, `${name}: ${goValue(after)},`),
  ];
}

/** The inside of two values that can be compared piece by piece; null when one replaces the other. */
function diffNested(
  before: unknown,
  after: unknown,
  type: SchemaType | undefined,
  depth: number,
): string[] | null {
  if (isRecord(before) && isRecord(after)) return diffRecord(before, after, type, depth + 1);
  if (!Array.isArray(before) || !Array.isArray(after)) return null;
  const element = typeof type === "object" && "list" in type ? type.list : undefined;
  return diffList(before, after, element, depth + 1);
}

function diffList(
  before: readonly unknown[],
  after: readonly unknown[],
  type: SchemaType | undefined,
  depth: number,
): string[] {
  const lines: string[] = [];
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const [previous, next] = [before[index], after[index]];
    if (semanticEqual(previous, next, type)) {
      lines.push(line(" ", depth, `${goValue(previous)},`));
      continue;
    }
    const nested =
      previous === undefined || next === undefined ? null : diffNested(previous, next, type, depth);
    if (nested !== null) {
      lines.push(line(" ", depth, "{"), ...nested, line(" ", depth, "},"));
    } else {
      if (previous !== undefined) lines.push(line("-", depth, `${goValue(previous)},`));
      if (next !== undefined) lines.push(line("+", depth, `${goValue(next)},`));
    }
  }
  return lines;
}

function line(mark: " " | "-" | "+", depth: number, text: string): string {
  return `${mark} ${"\t".repeat(depth)}${text}`;
}

function count(amount: number, what: string): string {
  return `${String(amount)} ${what}${amount === 1 ? "" : "s"}`;
}

/** JSON's `dnsPolicy` is Go's `DNSPolicy`. */
function goName(field: string): string {
  const name = field.replace(/^(dns|api|fc|nfs|csi|rbd|tty|os|ip|uid|url)(?=[A-Z]|$)/, (word) =>
    word.toUpperCase(),
  );
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function goValue(value: unknown): string {
  if (value === undefined || value === null) return "nil";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `{${value.map(goValue).join(", ")}}`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${goName(key)}: ${goValue(item)}`);
  return `{${members.join(", ")}}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
