import type { Call } from "../engine/index.js";
import type { Eviction } from "./active-deadline.js";
import { isCriticalPod } from "./admission.js";
import { nodeReference } from "./node-status/node-agent.js";
import type { KubeletContext } from "./kubelet-context.js";
import type { PodWorker } from "./pod-worker.js";
import { SHUTDOWN_CRITICAL_GRACE_SECONDS, SHUTDOWN_GRACE_SECONDS } from "./timing.js";

/** pkg/kubelet/nodeshutdown/nodeshutdown_manager.go, 1.34. */
const REASON = "Terminated";
const MESSAGE = "Pod was terminated in response to imminent node shutdown.";
const EVICTION: Eviction = { reason: REASON, message: MESSAGE, disruption: MESSAGE };

interface ShutdownGroup {
  readonly graceSeconds: number;
  readonly workers: readonly PodWorker[];
}

/** Ends the pods of the node before its machine goes off: killPods. A group that takes longer than its time is not waited for. */
export function* shutDownPods(context: KubeletContext, workers: readonly PodWorker[]): Call<void> {
  const { engine, events, nodeName } = context;
  const text = "Shutdown manager detected shutdown event";
  events.emit(nodeReference(nodeName), "Normal", "NodeShutdown", text);
  for (const group of shutdownGroups(workers)) {
    const untilMs = engine.nowMs + group.graceSeconds * 1000;
    for (const worker of group.workers) terminate(worker, group.graceSeconds);
    while (engine.nowMs < untilMs && group.workers.some((each) => each.couldHaveRunningContainers))
      yield POLL_MS;
  }
}

/** Which pods go together, in what order: critical ones last. migrateConfig and groupByPriority. */
const shutdownGroups = (workers: readonly PodWorker[]): readonly ShutdownGroup[] => {
  const isCritical = ({ handle }: PodWorker): boolean => isCriticalPod(handle.pod);
  return [
    {
      graceSeconds: SHUTDOWN_GRACE_SECONDS,
      workers: workers.filter((worker) => !isCritical(worker)),
    },
    { graceSeconds: SHUTDOWN_CRITICAL_GRACE_SECONDS, workers: workers.filter(isCritical) },
  ].filter((group) => group.workers.length > 0);
};

const terminate = (worker: PodWorker, limitSeconds: number): void => {
  const own = worker.handle.pod.spec.terminationGracePeriodSeconds ?? limitSeconds;
  worker.terminate({
    graceSeconds: Math.min(own, limitSeconds),
    eviction: EVICTION,
    cause: { reason: REASON, message: MESSAGE },
  });
};

/** How often it is looked whether a group is down: the end of a pod has no moment of its own to wait for, among many. */
const POLL_MS = 100;
