import { errorMessage } from "../interpreter/messages.js";
import { optionNames } from "../interpreter/options.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

// bash 5.2 builtins/shopt.def
const NAMES =
  "autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo".split(
    " ",
  );

export const runShopt: Builtin = (shell, words) => shopt(shell, words);

function* shopt(shell: Shell, words: readonly string[]): Blocking<number> {
  let letters = "";
  let index = 1;
  for (; /^-[supqo]+$/.test(words[index] ?? ""); index += 1) letters += words[index] ?? "";
  const names = words.slice(index);
  const usesSetOptions = letters.includes("o");
  const known = usesSetOptions ? optionNames("bash").map(({ name }) => name) : NAMES;
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new ShellError(errorMessage(shell, `${name}: invalid shell option name`), 1, false);
  }
  if (/[su]/.test(letters) && names.length > 0) {
    for (const name of names) set(shell, name, letters.includes("s"), usesSetOptions);
    return 0;
  }
  const isOn = (name: string): boolean =>
    usesSetOptions ? shell.options.get(name) : shell.shopt(name);
  if (letters.includes("q")) return names.every(isOn) ? 0 : 1;
  const shown = (names.length > 0 ? names : known).filter(
    (name) => names.length > 0 || !/[su]/.test(letters) || isOn(name) === letters.includes("s"),
  );
  const lines = shown.map((name) =>
    letters.includes("p")
      ? `shopt -${isOn(name) ? "s" : "u"} ${name}\n`
      : `${name.padEnd(15)}\t${isOn(name) ? "on" : "off"}\n`,
  );
  yield* writeLater(shell, lines.join(""));
  return names.length === 0 || names.every(isOn) ? 0 : 1;
}

function set(shell: Shell, name: string, on: boolean, isSetOption: boolean): void {
  if (isSetOption) {
    shell.options.set(name, on);
    return;
  }
  shell.shoptNames ??= new Set();
  if (on) shell.shoptNames.add(name);
  else shell.shoptNames.delete(name);
}
