import type { Volume } from "../../api/index.js";
import type { Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import type { NodeFiles } from "../../vfs/index.js";
import { ConfigError } from "../config-reader.js";
import type { PodHandle } from "../pod-handle.js";
import { volumeDirectory } from "../pod-paths.js";
import type { SourceCache } from "../source-cache.js";
import { isSamePayload, writeAtomically, type ProjectedFile } from "./atomic-writer.js";
import { setUpClaim } from "./claim-volume.js";
import type { MountedVolume } from "./container-mounts.js";
import { setUpEmptyDir } from "./empty-dir.js";
import { checkHostPath } from "./host-path.js";
import type { LocalVolumes } from "./local-volumes.js";
import { memoryVolumeBytes } from "./memory-size.js";
import { unreachableSource } from "./unreachable-source.js";
import {
  isSameSight,
  look,
  projectedFiles,
  sourceOf,
  type ProjectionSource,
  type Sight,
} from "./projection.js";
import type { TokenManager } from "./service-account-token.js";

export interface VolumeContext {
  readonly handle: PodHandle;
  /** What was last seen for and written to each of the pod's volumes that are made from the API, by volume name. */
  readonly payloads: Map<string, Payload>;
  readonly client: Client;
  readonly sources: SourceCache;
  readonly localVolumes: LocalVolumes;
  readonly tokens: TokenManager;
  readonly files: NodeFiles;
  readonly nodeIp: string;
  readonly clusterDomain: string;
  nowMs(): number;
  allocatable(): Readonly<Record<string, string>>;
}

export interface Payload {
  readonly sight: Sight;
  readonly files: readonly ProjectedFile[];
}

/** Makes a volume and says where on the node it is; again and again does no harm. Throws ConfigError with what FailedMount says. */
export function* setUpVolume(context: VolumeContext, volume: Volume): Call<MountedVolume> {
  if (volume.hostPath !== undefined) {
    return { path: checkHostPath(context.files, volume.hostPath), isReadOnly: false };
  }
  if (volume.emptyDir !== undefined) {
    return { path: setUpEmptyDir(context, volume.name, volume.emptyDir), isReadOnly: false };
  }
  if (volume.image !== undefined) {
    return { path: "", isReadOnly: true, image: volume.image.reference ?? "" };
  }
  if (volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) {
    return yield* setUpClaim(context, volume);
  }
  const source = sourceOf(volume);
  if (source === null) {
    throw new ConfigError(unreachableSource(volume));
  }
  return yield* setUpProjection(context, volume.name, source);
}

/** All but configMap lie in memory: wrappedVolumeSpec of pkg/volume/{secret,downwardapi,projected}, 1.34. */
function* setUpProjection(
  context: VolumeContext,
  name: string,
  source: ProjectionSource,
): Call<MountedVolume> {
  const { files, handle, payloads } = context;
  const path = volumeDirectory(handle.uid, source.plugin, name);
  const mounted = { path, isReadOnly: true };
  const sight = yield* look(context, source);
  const last = payloads.get(name);
  if (last !== undefined && isSameSight(last.sight, sight)) return mounted;
  const payload = projectedFiles(context, source, sight);
  if (last !== undefined && isSamePayload(last.files, payload)) {
    payloads.set(name, { sight, files: payload });
    return mounted;
  }
  if (source.isInMemory) files.makeMemoryDirectory(path, memoryVolumeBytes(context, undefined));
  writeAtomically(files, path, payload, context.nowMs());
  payloads.set(name, { sight, files: payload });
  const fsGroup = handle.pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) files.setGroupOwnership(path, fsGroup, true);
  return mounted;
}
