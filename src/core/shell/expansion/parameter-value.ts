import type { Shell } from "../interpreter/shell.js";
import { isArray, orderedValues } from "../interpreter/variable.js";

/** `$1`, `$?`, `$name`; `$@` and `$*` are lists and not read here. */
export function readParameter(shell: Shell, name: string): string | undefined {
  const code = name.charCodeAt(0);
  // Names are the common case.
  if (code === 95 ? name.length > 1 : (code >= 65 && code <= 90) || (code >= 97 && code <= 122)) {
    return shell.variables.get(name);
  }
  if (code >= 48 && code <= 57) return positional(shell, Number(name));
  switch (name) {
    case "?":
      return String(shell.status);
    case "#":
      return String(shell.positionalCount);
    case "$":
      return String(shell.pid);
    case "!":
      return shell.backgroundPid === null ? undefined : String(shell.backgroundPid);
    case "-":
      return shell.options.letters(shell.startLetters);
    default:
      return shell.variables.get(name);
  }
}

function positional(shell: Shell, index: number): string | undefined {
  return index === 0 ? shell.name : shell.positionalAt(index - 1);
}

/** The elements of `$@`, `$*`, `${x[@]}`, `${x[*]}`. */
export function readList(shell: Shell, name: string): readonly string[] {
  if (name === "@" || name === "*") return shell.positional;
  const variable = shell.variables.find(name);
  if (variable === undefined) return dynamicList(shell, name);
  return isArray(variable)
    ? orderedValues(variable)
    : variable.value === null
      ? []
      : [variable.value];
}

function dynamicList(shell: Shell, name: string): readonly string[] {
  if (name === "PIPESTATUS" && shell.isBash) {
    return (shell.pipeStatuses ?? [shell.status]).map(String);
  }
  if (name === "FUNCNAME" && shell.isBash) return [...(shell.functionNames ?? [])].reverse();
  const value = shell.variables.get(name);
  return value === undefined ? [] : [value];
}

/** What joins `"$*"`: the first character of `IFS`; a blank when it is unset. */
export function listJoint(shell: Shell): string {
  const ifs = shell.variables.get("IFS");
  return ifs === undefined ? " " : ifs.charAt(0);
}
