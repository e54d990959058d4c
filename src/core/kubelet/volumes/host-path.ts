import type { HostPathVolumeSource } from "../../api/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";

interface HostPathType {
  readonly accepts: ReturnType<NodeFiles["typeOf"]>;
  /** Behind `hostPath type check failed: <path>`. */
  readonly refusal: string;
  readonly make?: (files: NodeFiles, path: string) => void;
}

const makeDirectory = (files: NodeFiles, path: string): void => {
  files.makeDirectory(path, { mode: 0o755 });
};

/** Its directory is not made. */
const makeFile = (files: NodeFiles, path: string): void => {
  const directory = path.slice(0, path.lastIndexOf("/"));
  if (!files.exists(directory === "" ? "/" : directory)) {
    throw new ConfigError(`open ${path}: no such file or directory`);
  }
  files.writeFile(path, "", { mode: 0o644 });
};

/** pkg/volume/hostpath/host_path.go, 1.34: checkTypeInternal. */
const TYPES: Readonly<Record<string, HostPathType>> = {
  Directory: { accepts: "directory", refusal: "is not a directory" },
  DirectoryOrCreate: {
    accepts: "directory",
    refusal: "is not a directory",
    make: makeDirectory,
  },
  File: { accepts: "file", refusal: "is not a file" },
  FileOrCreate: { accepts: "file", refusal: "is not a file", make: makeFile },
  Socket: { accepts: "socket", refusal: "is not a socket file" },
  CharDevice: { accepts: "character", refusal: "is not a character device" },
  BlockDevice: { accepts: "block", refusal: "is not a block device" },
};

/** Checks, and where its type says so makes, what a hostPath volume points at (VOL-2). */
export function checkHostPath(files: NodeFiles, { path, type }: HostPathVolumeSource): string {
  const found = files.typeOf(path);
  if (type === undefined || type === "") {
    // The runtime makes a mount source that is missing.
    if (found === null) makeDirectory(files, path);
    return path;
  }
  const rule = TYPES[type];
  if (found === null && rule?.make !== undefined) rule.make(files, path);
  else if (rule === undefined || found !== rule.accepts) {
    const refusal = rule?.refusal ?? `has an unknown type ${type}`;
    throw new ConfigError(`hostPath type check failed: ${path} ${refusal}`);
  }
  return path;
}
