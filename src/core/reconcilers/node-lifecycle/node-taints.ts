import type { Node, Taint } from "../../api/index.js";

const PREFIX = "node.kubernetes.io/";

/** Conditions whose status brings a NoSchedule taint (pkg/controller/nodelifecycle/node_lifecycle_controller.go, 1.34). */
const TAINT_OF_CONDITION: readonly {
  readonly type: string;
  readonly status: string;
  readonly key: string;
}[] = [
  { type: "Ready", status: "False", key: `${PREFIX}not-ready` },
  { type: "Ready", status: "Unknown", key: `${PREFIX}unreachable` },
  { type: "MemoryPressure", status: "True", key: `${PREFIX}memory-pressure` },
  { type: "DiskPressure", status: "True", key: `${PREFIX}disk-pressure` },
  { type: "PIDPressure", status: "True", key: `${PREFIX}pid-pressure` },
  { type: "NetworkUnavailable", status: "True", key: `${PREFIX}network-unavailable` },
];

const UNSCHEDULABLE = `${PREFIX}unschedulable`;
const EVICTING_CONDITIONS = TAINT_OF_CONDITION.filter(({ type }) => type === "Ready");
const OWN_NO_SCHEDULE = new Set([UNSCHEDULABLE, ...TAINT_OF_CONDITION.map(({ key }) => key)]);
const OWN_NO_EXECUTE = new Set(EVICTING_CONDITIONS.map(({ key }) => key));

/**
 * The taints that the node should have (NODE-4, SCHED-9): those of others stay as they are, our own follow conditions and cordon. The very same
 * list comes back when nothing changes.
 */
export const desiredTaints = (node: Node, timeAdded: string): readonly Taint[] => {
  const current = node.spec.taints ?? [];
  const wanted = wantedTaints(node);
  const kept = current.filter(
    (taint) => !isOwn(taint) || wanted.some((each) => isSame(each, taint)),
  );
  const added = wanted.filter((taint) => !current.some((each) => isSame(each, taint)));
  if (added.length === 0 && kept.length === current.length) return current;
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded }))];
};

const wantedTaints = (node: Node): Taint[] => {
  const holds = ({ type, status }: { readonly type: string; readonly status: string }): boolean =>
    node.status.conditions?.some(
      (condition) => condition.type === type && condition.status === status,
    ) ?? false;
  const noSchedule = TAINT_OF_CONDITION.filter(holds).map(({ key }) => ({
    key,
    effect: "NoSchedule",
  }));
  const noExecute = EVICTING_CONDITIONS.filter(holds).map(({ key }) => ({
    key,
    effect: "NoExecute",
  }));
  const cordon =
    node.spec.unschedulable === true ? [{ key: UNSCHEDULABLE, effect: "NoSchedule" }] : [];
  return [...noSchedule, ...noExecute, ...cordon];
};

const isOwn = ({ key, effect }: Taint): boolean =>
  (effect === "NoSchedule" && OWN_NO_SCHEDULE.has(key)) ||
  (effect === "NoExecute" && OWN_NO_EXECUTE.has(key));

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
