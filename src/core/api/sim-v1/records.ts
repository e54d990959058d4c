/** Peapod's own vocabulary: what the stream and the timeline carry beside Kubernetes objects (contract, "Stream"). */

export type ContainerKind = "init" | "sidecar" | "app" | "ephemeral";

export interface ContainerStateSummary {
  state: "waiting" | "running" | "terminated";
  reason?: string;
  exitCode?: number;
  signal?: number;
}

/** Why something happened. `cursor` points at the record that led to it. */
export interface Cause {
  reason: string;
  message: string;
  cursor?: number;
}

export interface TransitionRecord {
  type: "transition";
  namespace: string;
  pod: string;
  uid: string;
  node: string;
  container: string;
  kind: ContainerKind;
  from: ContainerStateSummary | null;
  to: ContainerStateSummary | null;
  restartCount: number;
  ready: boolean;
  started: boolean;
  cause: Cause;
}

export type ProbeKind = "startup" | "readiness" | "liveness";
export type ProbeHandlerKind = "exec" | "httpGet" | "tcpSocket" | "grpc";

export interface ProbeRecord {
  type: "probe";
  namespace: string;
  pod: string;
  uid: string;
  node: string;
  container: string;
  probe: ProbeKind;
  handler: ProbeHandlerKind;
  result: "success" | "failure" | "unknown";
  output: string;
  latencyMs: number;
  attempt: number;
  consecutive: number;
  threshold: number;
  effect: null | "ready" | "unready" | "started" | "restart";
}

export interface LogRecord {
  type: "log";
  namespace: string;
  pod: string;
  uid: string;
  node: string;
  container: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** A record of the stream that is not a Kubernetes object. */
export type SimRecord = TransitionRecord | ProbeRecord | LogRecord;
