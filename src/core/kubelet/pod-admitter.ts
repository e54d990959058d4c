import type { Node, Pod } from "../api/index.js";
import { isStatusError } from "../api/index.js";
import { Signal, waitFor, type Call } from "../engine/index.js";
import {
  isCriticalPod,
  isToBeAdmitted,
  rejectionOf,
  type NodeConditionsForAdmission,
  type Rejection,
} from "./admission.js";
import { preemptionVictims } from "./critical-preemption.js";
import { podReference, type KubeletContext } from "./kubelet-context.js";

/** What the rest of the kubelet has to do with the pods that come in. */
export interface AdmissionHost {
  /** Pods that take up room on the node. */
  activePods(): readonly Pod[];
  conditions(): NodeConditionsForAdmission;
  /** Ends pods for the sake of a critical one, and waits until they are down. */
  preempt(victims: readonly Pod[]): Call<void>;
  accept(pod: Pod): void;
  reject(pod: Pod, rejection: Rejection): void;
}

/**
 * Lets pods in one after the other, those that came at the same time in the order of their creation (ADM-1). pkg/kubelet/kubelet.go, 1.34:
 * HandlePodAdditions.
 */
export class PodAdmitter {
  readonly #incoming = new Map<string, Pod>();
  readonly #wake = new Signal();

  constructor(
    private readonly context: KubeletContext,
    private readonly host: AdmissionHost,
  ) {}

  /** A pod that is not known yet, or has changed before it was let in. */
  enqueue(pod: Pod): void {
    this.#incoming.set(pod.metadata.uid, pod);
    this.#wake.fire();
  }

  forget(uid: string): void {
    this.#incoming.delete(uid);
  }

  *run(): Call<void> {
    // So that all pods which are there at the start have come in before the first is let in.
    yield 1;
    for (;;) {
      while (this.#incoming.size > 0) yield* this.#admitAll();
      yield* waitFor(this.#wake);
    }
  }

  *#admitAll(): Call<void> {
    const pods = [...this.#incoming.values()].sort(byCreation);
    for (const { metadata } of pods) {
      const pod = this.#incoming.get(metadata.uid);
      if (pod === undefined) continue;
      const rejection = isToBeAdmitted(pod) ? yield* this.#rejection(pod) : null;
      this.#incoming.delete(metadata.uid);
      if (rejection === null) {
        this.host.accept(pod);
      } else {
        const { reason, message } = rejection;
        this.context.events.emit(podReference(pod), "Warning", reason, message);
        this.host.reject(pod, rejection);
      }
    }
  }

  *#rejection(pod: Pod): Call<Rejection | null> {
    const { client, nodeName } = this.context;
    try {
      const node = yield* client.get<Node>("nodes", "", nodeName);
      const rejection = rejectionOf(pod, node, this.host.activePods(), this.host.conditions());
      if (rejection?.reason.startsWith("OutOf") !== true || !isCriticalPod(pod)) return rejection;
      return yield* this.#makeRoom(pod, node);
    } catch (error) {
      // Without a Node object there is nothing to hold against the pod.
      if (isStatusError(error)) return null;
      throw error;
    }
  }

  /** ADM-6. pkg/kubelet/preemption/preemption.go, 1.34: HandleAdmissionFailure. */
  *#makeRoom(pod: Pod, node: Node): Call<Rejection | null> {
    const victims = preemptionVictims(pod, node, this.host.activePods());
    if (victims === null) {
      const why = "no set of running pods found to reclaim resources";
      return {
        reason: "UnexpectedAdmissionError",
        message: `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ${why}`,
      };
    }
    yield* this.host.preempt(victims);
    return rejectionOf(pod, node, this.host.activePods(), this.host.conditions());
  }
}

const byCreation = ({ metadata: a }: Pod, { metadata: b }: Pod): number => {
  if (a.creationTimestamp !== b.creationTimestamp) {
    return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  }
  return Number(a.resourceVersion) - Number(b.resourceVersion);
};
