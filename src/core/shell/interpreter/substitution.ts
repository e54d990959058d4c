import { readAll } from "../io/read-file.js";
import type { Script } from "../grammar/index.js";
import type { Blocking } from "../syscall.js";
import { forkShell } from "./child.js";
import { keepsJobs, statusCode } from "./jobs.js";
import { FINAL } from "./outcome.js";
import { duplicateTo } from "./redirection.js";
import { runScript } from "./script-run.js";
import type { Shell } from "./shell.js";

/** `$( )`: runs the script in a child and gives what it wrote, without the newlines at the end. */
export function* substitute(shell: Shell, script: Script): Blocking<string> {
  const { sys } = shell;
  const [readEnd, writeEnd] = sys.pipe();
  let pid: number;
  try {
    pid = forkShell(shell, (child) => {
      child.sys.close(readEnd);
      child.substitutionDepth += 1;
      if (keepsJobs(child.dialect, script.commands)) child.jobs.inherit(shell.jobs);
      if (writeEnd !== 1) {
        child.sys.dup(writeEnd, 1);
        child.sys.close(writeEnd);
      }
      // Only dash's substitutions inherit errexit (shell/ash.c evalbackcmd), and bash's when told to (inherit_errexit).
      if (child.dialect !== "dash" && !child.shopt("inherit_errexit")) {
        child.options.errexit = false;
      }
      return runScript(child, script, FINAL);
    });
  } finally {
    sys.close(writeEnd);
  }
  let output = "";
  try {
    output = yield* readAll(sys, readEnd);
  } finally {
    sys.close(readEnd);
  }
  shell.substitutionStatus = statusCode(yield* shell.jobs.waitForeground(pid));
  shell.status = shell.substitutionStatus;
  return trimOutput(output.includes("\0") ? yield* withoutNuls(shell, output) : output);
}

const CHARACTERS_PER_PART = 65_536;
const STEPS_PER_PART = 64;

/** Variables cannot hold NUL bytes: they are left out, as ash and bash do. */
function* withoutNuls(shell: Shell, output: string): Blocking<string> {
  const parts: string[] = [];
  for (let at = 0; at < output.length; at += CHARACTERS_PER_PART) {
    parts.push(output.slice(at, at + CHARACTERS_PER_PART).replaceAll("\0", ""));
    yield* shell.sys.charge(STEPS_PER_PART);
  }
  return parts.join("");
}

function trimOutput(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 10) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** `<( )` and `>( )`: a child at the other end of a pipe, whose descriptor is named as a path. */
export function substituteProcess(shell: Shell, script: Script, direction: "<" | ">"): string {
  const { sys } = shell;
  const [readEnd, writeEnd] = sys.pipe();
  const [own, given] = direction === "<" ? [readEnd, writeEnd] : [writeEnd, readEnd];
  forkShell(shell, (child) => {
    child.sys.close(own);
    const standard = direction === "<" ? 1 : 0;
    if (given !== standard) {
      child.sys.dup(given, standard);
      child.sys.close(given);
    }
    return runScript(child, script, FINAL);
  });
  sys.close(given);
  let fd = own;
  for (fd = 63; sys.isOpen(fd) && fd > 10; fd -= 1);
  duplicateTo(shell, own, fd);
  sys.close(own);
  (shell.openSubstitutions ??= []).push(fd);
  return `/dev/fd/${String(fd)}`;
}
