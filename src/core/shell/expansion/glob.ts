import { GLOB_ENTRIES_PER_CHARGE, MAX_EXPANSION_WORDS } from "../limits.js";
import { NAME_BYTES } from "../../vfs/index.js";
import { wildcardInParts, type Wildcard } from "../pattern/wildcard.js";
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
  const root = /^\/+/.exec(pattern)?.[0] ?? "";
  let found: string[] = [root];
  let looked = 0;
  for (let at = root.length; at < pattern.length;) {
    const piece = pieceAt(pattern, at);
    at += piece.length;
    const isLast = at === pattern.length;
    const name = yield* matcherOf(piece.replace(/\/+$/, ""), options);
    if (name === null) return [];
    const next: string[] = [];
    for (const directory of found) {
      const matches = step(sys, directory, piece, name, isLast, options);
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

/** A name and the slashes after it; several slashes stay as written. */
function pieceAt(pattern: string, start: number): string {
  let end = pattern.indexOf("/", start);
  if (end < 0) return pattern.slice(start);
  while (pattern.charAt(end) === "/") end += 1;
  return pattern.slice(start, end);
}

/** The pattern of a name. */
interface NamePattern {
  readonly pattern: string;
  readonly matcher: Wildcard;
  /** The only name that it can be, when nothing in it is active. */
  readonly literal: string | null;
}

/** Null when no name is long enough for it. */
function* matcherOf(pattern: string, options: GlobOptions): Generator<void, NamePattern | null> {
  const text = options.ignoreCase ? pattern.toLowerCase() : pattern;
  const compiling = wildcardInParts(text, options.extended, NAME_BYTES);
  let part = compiling.next();
  for (; part.done !== true; part = compiling.next()) yield;
  const matcher = part.value;
  if (matcher === null) return null;
  const isPlain = matcher.literal !== null && !options.ignoreCase && !hasActive(pattern);
  return { pattern, matcher, literal: isPlain ? matcher.literal : null };
}

/** What one piece (`name` or `name/`) matches under a directory prefix. */
function step(
  sys: Sys,
  prefix: string,
  piece: string,
  name: NamePattern,
  isLast: boolean,
  options: GlobOptions,
): string[] {
  const slashes = piece.slice(name.pattern.length);
  if (options.deep && name.pattern === "**") return deepStep(sys, prefix, slashes, isLast, options);
  if (name.literal !== null) {
    const path = prefix + name.literal;
    return exists(sys, path, slashes !== "") ? [path + slashes] : [];
  }
  const names: string[] = [];
  for (const entry of entriesOf(sys, prefix)) {
    if (!isMatch(name.matcher, entry.name, name.pattern, options)) continue;
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
