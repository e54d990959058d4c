import type { HostPathVolumeSource } from "../../api/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";

/** Checks, and where its type says so makes, what a hostPath volume points at (VOL-2). pkg/volume/hostpath/host_path.go, 1.34. */
export function checkHostPath(files: NodeFiles, { path, type }: HostPathVolumeSource): string {
  const found = files.typeOf(path);
  const refuse = (problem: string): never => {
    throw new ConfigError(`hostPath type check failed: ${path} ${problem}`);
  };
  switch (type ?? "") {
    case "":
      // The runtime makes a missing mount source.
      if (found === null) files.makeDirectory(path);
      return path;
    case "DirectoryOrCreate":
      if (found === null) files.makeDirectory(path, { mode: 0o755 });
      else if (found !== "directory") refuse("is not a directory");
      return path;
    case "FileOrCreate":
      if (found === null) files.writeFile(path, "", { mode: 0o644 });
      else if (found !== "file") refuse("is not a file");
      return path;
    case "Directory":
      return found === "directory" ? path : refuse("is not a directory");
    case "File":
      return found === "file" ? path : refuse("is not a file");
    case "Socket":
      return found === "socket" ? path : refuse("is not a socket file");
    case "CharDevice":
      return found === "character" ? path : refuse("is not a character device");
    case "BlockDevice":
      return found === "block" ? path : refuse("is not a block device");
    default:
      return refuse(`has an unknown type ${type ?? ""}`);
  }
}
