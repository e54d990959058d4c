import {
  claimNameOf,
  isClaimOfPod,
  isStatusError,
  type KubeObject,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Volume,
} from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import { ConfigError } from "../config-reader.js";
import type { MountedVolume } from "./container-mounts.js";
import { checkHostPath } from "./host-path.js";
import { unreachableSource } from "./unreachable-source.js";
import type { VolumeContext } from "./volume-plugins.js";

/** The volume is not even known yet: its claim is missing or not bound. pkg/kubelet/volumemanager/populator, 1.34: processed as an error of the pod. */
export class UnprocessedVolumeError extends ConfigError {}

/** A failure about a volume that has a name of its own. */
export class NamedVolumeError extends ConfigError {
  constructor(
    readonly volumeName: string,
    message: string,
  ) {
    super(message);
  }
}

/** A volume that a claim leads to. Throws UnprocessedVolumeError, NamedVolumeError. */
export function* setUpClaim(context: VolumeContext, volume: Volume): Call<MountedVolume> {
  const claim = yield* readClaim(context, volume);
  const name = claim.spec.volumeName ?? "";
  const persistent = yield* read<PersistentVolume>(context, "persistentvolumes", "", name, "PV");
  const { uid, namespace } = claim.metadata;
  if (persistent.spec.claimRef?.uid !== uid) {
    throw new UnprocessedVolumeError(
      `error processing PVC ${namespace}/${claim.metadata.name}: the PV ${name} is bound to another claim`,
    );
  }
  return {
    path: pathOf(context, persistent),
    isReadOnly: volume.persistentVolumeClaim?.readOnly === true,
  };
}

function pathOf(context: VolumeContext, volume: PersistentVolume): string {
  const { metadata, spec } = volume;
  const { files, handle } = context;
  try {
    const provisioned = context.localVolumes.setUp(volume);
    if (provisioned !== null) return provisioned;
    if (spec.hostPath !== undefined) return checkHostPath(files, spec.hostPath);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new NamedVolumeError(metadata.name, error.message);
  }
  if (spec.local === undefined) {
    throw new NamedVolumeError(metadata.name, unreachableSource(spec));
  }
  const { path } = spec.local;
  if (!files.exists(path))
    throw new NamedVolumeError(metadata.name, `path "${path}" does not exist`);
  const fsGroup = handle.pod.spec.securityContext?.fsGroup;
  if (fsGroup !== undefined) files.setGroupOwnership(path, fsGroup, false);
  return path;
}

/** desired_state_of_world_populator.go, 1.34: getPVCExtractPV. */
function* readClaim(context: VolumeContext, volume: Volume): Call<PersistentVolumeClaim> {
  const { pod } = context.handle;
  const { namespace } = pod.metadata;
  const name = claimNameOf(pod, volume) ?? "";
  const claim = yield* read<PersistentVolumeClaim>(
    context,
    "persistentvolumeclaims",
    namespace,
    name,
    "PVC",
  );
  const failed = (problem: string): UnprocessedVolumeError =>
    new UnprocessedVolumeError(`error processing PVC ${namespace}/${name}: ${problem}`);
  if (claim.metadata.deletionTimestamp !== undefined)
    throw failed(`can't start pod because PVC '${namespace}/${name}' is being deleted`);
  if (claim.status.phase !== "Bound" || (claim.spec.volumeName ?? "") === "")
    throw failed("PVC is not bound");
  if (volume.ephemeral !== undefined && !isClaimOfPod(pod, claim)) {
    const owner = `${namespace}/${pod.metadata.name}`;
    throw failed(`PVC ${namespace}/${name} was not created for pod ${owner} (pod is not owner)`);
  }
  return claim;
}

function* read<T extends KubeObject>(
  context: VolumeContext,
  resource: string,
  namespace: string,
  name: string,
  kind: string,
): Call<T> {
  try {
    return yield* context.client.get<T>(resource, namespace, name);
  } catch (error) {
    if (!isStatusError(error)) throw error;
    const about = namespace === "" ? name : `${namespace}/${name}`;
    throw new UnprocessedVolumeError(
      `error processing ${kind} ${about}: failed to fetch ${kind} from API server: ${error.message}`,
    );
  }
}
