import { errnoText } from "../errno-text.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { EXPORTED } from "../interpreter/variable.js";
import { writeNow } from "../io/write.js";
import { pathDirectories } from "../text/search-path.js";
import { SysError } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runCd: Builtin = (shell, words) => {
  let index = 1;
  let isPhysical = false;
  for (; /^-[LPe@]+$/.test(words[index] ?? ""); index += 1) {
    isPhysical = (words[index] ?? "").includes("P");
  }
  if (words[index] === "--") index += 1;
  if (shell.isBash && words.length > index + 1) {
    throw new ShellError(errorMessage(shell, "too many arguments"), 1, false);
  }
  const given = words[index];
  const target = given === undefined ? home(shell) : given === "-" ? previous(shell) : given;
  const found = findTarget(shell, target);
  change(shell, found.path, isPhysical, target);
  if (given !== "-" && !found.viaCdPath) return 0;
  const text = `${shell.variables.get("PWD") ?? ""}\n`;
  return writeNow(shell.sys, 1, text) ? 0 : writeLater(shell, text);
};

function home(shell: Shell): string {
  const path = shell.variables.get("HOME");
  if (path !== undefined) return path;
  if (shell.dialect !== "bash") return "";
  throw new ShellError(errorMessage(shell, "HOME not set"), 1, false);
}

function previous(shell: Shell): string {
  const path = shell.variables.get("OLDPWD");
  if (path !== undefined) return path;
  if (shell.dialect !== "bash") return shell.variables.get("PWD") ?? ".";
  throw new ShellError(errorMessage(shell, "OLDPWD not set"), 1, false);
}

/** CDPATH is looked through for paths that do not begin with a slash or a dot. */
function findTarget(shell: Shell, target: string): { path: string; viaCdPath: boolean } {
  const search = shell.variables.get("CDPATH");
  if (search === undefined || search === "" || /^\.{0,2}(\/|$)/.test(target)) {
    return { path: target, viaCdPath: false };
  }
  for (const directory of pathDirectories(search)) {
    const path = directory === "" ? target : `${directory}/${target}`;
    if (isDirectory(shell, path)) return { path, viaCdPath: directory !== "" };
  }
  return { path: target, viaCdPath: false };
}

function isDirectory(shell: Shell, path: string): boolean {
  try {
    return shell.sys.stat(path).type === "directory";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

export function change(shell: Shell, path: string, isPhysical: boolean, shown: string): void {
  const { sys, variables } = shell;
  if (path === "") return;
  const from = variables.get("PWD") ?? sys.cwd();
  const logical = normalize(path.startsWith("/") ? path : `${from === "/" ? "" : from}/${path}`);
  try {
    sys.chdir(isPhysical ? path : logical);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new ShellError(
      errorMessage(shell, cannot(shell, shown, error)),
      shell.isBash ? 1 : 2,
      false,
    );
  }
  const exported = shell.dialect === "dash" ? 0 : EXPORTED;
  variables.set("OLDPWD", from, exported);
  variables.set("PWD", isPhysical ? sys.cwd() : logical, exported);
}

function cannot(shell: Shell, path: string, error: SysError): string {
  switch (shell.dialect) {
    case "ash":
      return `can't cd to ${path}: ${errnoText(error.errno)}`;
    case "dash":
      return `can't cd to ${path}`;
    case "bash":
      return `${path}: ${errnoText(error.errno)}`;
  }
}

/** `..` takes off the name before it, as written and without looking at links. */
function normalize(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  // Two slashes at the start may mean something else than one, so they stay (POSIX 4.13).
  const root = /^\/\/(?!\/)/.test(path) ? "//" : "/";
  return root + names.join("/");
}
