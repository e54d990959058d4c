import {
  labelSelectorFrom,
  type OwnerReference,
  type Pod,
  type ReplicaSet,
} from "../../api/index.js";
import type { WorkQueue } from "../../client/index.js";
import { isReady } from "../endpoints/pod-address.js";
import { controllerOf } from "../controller-reference.js";
import { NAMESPACE_INDEX, type SharedInformers } from "../reconciler-context.js";
import type { Expectations } from "./expectations.js";
import { isActive, readySinceMs } from "./pod-availability.js";

/**
 * Tells the queue which sets to look at. A pod without a controller costs a glance at the sets of its namespace, and nothing where there are none.
 * pkg/controller/replicaset/replica_set.go addPod, updatePod, deletePod, 1.34
 */
export class ReplicaSetWatch {
  /** Sets that may find orphans to adopt. */
  readonly #mayAdopt = new Set<string>();
  /** The version of each set that its own last look has written: news of it are none. */
  readonly #written = new Map<string, string>();

  constructor(
    private readonly informers: SharedInformers,
    private readonly queue: WorkQueue,
    private readonly expectations: Expectations,
  ) {
    informers.pods.addHandlers({
      onAdd: (pod) => {
        this.#podAdded(pod);
      },
      onUpdate: (pod, previous) => {
        this.#podUpdated(pod, previous);
      },
      onDelete: (pod) => {
        this.#podDeleted(pod);
      },
    });
    informers.replicaSets.addHandlers({
      onAdd: (set) => {
        this.#mayAdopt.add(keyOf(set));
        this.#enqueue(set);
      },
      onUpdate: (set, previous) => {
        if (set.metadata.uid !== previous.metadata.uid) expectations.forget(keyOf(previous));
        if (this.#written.get(keyOf(set)) !== set.metadata.resourceVersion) this.#enqueue(set);
      },
      onDelete: (set) => {
        this.#mayAdopt.delete(keyOf(set));
        this.#written.delete(keyOf(set));
        expectations.forget(keyOf(set));
        this.#enqueue(set);
      },
    });
  }

  /** Whether there may be orphans for a set: asked once, it is for the asker to look. */
  takeOrphanCall(key: string): boolean {
    return this.#mayAdopt.delete(key);
  }

  /** They are still to be looked for. */
  putOrphanCall(key: string): void {
    this.#mayAdopt.add(key);
  }

  /** A look at this set has written it. */
  noteWritten(set: ReplicaSet): void {
    this.#written.set(keyOf(set), set.metadata.resourceVersion);
  }

  #podAdded(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#podDeleted(pod);
      return;
    }
    const controller = controllerOf(pod.metadata);
    if (controller === undefined) {
      this.#enqueueMatching(pod);
      return;
    }
    const set = this.#setOf(pod, controller);
    if (set === undefined) return;
    this.expectations.creationSeen(keyOf(set));
    this.#enqueue(set);
  }

  #podUpdated(pod: Pod, previous: Pod): void {
    const controller = controllerOf(pod.metadata);
    const before = controllerOf(previous.metadata);
    if (controller === undefined && before === undefined) {
      if (pod.metadata.labels !== previous.metadata.labels) this.#enqueueMatching(pod);
      return;
    }
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#podDeleted(pod);
      return;
    }
    if (controller?.uid !== before?.uid) this.#enqueue(this.#setOf(previous, before));
    else if (!changesSet(pod, previous)) return;
    if (controller === undefined) this.#enqueueMatching(pod);
    else this.#enqueue(this.#setOf(pod, controller));
  }

  #podDeleted(pod: Pod): void {
    const set = this.#setOf(pod, controllerOf(pod.metadata));
    if (set === undefined) return;
    this.expectations.deletionSeen(keyOf(set), pod.metadata.uid);
    this.#enqueue(set);
  }

  #setOf(pod: Pod, reference: OwnerReference | undefined): ReplicaSet | undefined {
    if (reference?.kind !== "ReplicaSet") return undefined;
    const set = this.informers.replicaSets.get(pod.metadata.namespace, reference.name);
    return set?.metadata.uid === reference.uid ? set : undefined;
  }

  #enqueueMatching(pod: Pod): void {
    const { namespace, labels } = pod.metadata;
    for (const set of this.informers.replicaSets.byIndex(NAMESPACE_INDEX, namespace)) {
      if (!labelSelectorFrom(set.spec.selector).matches(labels)) continue;
      this.#mayAdopt.add(keyOf(set));
      this.#enqueue(set);
    }
  }

  #enqueue(set: ReplicaSet | undefined): void {
    if (set !== undefined) this.queue.add(keyOf(set));
  }
}

/** Of what changes in a pod, this is what its set counts; a look at it for anything else would find nothing to do. */
const changesSet = (pod: Pod, previous: Pod): boolean =>
  pod.metadata.labels !== previous.metadata.labels ||
  isActive(pod) !== isActive(previous) ||
  isReady(pod) !== isReady(previous) ||
  readySinceMs(pod) !== readySinceMs(previous);

const keyOf = ({ metadata }: ReplicaSet): string => `${metadata.namespace}/${metadata.name}`;
