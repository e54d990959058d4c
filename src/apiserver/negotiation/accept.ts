import { MAX_CACHED_ACCEPT_HEADERS } from "../limits.js";

/** One media range of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const parsed = new Map<string, readonly AcceptClause[]>();

/** The ranges of an Accept header, most wanted first. munnerz/goautoneg `ParseAccept`. */
export function parseAccept(header: string): readonly AcceptClause[] {
  const known = parsed.get(header);
  if (known !== undefined) return known;
  const clauses = header
    .split(",")
    .map(parseClause)
    .filter((clause) => clause !== null)
    .sort(byPreference);
  if (parsed.size >= MAX_CACHED_ACCEPT_HEADERS) parsed.clear();
  parsed.set(header, clauses);
  return clauses;
}

function parseClause(text: string): AcceptClause | null {
  const [range = "", ...pairs] = text.split(";").map((part) => part.trim());
  const [type = "", subtype, ...rest] = range.split("/").map((part) => part.trim());
  if (rest.length > 0 || type === "") return null;
  if (subtype === undefined && type !== "*") return null;
  const parameters: Record<string, string> = {};
  let quality = 1;
  for (const pair of pairs) {
    const [key = "", value] = pair.split("=", 2).map((part) => part.trim());
    if (value === undefined) continue;
    if (key === "q") quality = Number.isFinite(Number(value)) ? Number(value) : 1;
    else parameters[key] = value;
  }
  return { type, subtype: subtype ?? "*", quality, parameters };
}

function byPreference(left: AcceptClause, right: AcceptClause): number {
  return (
    right.quality - left.quality ||
    Number(left.type === "*") - Number(right.type === "*") ||
    Number(left.subtype === "*") - Number(right.subtype === "*")
  );
}
