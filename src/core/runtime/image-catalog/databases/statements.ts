import { readFile } from "../program-io.js";
import type { Blocking, Sys } from "../../../shell/index.js";

/** What a client is to run: its `-c` or `-e`, or else what stands on its standard input. */
export function* statementsOf(sys: Sys, given: string | null): Blocking<readonly string[]> {
  if (given !== null) return splitStatements(given);
  const bytes = (yield* readFile(sys, "/dev/stdin")) ?? new Uint8Array(0);
  return splitStatements(new TextDecoder().decode(bytes));
}

/** Statements end at semicolons outside of quotes; comments to the end of a line go. */
const splitStatements = (text: string): readonly string[] => {
  const statements: string[] = [];
  let start = 0;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (/['"`]/.test(character)) quote = character;
    else if (character === ";") {
      statements.push(text.slice(start, at));
      start = at + 1;
    }
  }
  statements.push(text.slice(start));
  return statements
    .map((statement) => statement.replace(/^\s*(?:--|#).*$/gm, "").trim())
    .filter((statement) => statement !== "");
};
