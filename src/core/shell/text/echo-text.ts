import type { Dialect } from "../grammar/index.js";
import type { Parts } from "../paced.js";
import { decodeEchoInParts } from "./escapes.js";

/**
 * What `echo` prints. dash interprets escapes always and knows only `-n`; ash, busybox and bash take `-n`, `-e` and `-E`, in one word or more.
 * @returns parts where there are escapes to decode
 */
export function echoText(
  words: readonly string[],
  dialect: Dialect,
  interprets = false,
): string | Parts<string> {
  let newline = true;
  let escapes = dialect === "dash" || interprets;
  let index = 1;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (dialect === "dash" ? word !== "-n" || index > 1 : !/^-[neE]+$/.test(word)) break;
    for (const letter of word.slice(1)) {
      if (letter === "n") newline = false;
      else escapes = letter === "e";
    }
  }
  const text = words.slice(index).join(" ");
  const end = newline ? "\n" : "";
  return escapes && text.includes("\\") ? decoded(text, end, dialect === "dash") : text + end;
}

function* decoded(text: string, end: string, isDash: boolean): Parts<string> {
  const { text: result, stops } = yield* decodeEchoInParts(text, isDash);
  return stops ? result : result + end;
}
