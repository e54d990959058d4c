import { expandString } from "../expansion/expand.js";
import { convertExpandingWord, type Assignment, type SimpleCommand } from "../grammar/index.js";
import { writeText } from "../io/write.js";
import { SysError, type Blocking } from "../syscall.js";
import { ashTraceQuote, bashTraceQuote } from "./quoting.js";
import type { Shell } from "./shell.js";

/** `set -x`: the command as it will run, after PS4. */
export function* traceCommand(
  shell: Shell,
  command: SimpleCommand,
  words: readonly string[],
): Blocking<void> {
  const assignments = command.assignments
    .filter((assignment) => "segments" in assignment.value)
    .map(({ name }) => `${name}=${quote(shell, shell.variables.get(name) ?? "")}`);
  if (shell.isBash) {
    // bash gives each assignment a line of its own.
    for (const assignment of assignments) yield* traceLine(shell, assignment);
    yield* traceLine(shell, words.map((word) => quote(shell, word)).join(" "));
    return;
  }
  const quoted = words.map((word) => quote(shell, word));
  yield* traceLine(shell, [...assignments, ...quoted].join(" "));
}

/** bash gives each assignment a line of its own. `prompt` is PS4 as it was before them. */
export function* traceAssignments(
  shell: Shell,
  assignments: readonly Assignment[],
  prompt: string | undefined,
): Blocking<void> {
  const shown = assignments
    .filter((assignment) => "segments" in assignment.value)
    .map(({ name }) => `${name}=${quote(shell, shell.variables.get(name) ?? "")}`);
  if (shown.length === 0) return;
  const lines = shell.isBash ? shown : [shown.join(" ")];
  for (const line of lines) yield* traceLine(shell, line, prompt);
}

/** dash does not quote what it traces. */
function quote(shell: Shell, word: string): string {
  switch (shell.dialect) {
    case "ash":
      return ashTraceQuote(word);
    case "dash":
      return word;
    case "bash":
      return bashTraceQuote(word);
  }
}

export function* traceLine(
  shell: Shell,
  line: string,
  prompt = shell.variables.get("PS4") ?? "+ ",
): Blocking<void> {
  shell.options.xtrace = false;
  let prefix = prompt;
  if (/[$`]/.test(prompt)) {
    prefix = yield* expandString(shell, convertExpandingWord(prompt, shell.dialect));
  }
  shell.options.xtrace = true;
  // bash repeats the first character for each level of substitution.
  if (shell.isBash) prefix = prefix.charAt(0).repeat(shell.substitutionDepth) + prefix;
  const xtraceFd = shell.dialect === "dash" ? undefined : shell.variables.get("BASH_XTRACEFD");
  const fd = xtraceFd !== undefined && /^\d+$/.test(xtraceFd) ? Number(xtraceFd) : 2;
  try {
    yield* writeText(shell.sys, fd, `${prefix}${line}\n`);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}
