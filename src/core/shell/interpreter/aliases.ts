import { readScript, type Command, type SimpleCommand } from "../grammar/index.js";
import { MAX_ALIAS_DEPTH } from "../limits.js";
import type { Shell } from "./shell.js";

/**
 * The command an alias stands for, read from its text; null when the first word is none. (Shells replace aliases while they read a line; here
 * the command is read again when it runs, which differs for an alias that is half a construct.)
 */
export function expandAlias(shell: Shell, command: SimpleCommand): Command | null {
  const { aliases } = shell;
  const first = command.words[0];
  if (aliases === null || first === undefined || !("segments" in first)) return null;
  if (shell.isBash && !shell.options.interactive && !shell.shopt("expand_aliases")) return null;
  const name = first.literal;
  if (name === null || name !== first.source || !aliases.has(name)) return null;
  const text = replaceAliases(aliases, name, command.source);
  if (text === null) return null;
  const script = readScript(text, shell.dialect, command.line);
  if (script.problem !== null) return null;
  return { kind: "list", commands: script.commands };
}

/** Assignments may stand before the name. A name quoted with a backslash is not looked up again. */
function replaceAliases(
  aliases: ReadonlyMap<string, string>,
  name: string,
  source: string,
): string | null {
  const seen = new Set<string>();
  let text = source;
  let word = name;
  for (let depth = 0; depth < MAX_ALIAS_DEPTH; depth += 1) {
    const value = aliases.get(word);
    if (value === undefined || seen.has(word)) break;
    seen.add(word);
    const at = text.indexOf(word);
    if (at < 0) return null;
    text = text.slice(0, at) + value + text.slice(at + word.length);
    const next = /^\s*([^\s;&|<>()'"\\$`]+)/.exec(text.slice(at));
    if (next?.[1] === undefined) break;
    word = next[1];
  }
  // The word that came out stands for itself now.
  const at = text.indexOf(word);
  return at < 0 || !seen.has(word) ? text : `${text.slice(0, at)}\\${text.slice(at)}`;
}
