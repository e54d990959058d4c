import {
  claimNameOf,
  claimNamesOf,
  findMatchingVolume,
  isBoundTo,
  isClaimOfPod,
  isFullyBound,
  matchesNodeSelectorTerm,
  NO_PROVISIONER,
  SELECTED_NODE,
  storageClassNameOf,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from "../api/index.js";
import { Informer, type Client } from "../client/index.js";
import type { ClaimChange, ClusterChange, Rejection } from "./filters/index.js";
import type { NodeInfo } from "./node-info.js";

/** What of a pod's volumes matters to placing it. */
export interface PodVolumes {
  /** Null when the node will do. */
  check(node: NodeInfo): Rejection | null;
}

/** What has to be decided for a pod's claims once its node is: which volume each takes, or that one is to be made there. */
export type Binding =
  | { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }
  | { readonly claim: PersistentVolumeClaim; readonly volume: null };

const PLUGIN = "VolumeBinding";

/** What the scheduler knows of claims and volumes. pkg/scheduler/framework/plugins/volumebinding, 1.34 */
export class VolumeCatalogue {
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #classes: Informer<StorageClass>;

  /** @param onChange told what changed, after it has */
  constructor(client: Client, onChange: (change: ClusterChange) => void) {
    this.#claims = new Informer<PersistentVolumeClaim>(client, "persistentvolumeclaims");
    this.#volumes = new Informer<PersistentVolume>(client, "persistentvolumes");
    this.#classes = new Informer<StorageClass>(client, "storageclasses.storage.k8s.io");
    const onClaim = ({ metadata }: PersistentVolumeClaim): void => {
      onChange(`claim:${metadata.namespace}/${metadata.name}`);
    };
    this.#claims.addHandlers({ onAdd: onClaim, onUpdate: onClaim, onDelete: onClaim });
    const onOther = (): void => {
      onChange("volume-changed");
    };
    this.#volumes.addHandlers({ onAdd: onOther, onUpdate: onOther, onDelete: onOther });
    this.#classes.addHandlers({ onAdd: onOther, onDelete: onOther });
  }

  start(): void {
    for (const informer of [this.#claims, this.#volumes, this.#classes]) informer.start();
  }

  /** Null for a pod without claims; a text where no node will do: volume_binding.go, 1.34, PreFilter. */
  volumesOf(pod: Pod): PodVolumes | string | null {
    const claims: PersistentVolumeClaim[] = [];
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume);
      if (name === null) continue;
      const claim = this.#claims.get(pod.metadata.namespace, name);
      const problem = problemWith(pod, name, volume.ephemeral !== undefined, claim);
      if (problem !== null) return problem;
      if (claim !== undefined) claims.push(claim);
    }
    if (claims.length === 0) return null;
    const isUnready = claims.some((claim) => !isFullyBound(claim) && !this.#isDelayed(claim));
    if (isUnready) return "pod has unbound immediate PersistentVolumeClaims";
    return { check: (node) => exclusive(claims, pod, node) ?? this.#check(claims, node) };
  }

  /** How the claims of a pod that are not bound yet are to be bound on a node; null when it is not the place for them any more. */
  bindingsOn(pod: Pod, node: Node): readonly Binding[] | null {
    const taken = new Set<string>();
    const bindings: Binding[] = [];
    for (const claim of this.claimsOf(pod)) {
      if (isFullyBound(claim)) continue;
      const volume = this.#staticMatch(claim, node, taken);
      if (volume !== null) taken.add(volume.metadata.name);
      else if (!this.#canProvision(claim)) return null;
      bindings.push({ claim, volume });
    }
    return bindings;
  }

  claimsOf(pod: Pod): readonly PersistentVolumeClaim[] {
    return (pod.spec.volumes ?? []).flatMap((volume) => {
      const name = claimNameOf(pod, volume);
      return name === null ? [] : (this.#claims.get(pod.metadata.namespace, name) ?? []);
    });
  }

  #check(claims: readonly PersistentVolumeClaim[], { node }: NodeInfo): Rejection | null {
    if (node === null) return null;
    const taken = new Set<string>();
    const reasons = new Set<string>();
    for (const claim of claims) {
      if (isFullyBound(claim)) {
        const volume = this.#volumes.get("", claim.spec.volumeName ?? "");
        if (volume === undefined) reasons.add(NO_VOLUME);
        else if (!isReachable(volume, node)) reasons.add(OUT_OF_REACH);
        continue;
      }
      const selected = claim.metadata.annotations?.[SELECTED_NODE];
      const volume = this.#staticMatch(claim, node, taken);
      if (volume !== null) taken.add(volume.metadata.name);
      else if (
        !this.#canProvision(claim) ||
        (selected ?? node.metadata.name) !== node.metadata.name
      )
        reasons.add(NOTHING_TO_BIND);
    }
    return reasons.size === 0 ? null : { plugin: PLUGIN, reasons: [...reasons], resolvable: false };
  }

  #staticMatch(
    claim: PersistentVolumeClaim,
    node: Node,
    taken: ReadonlySet<string>,
  ): PersistentVolume | null {
    const free = this.#volumes
      .list()
      .filter(
        (volume) =>
          !taken.has(volume.metadata.name) &&
          (volume.spec.claimRef === undefined || isBoundTo(volume, claim)),
      );
    return findMatchingVolume(claim, free, { isReachable: (volume) => isReachable(volume, node) });
  }

  #isDelayed(claim: PersistentVolumeClaim): boolean {
    return this.#classOf(claim)?.volumeBindingMode === "WaitForFirstConsumer";
  }

  #canProvision(claim: PersistentVolumeClaim): boolean {
    const provisioner = this.#classOf(claim)?.provisioner ?? "";
    return provisioner !== "" && provisioner !== NO_PROVISIONER;
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    return this.#classes.get("", storageClassNameOf(claim));
  }
}

/** plugins/volumebinding/binder.go, 1.34. */
const NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind";
const OUT_OF_REACH = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
/** plugins/volumerestrictions/volume_restrictions.go, 1.34. */
const IN_USE =
  "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";

/** volume_binding.go, 1.34: podHasPVCs. */
const problemWith = (
  pod: Pod,
  name: string,
  isEphemeral: boolean,
  claim: PersistentVolumeClaim | undefined,
): string | null => {
  if (claim === undefined) {
    return isEphemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`;
  }
  if (claim.status.phase === "Lost") {
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ""}"`;
  }
  if (claim.metadata.deletionTimestamp !== undefined)
    return `persistentvolumeclaim "${name}" is being deleted`;
  if (isEphemeral && !isClaimOfPod(pod, claim)) {
    const { namespace } = pod.metadata;
    return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
  }
  return null;
};

/** Changes of its own claims may help a pod. */
export const claimChangesOf = (pod: Pod): readonly ClaimChange[] =>
  claimNamesOf(pod).map((name): ClaimChange => `claim:${pod.metadata.namespace}/${name}`);

const isReachable = ({ spec }: PersistentVolume, node: Node): boolean => {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesNodeSelectorTerm(term, node));
};

/** A claim for one pod alone that another has: evicting that one could help. */
const exclusive = (
  claims: readonly PersistentVolumeClaim[],
  pod: Pod,
  node: NodeInfo,
): Rejection | null => {
  const names = new Set(
    claims
      .filter(({ spec }) => (spec.accessModes ?? []).includes("ReadWriteOncePod"))
      .map(({ metadata }) => metadata.name),
  );
  if (names.size === 0) return null;
  for (const { pod: other } of node.pods.values()) {
    if (other.metadata.namespace !== pod.metadata.namespace) continue;
    const isTaken = (other.spec.volumes ?? []).some((volume) =>
      names.has(claimNameOf(other, volume) ?? ""),
    );
    if (isTaken) return { plugin: "VolumeRestrictions", reasons: [IN_USE], resolvable: true };
  }
  return null;
};
