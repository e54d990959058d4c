import {
  isStatusError,
  names,
  objectReference,
  type Pod,
  type ReplicaSet,
} from "../../api/index.js";
import type { Client, EventRecorder } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { controllerReference } from "../controller-reference.js";
import { SLOW_START_BATCH } from "../limits.js";

/** What became of a batch: how many were done, and the first thing that went wrong. */
export interface BatchOutcome {
  readonly done: number;
  readonly failure: string | null;
}

/** Makes pods and deletes them, and says so. pkg/controller/controller_utils.go RealPodControl, 1.34 */
export class PodControl {
  constructor(
    private readonly client: Client,
    private readonly events: EventRecorder,
  ) {}

  /** In batches that double: one after the first that failed is not tried. replica_set.go slowStartBatch, 1.34 */
  *createPods(owner: ReplicaSet, count: number): Call<BatchOutcome> {
    let done = 0;
    let batch = Math.min(count, SLOW_START_BATCH);
    while (batch > 0) {
      let failure: string | null = null;
      for (let index = 0; index < batch; index += 1) {
        const why = yield* this.#createPod(owner);
        if (why === null) done += 1;
        else failure ??= why;
      }
      if (failure !== null) return { done, failure };
      batch = Math.min(2 * batch, count - done);
    }
    return { done, failure: null };
  }

  /** @returns why it was not deleted; null when it was */
  *deletePod(owner: ReplicaSet, { metadata: { namespace, name } }: Pod): Call<string | null> {
    const about = objectReference(owner);
    try {
      yield* this.client.delete("pods", namespace, name);
      this.events.emit(about, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
      return null;
    } catch (error) {
      if (!isStatusError(error)) throw error;
      const { message } = error;
      if (error.status.reason === "NotFound") return message;
      this.events.emit(about, "Warning", "FailedDelete", `Error deleting: ${message}`);
      return `unable to delete pods: ${message}`;
    }
  }

  /** @returns why there is no pod; null also where the namespace goes away, which no other try would change */
  *#createPod(owner: ReplicaSet): Call<string | null> {
    const about = objectReference(owner);
    const pod = podOf(owner);
    if (Object.keys(pod.metadata.labels ?? {}).length === 0)
      return "unable to create pods, no labels";
    try {
      const { metadata } = yield* this.client.create<Pod>("pods", owner.metadata.namespace, pod);
      this.events.emit(about, "Normal", "SuccessfulCreate", `Created pod: ${metadata.name}`);
      return null;
    } catch (error) {
      if (!isStatusError(error)) throw error;
      if (isNamespaceTerminating(error.status.details?.causes)) return null;
      const { message } = error;
      this.events.emit(about, "Warning", "FailedCreate", `Error creating: ${message}`);
      return message;
    }
  }
}

const isNamespaceTerminating = (
  causes: readonly { readonly reason?: string }[] | undefined,
): boolean => causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;

/** controller_utils.go GetPodFromTemplate, 1.34 */
const podOf = (owner: ReplicaSet): Pod => {
  const { metadata = {}, spec } = owner.spec.template ?? {};
  const { labels, annotations, finalizers } = metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: prefixOf(owner.metadata.name),
      namespace: owner.metadata.namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerReference(owner, "replicasets.apps")],
    },
    spec,
  } as unknown as Pod;
};

/** controller_utils.go getPodsPrefix, 1.34: with a dash, where a name can have one. */
const prefixOf = (name: string): string =>
  names.nameIsDnsSubdomain(`${name}-`, true).length === 0 ? `${name}-` : name;
