import { GLOB_ENTRIES_PER_CHARGE, MAX_EXPANSION_WORDS } from "../limits.js";
import { Wildcard, wildcard } from "../pattern/wildcard.js";
import { SysError, type DirectoryEntry, type Sys } from "../syscall.js";

export interface GlobOptions {
  /** bash's `dotglob`: a leading dot needs no dot in the pattern. */
  readonly dots: boolean;
  readonly extended: boolean;
  /** bash's `globstar`: `**` walks directories. */
  readonly deep: boolean;
  readonly ignoreCase: boolean;
}

export const PLAIN_GLOB: GlobOptions = {
  dots: false,
  extended: false,
  deep: false,
  ignoreCase: false,
};

/** The walk of one pattern. It stops after each bit of work, so that whoever drives it can let time pass; null: there is more than memory. */
export type GlobWalk = Generator<void, readonly string[] | null>;

/** The existing paths that match, sorted by bytes. */
export function* walkGlob(sys: Sys, pattern: string, options = PLAIN_GLOB): GlobWalk {
  const pieces = splitPath(pattern);
  let found: string[] = [pieces.root];
  let looked = 0;
  for (const [index, piece] of pieces.parts.entries()) {
    const isLast = index === pieces.parts.length - 1;
    const next: string[] = [];
    for (const directory of found) {
      const matches = step(sys, directory, piece, isLast, options);
      for (const path of matches) next.push(path);
      if (next.length > MAX_EXPANSION_WORDS) return null;
      looked += 1 + matches.length;
      if (looked < GLOB_ENTRIES_PER_CHARGE) continue;
      looked = 0;
      yield;
    }
    found = next;
    if (found.length === 0) return [];
  }
  return found.sort(byBytes);
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface PathPattern {
  readonly root: string;
  readonly parts: readonly string[];
}

/** Splits at slashes outside brackets; several slashes stay as written. */
function splitPath(pattern: string): PathPattern {
  const root = /^\/+/.exec(pattern)?.[0] ?? "";
  const parts = pattern.slice(root.length).match(/[^/]*\/*/g) ?? [];
  return { root, parts: parts.filter((part) => part !== "") };
}

/** What one piece (`name` or `name/`) matches under a directory prefix. */
function step(
  sys: Sys,
  prefix: string,
  piece: string,
  isLast: boolean,
  options: GlobOptions,
): string[] {
  const name = piece.replace(/\/+$/, "");
  const slashes = piece.slice(name.length);
  if (options.deep && name === "**") return deepStep(sys, prefix, slashes, isLast, options);
  const matcher = wildcard(options.ignoreCase ? name.toLowerCase() : name, options.extended);
  if (matcher.literal !== null && !options.ignoreCase && !hasActive(name)) {
    const path = prefix + matcher.literal;
    return exists(sys, path, slashes !== "") ? [path + slashes] : [];
  }
  const names: string[] = [];
  for (const entry of entriesOf(sys, prefix)) {
    if (!isMatch(matcher, entry.name, name, options)) continue;
    if (slashes !== "" && !isDirectory(sys, prefix, entry)) continue;
    names.push(prefix + entry.name + slashes);
  }
  // What comes sorted from each directory is nearly sorted as a whole.
  return names.sort(byBytes);
}

function hasActive(name: string): boolean {
  return /[*?[(]/.test(name.replace(/\\./gs, ""));
}

function isMatch(matcher: Wildcard, name: string, pattern: string, options: GlobOptions): boolean {
  const dotAllowed = options.dots && name !== "." && name !== "..";
  if (name.startsWith(".") && !dotAllowed && !/^\\?\./.test(pattern)) return false;
  return matcher.matches(options.ignoreCase ? name.toLowerCase() : name);
}

/** `.` and `..` are there for patterns that begin with a dot, as readdir gives them. */
function entriesOf(sys: Sys, prefix: string): readonly DirectoryEntry[] {
  try {
    const entries = sys.readDirectory(prefix === "" ? "." : prefix);
    const dots = [".", ".."].map((name) => ({ name, type: "directory" as const, inode: 0 }));
    return entries.some((entry) => entry.name === ".") ? entries : [...dots, ...entries];
  } catch (error) {
    if (error instanceof SysError) return [];
    throw error;
  }
}

function isDirectory(sys: Sys, prefix: string, entry: DirectoryEntry): boolean {
  if (entry.type === "directory") return true;
  return entry.type === "symlink" && exists(sys, prefix + entry.name, true);
}

function exists(sys: Sys, path: string, asDirectory: boolean): boolean {
  try {
    if (!asDirectory) {
      sys.lstat(path);
      return true;
    }
    return sys.stat(path).type === "directory";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

const MAX_DEEP_PATHS = 100_000;

/** `**`: nothing, or directories to any depth; as the last piece also files. */
function deepStep(
  sys: Sys,
  prefix: string,
  slashes: string,
  isLast: boolean,
  options: GlobOptions,
): string[] {
  const found: string[] = isLast ? [] : [prefix];
  const queue = [prefix];
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    for (const entry of entriesOf(sys, directory)) {
      if (entry.name === "." || entry.name === "..") continue;
      if (entry.name.startsWith(".") && !options.dots) continue;
      if (found.length >= MAX_DEEP_PATHS) return found;
      const path = directory + entry.name;
      if (entry.type === "directory") {
        queue.push(`${path}/`);
        found.push(isLast && slashes === "" ? path : `${path}/`);
      } else if (isLast && slashes === "") {
        found.push(path);
      }
    }
  }
  return found;
}
