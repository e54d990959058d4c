import { SysError, type NodeFiles } from "../../vfs/index.js";

/** A subPath that leads out of its volume, or nowhere. */
export class UnsafeSubPathError extends Error {
  override readonly name = "UnsafeSubPathError";

  constructor(readonly step: "create" | "prepare") {
    super(`subPath failed at: ${step}`);
  }
}

/**
 * The real path of a subPath, made when it is missing, with the mode of the volume (VOL-6). Links may lead anywhere within the volume and nowhere else.
 * Throws UnsafeSubPathError. pkg/volume/util/subpath/subpath_linux.go, 1.34: SafeMakeDir and PrepareSafeSubpath.
 */
export function provisionSubPath(files: NodeFiles, volumePath: string, subPath: string): string {
  const base = files.realPath(volumePath) ?? volumePath;
  const path = `${base}/${subPath}`;
  if (!files.exists(path)) makeWithin(files, base, subPath);
  const real = files.realPath(path);
  if (real === null || !isWithin(real, base)) throw new UnsafeSubPathError("prepare");
  return real;
}

/** Directories that are missing are made one by one, below one that really is in the volume. */
function makeWithin(files: NodeFiles, base: string, subPath: string): void {
  const mode = files.modeOf(base) ?? 0o755;
  let at = base;
  for (const name of subPath.split("/")) {
    if (name === "" || name === ".") continue;
    const next = `${at}/${name}`;
    const real = files.realPath(next);
    if (real === null) makeOne(files, next, mode);
    else if (!isWithin(real, base)) throw new UnsafeSubPathError("create");
    at = real ?? next;
  }
}

function makeOne(files: NodeFiles, path: string, mode: number): void {
  try {
    files.makeDirectory(path, { mode });
  } catch (error) {
    // A file or a link that leads nowhere is in the way.
    if (error instanceof SysError) throw new UnsafeSubPathError("create");
    throw error;
  }
}

const isWithin = (path: string, base: string): boolean =>
  path === base || path.startsWith(`${base}/`);
