import { elementKey } from "../expansion/arithmetic-expansion.js";
import { appletMessage, errorMessage } from "../interpreter/messages.js";
import type { Shell } from "../interpreter/shell.js";
import { writeNow, writeError } from "../io/write.js";
import { paced, type Parts } from "../paced.js";
import type { Outcome } from "../interpreter/outcome.js";
import type { Blocking } from "../syscall.js";
import {
  formatPrintfInParts,
  wholeText,
  writeFormatted,
  type Formatted,
} from "../text/format-printf.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";
import { setValue } from "./export.js";

export const runPrintf: Builtin = (shell, words) => {
  let index = 1;
  let variable: string | null = null;
  if (shell.isBash && words[index] === "-v") {
    variable = words[index + 1] ?? "";
    index += 2;
  }
  if (words[index] === "--") index += 1;
  const format = words[index];
  if (format === undefined) return usage(shell);
  const operands = words.slice(index + 1);
  const parts = formatPrintfInParts(format, operands, shell.dialect, shell.sys.nowMs());
  const first = parts.next();
  if (first.done === true) return put(shell, variable, first.value);
  return putLater(shell, variable, parts, first.value);
};

function put(shell: Shell, variable: string | null, made: Formatted): Outcome {
  if (variable !== null) {
    store(shell, variable, wholeText(made));
    return made.problems.length === 0 ? 0 : complain(shell, { ...made, pieces: [], text: "" });
  }
  if (made.problems.length > 0) return complain(shell, made);
  if (made.pieces.length > 0) return writeAll(shell, made);
  return writeNow(shell.sys, 1, made.text) ? 0 : writeLater(shell, made.text);
}

/** Where the words are so long that formatting them takes its time. */
function* putLater(
  shell: Shell,
  variable: string | null,
  parts: Parts<Formatted>,
  firstSteps: number,
): Blocking<number> {
  yield* shell.sys.charge(firstSteps);
  const outcome = put(shell, variable, yield* paced(shell.sys, parts));
  return typeof outcome === "number" ? outcome : yield* outcome;
}

function* writeAll(shell: Shell, made: Formatted): Blocking<number> {
  yield* writeFormatted(shell.sys, 1, made);
  return 0;
}

function store(shell: Shell, target: string, text: string): void {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(target);
  if (element === null) {
    setValue(shell, target, text);
    return;
  }
  const name = element[1] ?? "";
  const key = elementKey(shell, shell.variables.find(name), element[2] ?? "");
  shell.variables.setElement(name, key, text);
}

function* usage(shell: Shell): Blocking<number> {
  switch (shell.dialect) {
    case "ash":
      yield* writeError(shell.sys, appletMessage(shell, "usage: printf FORMAT [ARGUMENT...]"));
      return 2;
    case "dash":
      yield* writeError(shell.sys, errorMessage(shell, "usage: printf format [arg ...]"));
      return 2;
    case "bash":
      yield* writeError(shell.sys, "printf: usage: printf [-v var] format [arguments]\n");
      return 2;
  }
}

function* complain(shell: Shell, made: Formatted): Blocking<number> {
  for (const problem of made.problems) {
    yield* writeError(shell.sys, appletMessage(shell, problem));
  }
  yield* writeFormatted(shell.sys, 1, made);
  return shell.dialect === "dash" && made.isBroken ? 2 : 1;
}
