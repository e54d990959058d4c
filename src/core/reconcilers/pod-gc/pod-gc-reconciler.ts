import { formatTime, isStatusError, type Pod } from "../../api/index.js";
import { WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { NODE_QUARANTINE_MS, POD_GC_PERIOD_MS, TERMINATED_POD_THRESHOLD } from "../limits.js";
import { PODS_BY_NODE, type ReconcilerContext } from "../reconciler-context.js";

/**
 * The pod garbage collector (GC-1, pkg/controller/podgc/gc_controller.go, 1.34): pods of nodes that are gone, terminating pods that never had a node,
 * and terminal pods above the threshold. It is told of nodes and pods instead of looking every 20 s.
 */
export const startPodGarbageCollector = (context: ReconcilerContext): void => {
  const { engine, informers } = context;
  const nodes = new WorkQueue(engine);
  const suspect = (nodeName: string | undefined): void => {
    if (
      nodeName === undefined ||
      nodeName === "" ||
      informers.nodes.get("", nodeName) !== undefined
    )
      return;
    nodes.addAfter(nodeName, NODE_QUARANTINE_MS + POD_GC_PERIOD_MS);
  };
  informers.nodes.addHandlers({
    onDelete: ({ metadata }) => {
      suspect(metadata.name);
    },
  });
  let terminal = 0;
  informers.pods.addHandlers({
    onAdd: (pod) => {
      suspect(pod.spec.nodeName);
      if (isTerminal(pod)) terminal += 1;
    },
    onUpdate: (pod, previous) => {
      if (pod.spec.nodeName !== previous.spec.nodeName) suspect(pod.spec.nodeName);
      terminal += Number(isTerminal(pod)) - Number(isTerminal(previous));
      if (terminal > TERMINATED_POD_THRESHOLD) nodes.addAfter(TERMINAL_PODS, POD_GC_PERIOD_MS);
      if (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName)
        nodes.addAfter(UNSCHEDULED_PODS, POD_GC_PERIOD_MS);
    },
    onDelete: (pod) => {
      if (isTerminal(pod)) terminal -= 1;
    },
  });
  nodes.startWorker("pod-gc", (key) => collect(context, key));
};

/** Not names of nodes: those are lower case. */
const TERMINAL_PODS = "TERMINAL";
const UNSCHEDULED_PODS = "UNSCHEDULED";

function* collect(context: ReconcilerContext, key: string): Call<void> {
  const { informers } = context;
  if (key === TERMINAL_PODS) {
    const terminal = informers.pods.list().filter(isTerminal).sort(byAge);
    for (const pod of terminal.slice(0, terminal.length - TERMINATED_POD_THRESHOLD))
      yield* remove(context, pod, null);
  } else if (key === UNSCHEDULED_PODS) {
    const unscheduled = informers.pods
      .byIndex(PODS_BY_NODE, "")
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    for (const pod of unscheduled) yield* remove(context, pod, null);
  } else if (informers.nodes.get("", key) === undefined) {
    for (const pod of informers.pods.byIndex(PODS_BY_NODE, key))
      yield* remove(context, pod, "PodGC: node no longer exists");
  }
}

/** Marks a pod that is lost with its node as failed, then removes it without grace. */
function* remove(
  { engine, client }: ReconcilerContext,
  pod: Pod,
  disruption: string | null,
): Call<void> {
  const { namespace, name, uid } = pod.metadata;
  try {
    if (!isTerminal(pod) && disruption !== null) {
      const condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByPodGC",
        message: disruption,
        lastTransitionTime: formatTime(engine.nowMs),
      };
      yield* client.patch("pods", namespace, name, {
        type: "strategic",
        subresource: "status",
        body: { metadata: { uid }, status: { phase: "Failed", conditions: [condition] } },
      });
    }
    yield* client.delete("pods", namespace, name, { gracePeriodSeconds: 0, uid });
  } catch (error) {
    if (!isStatusError(error)) throw error;
  }
}

const isTerminal = (pod: Pod): boolean =>
  pod.status.phase === "Succeeded" || pod.status.phase === "Failed";

const byAge = (a: Pod, b: Pod): number =>
  a.metadata.creationTimestamp < b.metadata.creationTimestamp
    ? -1
    : a.metadata.creationTimestamp > b.metadata.creationTimestamp
      ? 1
      : 0;
