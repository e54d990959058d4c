import type { KubeObject, ProbeRecord, TransitionRecord } from "../../core/api/index.js";
import type { RecordEntry, RevisionEntry } from "../../core/store/index.js";

/** Entries for tests. */

export const anObject = (
  kind: string,
  name: string,
  sequence: number,
  extra: Partial<KubeObject["metadata"]> & Record<string, unknown> = {},
): KubeObject => {
  const { labels, uid, ...rest } = extra;
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      namespace: "default",
      uid: uid ?? `uid-${name}`,
      resourceVersion: String(sequence),
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(labels === undefined ? {} : { labels }),
    },
    ...rest,
  };
};

const RESOURCES: Readonly<Record<string, string>> = {
  Pod: "pods",
  Event: "events",
  ConfigMap: "configmaps",
};

export const aRevision = (
  change: RevisionEntry["change"],
  object: KubeObject,
  previous: KubeObject | null = null,
  timeMs = 1000,
): RevisionEntry => ({
  kind: "revision",
  sequence: Number(object.metadata.resourceVersion),
  timeMs,
  change,
  resource: RESOURCES[object.kind] ?? object.kind.toLowerCase(),
  namespace: object.metadata.namespace ?? "",
  name: object.metadata.name,
  uid: object.metadata.uid,
  object,
  previous,
});

export const aTransition = (
  sequence: number,
  pod: string,
  extra: Partial<TransitionRecord> = {},
): RecordEntry => ({
  kind: "record",
  sequence,
  timeMs: 1000,
  record: {
    type: "transition",
    namespace: "default",
    pod,
    uid: `uid-${pod}`,
    node: "node-1",
    container: "app",
    kind: "app",
    from: { state: "waiting", reason: "ContainerCreating" },
    to: { state: "running" },
    restartCount: 0,
    ready: false,
    started: true,
    cause: { reason: "Started", message: "Started container app" },
    ...extra,
  },
});

export const aProbe = (
  sequence: number,
  pod: string,
  extra: Partial<ProbeRecord> = {},
): RecordEntry => ({
  kind: "record",
  sequence,
  timeMs: 1000,
  record: {
    type: "probe",
    namespace: "default",
    pod,
    uid: `uid-${pod}`,
    node: "node-1",
    container: "app",
    probe: "liveness",
    handler: "exec",
    result: "success",
    output: "",
    latencyMs: 3,
    attempt: 1,
    consecutive: 1,
    threshold: 3,
    effect: null,
    ...extra,
  },
});

export const aLogLine = (sequence: number, pod: string, line: string): RecordEntry => ({
  kind: "record",
  sequence,
  timeMs: 1000,
  record: {
    type: "log",
    namespace: "default",
    pod,
    uid: `uid-${pod}`,
    node: "node-1",
    container: "app",
    stream: "stdout",
    line,
  },
});
