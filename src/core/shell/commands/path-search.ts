import { SysError, type Sys } from "../syscall.js";
import { pathCandidates } from "../text/search-path.js";

const DEFAULT_PATH = "/sbin:/usr/sbin:/bin:/usr/bin";

/** The file that execvp(3) would run. @throws SysError ENOENT or EACCES */
export function findInPath(sys: Sys, name: string, path: string | undefined): string {
  if (name.includes("/")) return name;
  let refused = false;
  for (const candidate of pathCandidates(name, path ?? DEFAULT_PATH)) {
    const usable = isExecutable(sys, candidate);
    if (usable === true) return candidate;
    if (usable === false) refused = true;
  }
  throw new SysError(refused ? "EACCES" : "ENOENT");
}

/** All of them, for `which -a`. */
export function findAllInPath(sys: Sys, name: string, path: string | undefined): string[] {
  const all = name.includes("/") ? [name] : [...pathCandidates(name, path ?? DEFAULT_PATH)];
  return all.filter((candidate) => isExecutable(sys, candidate) === true);
}

function isExecutable(sys: Sys, path: string): boolean | null {
  try {
    if (sys.stat(path).type !== "file") return null;
    return sys.access(path, { execute: true });
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}
