import type { Dialect } from "../grammar/index.js";
import { decodeEchoEscapes } from "./escapes.js";

/**
 * What `echo` prints. dash interprets escapes always and knows only `-n`; ash, busybox and bash take `-n`, `-e` and `-E`, in one word or more.
 */
export function echoText(words: readonly string[], dialect: Dialect, interprets = false): string {
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
  if (!escapes || !text.includes("\\")) return text + end;
  const decoded = decodeEchoEscapes(text, dialect === "dash");
  return decoded.stops ? decoded.text : decoded.text + end;
}
