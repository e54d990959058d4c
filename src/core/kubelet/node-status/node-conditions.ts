import { formatTime, type NodeCondition } from "../../api/index.js";

/** What the kubelet knows of its node's health. */
export interface NodeHealth {
  readonly memoryPressure: boolean;
  readonly diskPressure: boolean;
  readonly pidPressure: boolean;
  /** Empty when the node is ready; else what is wrong. */
  readonly notReadyReasons: readonly string[];
}

export const HEALTHY: NodeHealth = {
  memoryPressure: false,
  diskPressure: false,
  pidPressure: false,
  notReadyReasons: [],
};

type Draft = Pick<NodeCondition, "type" | "status" | "reason" | "message">;

/** pkg/kubelet/nodestatus/setters.go, 1.34. */
const drafts = (health: NodeHealth): readonly Required<Draft>[] => [
  health.memoryPressure
    ? draft(
        "MemoryPressure",
        "True",
        "KubeletHasInsufficientMemory",
        "kubelet has insufficient memory available",
      )
    : draft(
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
      ),
  health.diskPressure
    ? draft("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure")
    : draft("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
  health.pidPressure
    ? draft(
        "PIDPressure",
        "True",
        "KubeletHasInsufficientPID",
        "kubelet has insufficient PID available",
      )
    : draft(
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
      ),
  health.notReadyReasons.length > 0
    ? draft("Ready", "False", "KubeletNotReady", notReadyMessage(health))
    : draft("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
];

const draft = (type: string, status: string, reason: string, message: string): Required<Draft> => ({
  type,
  status,
  reason,
  message,
});

const notReadyMessage = ({ notReadyReasons }: NodeHealth): string =>
  notReadyReasons.length === 1 ? (notReadyReasons[0] ?? "") : `[${notReadyReasons.join(", ")}]`;

/** An event that a change of a condition brings: `Node node-1 status is now: NodeReady`. */
const EVENTS: Readonly<Record<string, string>> = {
  "MemoryPressure=True": "NodeHasInsufficientMemory",
  "MemoryPressure=False": "NodeHasSufficientMemory",
  "DiskPressure=True": "NodeHasDiskPressure",
  "DiskPressure=False": "NodeHasNoDiskPressure",
  "PIDPressure=True": "NodeHasInsufficientPID",
  "PIDPressure=False": "NodeHasSufficientPID",
  "Ready=True": "NodeReady",
  "Ready=False": "NodeNotReady",
};

export interface NodeConditionsResult {
  readonly conditions: NodeCondition[];
  /** Reasons of the events to emit, in order. */
  readonly events: readonly string[];
  readonly isChanged: boolean;
}

/** The conditions from the node's health; those of others stay. Heartbeats are new, transitions only where the status is. */
export function nodeConditions(
  before: readonly NodeCondition[],
  health: NodeHealth,
  nowMs: number,
): NodeConditionsResult {
  const now = formatTime(nowMs);
  const own = drafts(health);
  const events: string[] = [];
  let isChanged = false;
  const conditions = own.map((condition) => {
    const last = before.find(({ type }) => type === condition.type);
    const isSame = last?.status === condition.status;
    const event = EVENTS[`${condition.type}=${condition.status}`];
    if (!isSame && event !== undefined) events.push(event);
    isChanged ||= !isSame || last.reason !== condition.reason || last.message !== condition.message;
    const lastTransitionTime = isSame ? (last.lastTransitionTime ?? now) : now;
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime };
  });
  const others = before.filter(({ type }) => !own.some((condition) => condition.type === type));
  return { conditions: [...others, ...conditions], events, isChanged };
}
