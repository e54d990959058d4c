import { SysError } from "../syscall.js";
import { pathCandidates } from "../text/search-path.js";
import type { Shell } from "./shell.js";

export type Found = { readonly path: string } | { readonly errno: "ENOENT" | "EACCES" | "EISDIR" };

/** Where the words of a command lead on disk. A name with a slash is a path; others are looked for along PATH. */
export function findExecutable(
  shell: Shell,
  name: string,
  searchPath: string | null = null,
): Found {
  if (name.includes("/")) return { path: name };
  const path = searchPath ?? shell.variables.get("PATH") ?? "";
  if (searchPath !== null) return search(shell, name, path);
  if (shell.locations === null || shell.locationsPath !== path) {
    shell.locations = new Map();
    shell.locationsPath = path;
  }
  const known = shell.locations.get(name);
  // One look instead of two: nobody puts a directory in the place of a program.
  if (known !== undefined && mayExecute(shell, known)) return { path: known };
  const found = search(shell, name, path);
  if ("path" in found) shell.locations.set(name, found.path);
  return found;
}

function mayExecute(shell: Shell, path: string): boolean {
  try {
    return shell.sys.access(path, { execute: true });
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function search(shell: Shell, name: string, path: string): Found {
  let refused = false;
  for (const candidate of pathCandidates(name, path)) {
    const usable = isExecutable(shell, candidate);
    if (usable === true) return { path: candidate };
    if (usable === false) refused = true;
  }
  return { errno: refused ? "EACCES" : "ENOENT" };
}

/** Every place along PATH, for `type -a` and `which -a`. */
export function findAll(shell: Shell, name: string): string[] {
  const path = shell.variables.get("PATH") ?? "";
  const candidates = name.includes("/") ? [name] : [...pathCandidates(name, path)];
  return candidates.filter((candidate) => isExecutable(shell, candidate) === true);
}

/** Null: there is no such file (or a directory). */
export function isExecutable(shell: Shell, path: string): boolean | null {
  try {
    if (shell.sys.stat(path).type !== "file") return null;
    return shell.sys.access(path, { execute: true });
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}
