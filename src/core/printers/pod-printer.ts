import type { Pod } from "../api/index.js";
import { ageOf, since } from "./formats.js";
import { isConditionTrue, summarizePod } from "./pod-status.js";
import type { Restarts } from "./pod-status.js";
import { AGE_COLUMN, column, NAME_COLUMN, wideColumn } from "./table.js";
import type { KindPrinter, RowCondition } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPod, 1.34 (KCTL-1 to KCTL-7). */
export const podPrinter: KindPrinter<Pod> = {
  columns: [
    NAME_COLUMN,
    column("Ready", "Containers that are ready, of all that should run."),
    column("Status", "What the containers of the pod amount to."),
    column("Restarts", "How often containers were restarted, and when last."),
    AGE_COLUMN,
    wideColumn("IP", "First address of the pod."),
    wideColumn("Node", "Node that the pod is bound to."),
    wideColumn("Nominated Node", "Node that is being cleared for the pod."),
    wideColumn("Readiness Gates", "Readiness gates that are true, of all."),
  ],
  cells: (pod, nowMs) => {
    const summary = summarizePod(pod);
    return [
      pod.metadata.name,
      `${summary.readyCount}/${summary.containerCount}`,
      summary.status,
      formatRestarts(summary.restarts, nowMs),
      ageOf(pod, nowMs),
      (pod.status.podIPs?.[0]?.ip ?? pod.status.podIP) || "<none>",
      pod.spec.nodeName || "<none>",
      pod.status.nominatedNodeName || "<none>",
      formatReadinessGates(pod),
    ];
  },
  conditions: ({ status }) => COMPLETED.get(status.phase ?? "") ?? [],
};

const COMPLETED: ReadonlyMap<string, readonly RowCondition[]> = new Map([
  ["Succeeded", [completed("Succeeded", "The pod has completed successfully.")]],
  ["Failed", [completed("Failed", "The pod failed.")]],
]);

function completed(reason: string, message: string): RowCondition {
  return { type: "Completed", status: "True", reason, message };
}

function formatRestarts({ count, lastTime }: Restarts, nowMs: number): string {
  return count === 0 || lastTime === null
    ? String(count)
    : `${count} (${since(lastTime, nowMs)} ago)`;
}

/** KCTL-7. */
function formatReadinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  const open = gates.filter(({ conditionType }) => isConditionTrue(pod, conditionType));
  return gates.length === 0 ? "<none>" : `${open.length}/${gates.length}`;
}
