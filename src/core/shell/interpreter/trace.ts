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

export function* traceAssignment(shell: Shell, assignment: Assignment): Blocking<void> {
  if (!("segments" in assignment.value)) return;
  const value = shell.variables.get(assignment.name) ?? "";
  yield* traceLine(shell, `${assignment.name}=${quote(shell, value)}`);
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

export function* traceLine(shell: Shell, line: string): Blocking<void> {
  const prompt = shell.variables.get("PS4") ?? "+ ";
  shell.options.xtrace = false;
  let prefix = prompt;
  if (/[$`]/.test(prompt)) {
    prefix = yield* expandString(shell, convertExpandingWord(prompt, shell.dialect));
  }
  shell.options.xtrace = true;
  const xtraceFd = shell.dialect === "dash" ? undefined : shell.variables.get("BASH_XTRACEFD");
  const fd = xtraceFd !== undefined && /^\d+$/.test(xtraceFd) ? Number(xtraceFd) : 2;
  try {
    yield* writeText(shell.sys, fd, `${prefix}${line}\n`);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}
