import { formatTime, isStatusError, objectReference, type Pod } from "../../api/index.js";
import { EventRecorder } from "../../client/index.js";
import type { Call, Timer } from "../../engine/index.js";
import { PODS_BY_NODE, type ReconcilerContext } from "../reconciler-context.js";
import { toleratedMs } from "./toleration-time.js";

interface Eviction {
  readonly timer: Timer;
  readonly sinceMs: number;
}

/** Evicts pods from nodes with NoExecute taints when their tolerations run out (NODE-6; pkg/controller/tainteviction, 1.34). */
export const startTaintEviction = (context: ReconcilerContext): void => {
  const { informers } = context;
  const evictions = new TaintEvictions(context);
  informers.nodes.addHandlers({
    onAdd: ({ metadata }) => {
      evictions.reviewNode(metadata.name);
    },
    onUpdate: (node, previous) => {
      if (node.spec.taints !== previous.spec.taints) evictions.reviewNode(node.metadata.name);
    },
  });
  informers.pods.addHandlers({
    onAdd: (pod) => {
      evictions.review(pod);
    },
    onUpdate: (pod, previous) => {
      if (pod.spec !== previous.spec) evictions.review(pod);
    },
    onDelete: ({ metadata }) => {
      evictions.forget(metadata.uid);
    },
  });
};

class TaintEvictions {
  readonly #scheduled = new Map<string, Eviction>();

  readonly #events: EventRecorder;

  constructor(private readonly context: ReconcilerContext) {
    const { engine, client } = context;
    this.#events = new EventRecorder({ engine, client, component: "taint-eviction-controller" });
  }

  reviewNode(name: string): void {
    for (const pod of this.context.informers.pods.byIndex(PODS_BY_NODE, name)) this.review(pod);
  }

  review(pod: Pod): void {
    const { engine, informers } = this.context;
    const { uid, namespace, name } = pod.metadata;
    const taints = informers.nodes.get("", pod.spec.nodeName ?? "")?.spec.taints ?? [];
    const isEvicting = taints.some(({ effect }) => effect === "NoExecute");
    const stayMs = isEvicting ? toleratedMs(taints, pod.spec.tolerations) : Infinity;
    const scheduled = this.#scheduled.get(uid);
    if (stayMs === Infinity) {
      if (scheduled === undefined) return;
      this.forget(uid);
      this.#emit(pod, `Cancelling deletion of Pod ${namespace}/${name}`);
      return;
    }
    const sinceMs = scheduled?.sinceMs ?? engine.nowMs;
    if (scheduled !== undefined && sinceMs + stayMs >= scheduled.timer.dueMs) return;
    this.forget(uid);
    const timer = engine.at(sinceMs + stayMs, () => {
      this.#scheduled.delete(uid);
      engine.spawn(`evict ${namespace}/${name}`, this.#evict(pod));
    });
    this.#scheduled.set(uid, { timer, sinceMs });
  }

  forget(uid: string): void {
    const scheduled = this.#scheduled.get(uid);
    if (scheduled === undefined) return;
    this.context.engine.cancel(scheduled.timer);
    this.#scheduled.delete(uid);
  }

  #emit(pod: Pod, message: string): void {
    this.#events.emit(objectReference(pod), "Normal", "TaintManagerEviction", message);
  }

  *#evict(pod: Pod): Call<void> {
    const { engine, client } = this.context;
    const { namespace, name, uid } = pod.metadata;
    this.#emit(pod, `Marking for deletion Pod ${namespace}/${name}`);
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
      lastTransitionTime: formatTime(engine.nowMs),
    };
    try {
      yield* client.patch("pods", namespace, name, {
        type: "strategic",
        subresource: "status",
        body: { metadata: { uid }, status: { conditions: [condition] } },
      });
      yield* client.delete("pods", namespace, name, { uid });
    } catch (error) {
      if (!isStatusError(error)) throw error;
    }
  }
}
