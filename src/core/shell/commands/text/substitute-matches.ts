import { LONG_TEXT_CHARACTERS } from "../../limits.js";
import { paced } from "../../paced.js";
import type { Match, Regex } from "../../pattern/regex-match.js";
import type { Blocking, Sys } from "../../syscall.js";

/** Matches that are replaced before the process is charged for them, and how much. */
const MATCHES_PER_CHARGE = 1024;
const STEPS_PER_CHARGE = 64;

/** What stands in the place of a match; null leaves it as it was. The count begins with 1. */
export type Replacement = (match: Match, count: number) => string | null;

/** Replaces the matches of an expression in a text, the first or all of them, and lets time pass where they are many: awk's gsub, sed's s. */
export function* substituteMatches(
  sys: Sys,
  text: string,
  regex: Regex,
  isGlobal: boolean,
  replacement: Replacement,
): Blocking<{ readonly text: string; readonly count: number }> {
  const parts: string[] = [];
  let part = "";
  let copied = 0;
  let seen = 0;
  let count = 0;
  let lastEnd = -1;
  for (let at = 0; at <= text.length;) {
    const match =
      text.length - at < LONG_TEXT_CHARACTERS
        ? regex.search(text, at)
        : yield* paced(sys, regex.searchInParts(text, at));
    if (match === null) break;
    const isEmpty = match.end === match.start;
    at = isEmpty ? match.end + 1 : match.end;
    // An empty match where another one has just ended does not count.
    if (isEmpty && match.start === lastEnd) continue;
    lastEnd = match.end;
    seen += 1;
    if (seen % MATCHES_PER_CHARGE === 0) {
      parts.push(part);
      part = "";
      yield* sys.charge(STEPS_PER_CHARGE);
    }
    const put = replacement(match, seen);
    if (put === null) continue;
    part += text.slice(copied, match.start) + put;
    copied = match.end;
    count += 1;
    if (!isGlobal) break;
  }
  if (count === 0) return { text, count };
  parts.push(part, text.slice(copied));
  return { text: parts.join(""), count };
}
