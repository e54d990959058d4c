import {
  BETA_STORAGE_PROVISIONER,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  findMatchingVolume,
  isBoundTo,
  NO_PROVISIONER,
  objectReference,
  PROVISIONED_BY,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
  storageClassNameOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from "../../api/index.js";
import { EventRecorder, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { claimRefOf } from "./claim-reference.js";

const COMPONENT = "persistentvolume-controller";

/** Binds claims to volumes and says what becomes of volumes without a claim. pkg/controller/volume/persistentvolume/pv_controller.go, 1.34 */
export const startVolumeBinder = (context: ReconcilerContext): void => {
  new VolumeBinder(context).start();
};

class VolumeBinder {
  readonly #claims: WorkQueue;
  readonly #volumes: WorkQueue;
  readonly #events: EventRecorder;

  constructor(private readonly context: ReconcilerContext) {
    const { engine, client } = context;
    this.#claims = new WorkQueue(engine);
    this.#volumes = new WorkQueue(engine);
    this.#events = new EventRecorder({ engine, client, component: COMPONENT });
  }

  start(): void {
    const { claims, volumes, storageClasses } = this.context.informers;
    const lookAtClaim = (claim: PersistentVolumeClaim): void => {
      this.#claims.add(keyOf(claim));
    };
    const onClaim = (claim: PersistentVolumeClaim): void => {
      lookAtClaim(claim);
      if ((claim.spec.volumeName ?? "") !== "") this.#volumes.add(claim.spec.volumeName ?? "");
    };
    claims.addHandlers({ onAdd: onClaim, onUpdate: onClaim, onDelete: onClaim });
    const onVolume = (volume: PersistentVolume): void => {
      this.#volumes.add(volume.metadata.name);
      const { claimRef } = volume.spec;
      if (claimRef !== undefined) this.#claims.add(`${claimRef.namespace}/${claimRef.name}`);
      else if (volume.status.phase === "Available") this.#lookAtPending(lookAtClaim);
    };
    volumes.addHandlers({ onAdd: onVolume, onUpdate: onVolume, onDelete: onVolume });
    storageClasses.addHandlers({
      onAdd: () => {
        this.#lookAtPending(lookAtClaim);
      },
    });
    this.#claims.startWorker("volume-binder/claims", (key) => this.#syncClaim(key));
    this.#volumes.startWorker("volume-binder/volumes", (name) => this.#syncVolume(name));
  }

  #lookAtPending(look: (claim: PersistentVolumeClaim) => void): void {
    for (const claim of this.context.informers.claims.list())
      if (claim.status.phase === "Pending") look(claim);
  }

  *#syncClaim(key: string): Call<void> {
    const { claims, volumes, storageClasses } = this.context.informers;
    yield* volumes.waitForSync();
    yield* storageClasses.waitForSync();
    const slash = key.indexOf("/");
    const claim = claims.get(key.slice(0, slash), key.slice(slash + 1));
    if (claim === undefined) return;
    if (claim.metadata.annotations?.[BIND_COMPLETED] === undefined) yield* this.#syncUnbound(claim);
    else yield* this.#syncBound(claim);
  }

  *#syncUnbound(claim: PersistentVolumeClaim): Call<void> {
    const { volumes } = this.context.informers;
    const { volumeName = "" } = claim.spec;
    if (volumeName !== "") {
      const volume = volumes.get("", volumeName);
      const isFree = volume !== undefined && volume.spec.claimRef === undefined;
      if (isFree || (volume !== undefined && isBoundTo(volume, claim)))
        yield* this.#bind(volume, claim);
      return;
    }
    const storageClass = this.#classOf(claim);
    const isDelayed = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
    const match = findMatchingVolume(claim, volumes.list(), { onlyReserved: isDelayed });
    if (match !== null) yield* this.#bind(match, claim);
    else if (isDelayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined)
      this.#tellWhatIsAwaited(claim);
    else if (storageClassNameOf(claim) !== "") yield* this.#askForVolume(claim, storageClass);
    else
      this.#emit(
        claim,
        "Normal",
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
      );
  }

  /** pv_controller.go, 1.34: emitEventForUnboundDelayBindingClaim. */
  #tellWhatIsAwaited(claim: PersistentVolumeClaim): void {
    const { namespace, name } = claim.metadata;
    const waiting = this.context.informers
      .podsOfClaim(namespace, name)
      .filter(({ spec }) => (spec.nodeName ?? "") === "")
      .map(({ metadata }) => metadata.name);
    if (waiting.length === 0) {
      const message = "waiting for first consumer to be created before binding";
      this.#emit(claim, "Normal", "WaitForFirstConsumer", message);
      return;
    }
    const who = waiting.length > 1 ? `pods ${waiting.join(",")}` : `pod ${waiting.join("")}`;
    this.#emit(claim, "Normal", "WaitForPodScheduled", `waiting for ${who} to be scheduled`);
  }

  /** pv_controller.go, 1.34: provisionClaim, for provisioners that are programs of their own; there are no others here. */
  *#askForVolume(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): Call<void> {
    if (storageClass === undefined) {
      const message = `storageclass.storage.k8s.io "${storageClassNameOf(claim)}" not found`;
      this.#emit(claim, "Warning", "ProvisioningFailed", message);
      return;
    }
    const { provisioner } = storageClass;
    if (provisioner.startsWith("kubernetes.io/")) {
      const message = `no volume plugin matched name: ${provisioner}`;
      if (provisioner !== NO_PROVISIONER)
        this.#emit(claim, "Warning", "ProvisioningFailed", message);
      return;
    }
    if (claim.metadata.annotations?.[STORAGE_PROVISIONER] === provisioner) return;
    const message =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. ` +
      "If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
    this.#emit(claim, "Normal", "ExternalProvisioning", message);
    yield* this.#annotateClaim(claim, {
      [BETA_STORAGE_PROVISIONER]: provisioner,
      [STORAGE_PROVISIONER]: provisioner,
    });
  }

  *#syncBound(claim: PersistentVolumeClaim): Call<void> {
    const { volumeName = "" } = claim.spec;
    const volume =
      volumeName === "" ? undefined : this.context.informers.volumes.get("", volumeName);
    if (volumeName === "")
      yield* this.#lose(
        claim,
        "ClaimLost",
        "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
      );
    else if (volume === undefined)
      yield* this.#lose(
        claim,
        "ClaimLost",
        "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
      );
    else if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid)
      yield* this.#bind(volume, claim);
    else
      yield* this.#lose(
        claim,
        "ClaimMisbound",
        "Two claims are bound to the same volume, this one is bound incorrectly",
      );
  }

  /** Four steps, each of which may have been done before: pv_controller.go, 1.34, bind. */
  *#bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Call<void> {
    const { client } = this.context;
    const { claimRef } = volume.spec;
    if (claimRef?.uid !== claim.metadata.uid) {
      const isOurs = claimRef === undefined;
      yield* ignoreRefusal(
        client.patch("persistentvolumes", "", volume.metadata.name, {
          type: "merge",
          body: {
            metadata: {
              resourceVersion: volume.metadata.resourceVersion,
              ...(isOurs ? { annotations: { [BOUND_BY_CONTROLLER]: "yes" } } : {}),
            },
            spec: { claimRef: claimRefOf(claim) },
          },
        }),
      );
      // The change comes back as an event, and the claim with it.
      return;
    }
    yield* this.#setPhase(volume, "Bound");
    yield* this.#bindClaim(volume, claim);
  }

  *#bindClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): Call<void> {
    const { client } = this.context;
    const { metadata, spec, status } = claim;
    const { namespace, name } = metadata;
    const isNamed = spec.volumeName === volume.metadata.name;
    if (!isNamed || metadata.annotations?.[BIND_COMPLETED] === undefined) {
      const annotations = {
        [BIND_COMPLETED]: "yes",
        ...(isNamed ? {} : { [BOUND_BY_CONTROLLER]: "yes" }),
      };
      yield* ignoreRefusal(
        client.patch("persistentvolumeclaims", namespace, name, {
          type: "merge",
          body: { metadata: { annotations }, spec: { volumeName: volume.metadata.name } },
        }),
      );
    }
    const { accessModes = [], capacity = {} } = volume.spec;
    if (status.phase === "Bound") return;
    yield* ignoreRefusal(
      client.patch("persistentvolumeclaims", namespace, name, {
        type: "merge",
        subresource: "status",
        body: { status: { phase: "Bound", accessModes, capacity } },
      }),
    );
  }

  *#lose(claim: PersistentVolumeClaim, reason: string, message: string): Call<void> {
    if (claim.status.phase === "Lost") return;
    const { namespace, name } = claim.metadata;
    yield* ignoreRefusal(
      this.context.client.patch("persistentvolumeclaims", namespace, name, {
        type: "merge",
        subresource: "status",
        body: { status: { phase: "Lost", accessModes: null, capacity: null } },
      }),
    );
    this.#emit(claim, "Warning", reason, message);
  }

  *#syncVolume(name: string): Call<void> {
    const { claims, volumes } = this.context.informers;
    yield* claims.waitForSync();
    const volume = volumes.get("", name);
    if (volume === undefined) return;
    const { claimRef } = volume.spec;
    if (claimRef === undefined || (claimRef.uid ?? "") === "") {
      yield* this.#setPhase(volume, "Available");
      return;
    }
    const claim = claims.get(claimRef.namespace ?? "", claimRef.name ?? "");
    if (claim === undefined || claim.metadata.uid !== claimRef.uid) yield* this.#release(volume);
    else if ((claim.spec.volumeName ?? "") === "") this.#claims.add(keyOf(claim));
    else if (claim.spec.volumeName === name) yield* this.#setPhase(volume, "Bound");
    else if (volume.metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined)
      yield* this.#unbind(volume);
  }

  /** The claim is gone. What was provisioned is taken away by who made it; what was made by hand cannot be. */
  *#release(volume: PersistentVolume): Call<void> {
    const { status, spec, metadata } = volume;
    if (status.phase === "Failed") return;
    if (status.phase !== "Released") {
      yield* this.#setPhase(volume, "Released");
      return;
    }
    const isByHand = metadata.annotations?.[PROVISIONED_BY] === undefined;
    if (spec.persistentVolumeReclaimPolicy !== "Delete" || !isByHand) return;
    const message = `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`;
    yield* this.#setPhase(volume, "Failed", message);
    this.#emit(volume, "Warning", "VolumeFailedDelete", message);
  }

  /** The claim that it was meant for took another. */
  *#unbind({ metadata }: PersistentVolume): Call<void> {
    yield* ignoreRefusal(
      this.context.client.patch("persistentvolumes", "", metadata.name, {
        type: "merge",
        body: {
          metadata: {
            resourceVersion: metadata.resourceVersion,
            annotations: { [BOUND_BY_CONTROLLER]: null },
          },
          spec: { claimRef: null },
        },
      }),
    );
  }

  *#setPhase(volume: PersistentVolume, phase: string, message = ""): Call<void> {
    if (volume.status.phase === phase) return;
    yield* ignoreRefusal(
      this.context.client.patch("persistentvolumes", "", volume.metadata.name, {
        type: "merge",
        subresource: "status",
        body: { status: { phase, ...(message === "" ? {} : { message }) } },
      }),
    );
  }

  *#annotateClaim(
    { metadata }: PersistentVolumeClaim,
    annotations: Readonly<Record<string, string>>,
  ): Call<void> {
    yield* ignoreRefusal(
      this.context.client.patch("persistentvolumeclaims", metadata.namespace, metadata.name, {
        type: "merge",
        body: { metadata: { annotations } },
      }),
    );
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    const name = storageClassNameOf(claim);
    return name === "" ? undefined : this.context.informers.storageClasses.get("", name);
  }

  #emit(
    about: PersistentVolume | PersistentVolumeClaim,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
  ): void {
    this.#events.emit(objectReference(about), type, reason, message);
  }
}

const keyOf = ({ metadata }: PersistentVolumeClaim): string =>
  `${metadata.namespace}/${metadata.name}`;
