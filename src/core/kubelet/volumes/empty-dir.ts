import type { EmptyDirVolumeSource } from "../../api/index.js";
import { ConfigError } from "../config-reader.js";
import { volumeDirectory } from "../pod-paths.js";
import { memoryVolumeBytes } from "./memory-size.js";
import type { VolumeContext } from "./volume-plugins.js";

/** VOL-3. pkg/volume/emptydir/empty_dir.go, 1.34: mode 0777, in memory that of a new tmpfs. */
export function setUpEmptyDir(
  context: VolumeContext,
  name: string,
  { medium = "", sizeLimit }: EmptyDirVolumeSource,
): string {
  const { files, handle } = context;
  const path = volumeDirectory(handle.uid, "kubernetes.io~empty-dir", name);
  if (files.exists(path)) return path;
  if (medium.startsWith("HugePages")) {
    throw new ConfigError(`mount failed: no huge pages of medium "${medium}" on this node`);
  }
  files.makeDirectory(path, { mode: 0o777 });
  if (medium === "Memory") files.mountMemory(path, memoryVolumeBytes(context, sizeLimit));
  const fsGroup = handle.pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) files.setGroupOwnership(path, fsGroup, false);
  return path;
}
