import { SysError, type Sys } from "../syscall.js";

const MAX_DEPTH = 256;

/** A path and all below it, directories before what they hold, without following links. */
export function* walkTree(sys: Sys, path: string, depth = 0): Generator<string, void, unknown> {
  yield path;
  if (depth >= MAX_DEPTH || typeOf(sys, path) !== "directory") return;
  const prefix = path.endsWith("/") ? path : `${path}/`;
  for (const name of childNames(sys, path)) yield* walkTree(sys, prefix + name, depth + 1);
}

export function childNames(sys: Sys, path: string): string[] {
  try {
    return sys
      .readDirectory(path)
      .map(({ name }) => name)
      .filter((name) => name !== "." && name !== "..");
  } catch (error) {
    if (error instanceof SysError) return [];
    throw error;
  }
}

export function typeOf(sys: Sys, path: string): string | null {
  try {
    return sys.lstat(path).type;
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}
