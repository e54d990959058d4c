import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Builtin } from "./builtin.js";
import { change } from "./cd.js";
import { writeLater } from "./echo.js";

/** bash's `pushd`, `popd` and `dirs`. The stack holds what lies below the working directory. */
export const runPushd: Builtin = (shell, words) => {
  const stack = (shell.directoryStack ??= []);
  const target = words[1];
  const here = shell.variables.get("PWD") ?? shell.sys.cwd();
  if (target === undefined) {
    const top = stack[0];
    if (top === undefined) {
      throw new ShellError(errorMessage(shell, "no other directory"), 1, false);
    }
    change(shell, top, false, top);
    stack[0] = here;
  } else {
    change(shell, target, false, target);
    stack.unshift(here);
  }
  return writeLater(shell, `${listing(shell)}\n`);
};

export const runPopd: Builtin = (shell) => {
  const top = shell.directoryStack?.[0];
  if (top === undefined) {
    throw new ShellError(errorMessage(shell, "directory stack empty"), 1, false);
  }
  change(shell, top, false, top);
  shell.directoryStack?.shift();
  return writeLater(shell, `${listing(shell)}\n`);
};

export const runDirs: Builtin = (shell, words) => {
  if (words[1] === "-c") {
    shell.directoryStack = null;
    return 0;
  }
  return writeLater(shell, `${listing(shell)}\n`);
};

function listing(shell: Shell): string {
  const here = shell.variables.get("PWD") ?? shell.sys.cwd();
  const home = shell.variables.get("HOME") ?? "";
  return [here, ...(shell.directoryStack ?? [])]
    .map((path) =>
      home !== "" && (path === home || path.startsWith(`${home}/`))
        ? `~${path.slice(home.length)}`
        : path,
    )
    .join(" ");
}
