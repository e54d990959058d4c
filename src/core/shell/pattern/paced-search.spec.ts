import { describe, expect, it } from "vitest";
import { parseBacktracking } from "./backtrack-syntax.js";
import { PacedSearch } from "./paced-search.js";
import { translateRegex } from "./posix-regex.js";
import { compileRegex } from "./regex-match.js";

const EXPRESSIONS = [
  "a",
  "a*b",
  "(a|ab)(c|bcd)*",
  "^(a|b)*$",
  "(a*)*b",
  "(a?){3}b",
  "[^a]b+",
  "[[:alpha:]]+[0-9]{2,4}",
  "x*",
  "(x|y)?z|^a",
  "\\bab\\b",
  "\\<b",
  "(a)|(b)|(c)",
  "a{2,}b{0,2}$",
  "()|a",
  "(a|b)+(a+)b",
  ".c.",
];

const TEXTS = [
  "",
  "a",
  "aab",
  "abcdbcd",
  "xxz ab cab b",
  "bbabab",
  "Ab12 ab3 x9999",
  "a\nc\nb",
  "aaaa",
];

describe("a search in parts", () => {
  it.each(EXPRESSIONS)("finds what the library finds: %s", (expression) => {
    for (const ignoresCase of [false, true]) {
      const options = { isExtended: true, ignoresCase };
      const { re2, groups } = translateRegex(expression, true);
      const search = new PacedSearch(parseBacktracking(re2), groups, ignoresCase);
      for (const text of TEXTS) {
        for (let from = 0; from <= text.length; from += 1) {
          const parts = search.search(text, from);
          let part = parts.next();
          while (part.done !== true) part = parts.next();
          const asked = search.contains(text, from);
          let answer = asked.next();
          while (answer.done !== true) answer = asked.next();
          expect([text, from, answer.value]).toEqual([text, from, part.value !== null]);
          expect([text, from, part.value]).toEqual([
            text,
            from,
            compileRegex(expression, options).search(text, from),
          ]);
        }
      }
    }
  });

  it("stops in between, and two may go on at once", () => {
    const regex = compileRegex("(a|b)*(aa|ab)*c", { isExtended: true });
    const searches = ["a", "b"].map((letter) =>
      regex.searchInParts(`${letter.repeat(200_000)}c`, 0),
    );
    const ended = new Set<number>();
    let parts = 0;
    while (ended.size < searches.length) {
      for (const [index, search] of searches.entries()) {
        const part = search.next();
        parts += 1;
        if (part.done !== true || ended.has(index)) continue;
        ended.add(index);
        expect(part.value).toMatchObject({ start: 0, end: 200_001 });
      }
    }
    expect(parts).toBeGreaterThan(40);
  });
});
