import { RegexProblem } from "../../pattern/posix-regex.js";
import { compileRegex, type Regex } from "../../pattern/regex-match.js";
import { noteWork } from "../../work.js";
import type { Command } from "../command.js";
import type { Options } from "../options.js";

export type LineMatcher = Pick<Regex, "search" | "searchInParts" | "containsInParts">;

/** What finds one of grep's patterns in a line. */
export function makeMatcher(command: Command, options: Options, pattern: string): LineMatcher {
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

/** What never takes long. */
function atOnce(search: LineMatcher["search"]): LineMatcher {
  return {
    search,

    *searchInParts(text, from) {
      return search(text, from);
    },

    *containsInParts(text, from) {
      return search(text, from) !== null;
    },
  };
}

/** What is put together of searches that may be long. */
function inParts(searchInParts: LineMatcher["searchInParts"]): LineMatcher {
  return {
    searchInParts,
    *containsInParts(text, from) {
      return (yield* searchInParts(text, from)) !== null;
    },
    search: (text, from) => {
      const parts = searchInParts(text, from);
      let part = parts.next();
      for (; part.done !== true; part = parts.next()) noteWork(part.value);
      return part.value;
    },
  };
}

function fixedMatcher(pattern: string, ignoresCase: boolean): LineMatcher {
  const needle = ignoresCase ? pattern.toLowerCase() : pattern;
  return atOnce((text, from) => {
    const start = (ignoresCase ? text.toLowerCase() : text).indexOf(needle, from);
    if (start < 0) return null;
    const end = start + needle.length;
    return { start, end, groups: [[start, end]] };
  });
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
    const why = /\(/.test(pattern) ? "Unmatched ( or \\(" : "Invalid regular expression";
    throw command.failure(command.words(`bad regex '${pattern}'`, why), 2);
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
  return inParts(function* search(text, from) {
    const match = yield* anchored.searchInParts(text, from);
    return match?.start === 0 && match.end === text.length ? match : null;
  });
}

/** A match that no word character touches; a shorter one at the same place counts too. */
function wordMatcher(base: LineMatcher): LineMatcher {
  const isWord = (character: string): boolean => /\w/.test(character);
  return inParts(function* search(text, from) {
    for (let at = from; at <= text.length;) {
      const match = yield* base.searchInParts(text, at);
      if (match === null) return null;
      const before = match.start === 0 || !isWord(text.charAt(match.start - 1));
      const after = match.end === text.length || !isWord(text.charAt(match.end));
      if (before && after && match.end > match.start) return match;
      at = match.start + 1;
      yield 1;
    }
    return null;
  });
}
