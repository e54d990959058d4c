import { parseQuantity, asInteger, type Volume } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";
import type { PodHandle } from "../pod-handle.js";
import { volumeDirectory } from "../pod-paths.js";
import type { SourceCache } from "../source-cache.js";
import { isSamePayload, writeAtomically, type ProjectedFile } from "./atomic-writer.js";
import { checkHostPath } from "./host-path.js";
import { projectedFiles, sourceOf } from "./projection.js";
import type { TokenManager } from "./service-account-token.js";

export interface VolumeContext {
  readonly handle: PodHandle;
  /** What was last written to each of the pod's volumes that are made from the API, by volume name. */
  readonly payloads: Map<string, readonly ProjectedFile[]>;
  readonly sources: SourceCache;
  readonly tokens: TokenManager;
  readonly files: NodeFiles;
  readonly nodeIp: string;
  readonly clusterDomain: string;
  nowMs(): number;
  allocatable(): Readonly<Record<string, string>>;
}

/** Makes a volume and returns its path on the node; again and again does no harm. Throws ConfigError with what FailedMount says. */
export function* setUpVolume(context: VolumeContext, volume: Volume): Call<string> {
  if (volume.hostPath !== undefined) return checkHostPath(context.files, volume.hostPath);
  if (volume.emptyDir !== undefined) return setUpEmptyDir(context, volume);
  const source = sourceOf(volume);
  if (source === null) {
    throw new ConfigError(`no volume plugin matched name: ${volume.name}`);
  }
  const path = volumeDirectory(context.handle.uid, source.plugin, volume.name);
  const payload = yield* projectedFiles(context, source);
  if (isSamePayload(context.payloads.get(volume.name), payload)) return path;
  writeAtomically(context.files, path, payload, context.nowMs());
  context.payloads.set(volume.name, payload);
  const fsGroup = context.handle.pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) context.files.setGroupOwnership(path, fsGroup, false);
  return path;
}

export function tearDownVolume(files: NodeFiles, path: string): void {
  if (files.isMountPoint(path)) files.unmount(path);
}

/** VOL-3. pkg/volume/emptydir/empty_dir.go, 1.34: mode 0777. */
function setUpEmptyDir(context: VolumeContext, volume: Volume): string {
  const { files, handle } = context;
  const path = volumeDirectory(handle.uid, "kubernetes.io~empty-dir", volume.name);
  if (files.exists(path)) return path;
  files.makeDirectory(path, { mode: 0o777 });
  const { medium, sizeLimit } = volume.emptyDir ?? {};
  if (medium === "Memory") {
    files.mountMemory(path, sizeLimit === undefined ? null : asInteger(parseQuantity(sizeLimit)));
    files.changeMode(path, 0o777);
  }
  const fsGroup = handle.pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) files.setGroupOwnership(path, fsGroup, false);
  return path;
}
