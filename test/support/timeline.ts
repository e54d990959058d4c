import {
  findKind,
  type Deployment,
  type ReplicaSet,
  type ContainerStateSummary,
  type KubeObject,
  type Pod,
  type SimRecord,
} from "../../src/core/api/index.js";
import { printTable } from "../../src/core/printers/index.js";
import type { JournalEntry, RevisionEntry } from "../../src/core/store/index.js";

/** What a person reads of a run: container transitions with causes, probe results that changed something, events, and what kubectl would show of a pod. */
export class Timeline {
  readonly lines: string[] = [];
  readonly #rows = new Map<string, string>();

  constructor(private readonly startMs: number) {}

  add(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const text = entry.kind === "record" ? recordText(entry.record) : this.#revisionText(entry);
      if (text !== null)
        this.lines.push(`${seconds(entry.timeMs - this.startMs)} ${onOneLine(text)}`);
    }
  }

  #revisionText(entry: RevisionEntry): string | null {
    if (entry.resource === "events") return eventText(entry.object);
    const shown = ROWS[entry.resource];
    if (shown === undefined) return null;
    const key = `${entry.resource}/${entry.namespace}/${entry.name}`;
    const row = entry.change === "DELETED" ? "deleted" : shown.text(entry.object, entry.timeMs);
    if (this.#rows.get(key) === row) return null;
    this.#rows.set(key, row);
    return `${shown.kind} ${entry.name}: ${row}`;
  }
}

/** What is shown of an object whenever it changes, by resource. */
const ROWS: Readonly<
  Record<string, { kind: string; text: (object: KubeObject, nowMs: number) => string }>
> = {
  pods: { kind: "pod", text: (object, nowMs) => podText(object as Pod, nowMs) },
  "deployments.apps": {
    kind: "deployment",
    text: (object) => deploymentText(object as Deployment),
  },
  "replicasets.apps": {
    kind: "replicaset",
    text: (object) => replicaSetText(object as ReplicaSet),
  },
};

const deploymentText = ({ spec, status }: Deployment): string => {
  const { readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const conditions = (status.conditions ?? []).map(
    (condition) => `${condition.type} ${condition.status} (${condition.reason ?? ""})`,
  );
  return `${readyReplicas}/${spec.replicas ?? 0} ready, ${updatedReplicas} up-to-date, ${availableReplicas} available; ${conditions.sort().join(", ") || "no conditions"}`;
};

const replicaSetText = ({ spec, status }: ReplicaSet): string =>
  `${spec.replicas ?? 0} desired, ${status.replicas} current, ${status.readyReplicas ?? 0} ready`;

/** Probe output and error messages may hold line breaks; uids move with all that draws before them, and say nothing to a reader. */
const onOneLine = (text: string): string => text.replaceAll("\n", "\\n").replace(UID, "<uid>");

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g;

const seconds = (elapsedMs: number): string => (elapsedMs / 1000).toFixed(3).padStart(9);

const recordText = (record: SimRecord): string | null => {
  switch (record.type) {
    case "transition": {
      const { pod, container, from, to, cause } = record;
      return `${pod}/${container}: ${stateText(from)} -> ${stateText(to)} because ${cause.reason}: ${cause.message}`;
    }
    case "probe":
      return record.effect === null
        ? null
        : `${record.pod}/${record.container}: ${record.probe} probe ${record.result} ${record.consecutive}/${record.threshold} makes it ${record.effect}`;
    case "log":
      return null;
  }
};

const stateText = (state: ContainerStateSummary | null): string => {
  if (state === null) return "none";
  const details = [
    state.reason,
    state.exitCode === undefined ? undefined : `exit ${state.exitCode}`,
  ].filter((part) => part !== undefined);
  return details.length === 0 ? state.state : `${state.state} (${details.join(", ")})`;
};

const eventText = (object: KubeObject): string => {
  const event = object as KubeObject & {
    involvedObject?: { kind?: string; name?: string };
    type?: string;
    reason?: string;
    message?: string;
    count?: number;
  };
  const count = (event.count ?? 1) > 1 ? ` (x${event.count ?? 1})` : "";
  return `event ${event.involvedObject?.kind ?? ""} ${event.involvedObject?.name ?? ""}: ${event.type ?? ""} ${event.reason ?? ""}: ${event.message ?? ""}${count}`;
};

const podText = (pod: Pod, nowMs: number): string => {
  const resource = findKind("", "v1", "Pod");
  if (resource === undefined) throw new Error("the resource table has no Pod");
  const table = printTable(resource, [pod], { nowMs });
  const cells = table.rows[0]?.cells ?? [];
  const at = (name: string): string =>
    String(cells[table.columnDefinitions.findIndex((column) => column.name === name)]);
  const conditions = (pod.status.conditions ?? [])
    .filter(({ status }) => status === "True")
    .map(({ type }) => type);
  return `${at("Ready")} ${at("Status")} phase ${pod.status.phase ?? ""}, conditions ${conditions.sort().join(" ") || "none"}`;
};
