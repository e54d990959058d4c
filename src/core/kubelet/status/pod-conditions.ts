import type { Container, ContainerStatus, Pod, PodCondition, PodSpec } from "../../api/index.js";
import { initContainersOf, isSidecar } from "../pod-spec.js";
import { hasAnyAppStarted } from "./pod-phase.js";

/** What the kubelet writes of a condition; times and observedGeneration come with the merge in status-manager.ts. */
export type GeneratedCondition = Pick<PodCondition, "type" | "status"> &
  Partial<Pick<PodCondition, "reason" | "message">>;

/** Types that the kubelet owns; others are kept as they are. pkg/kubelet/types/pod_status.go, 1.34. */
const OWNED: ReadonlySet<string> = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  "PodResizePending",
  "PodResizeInProgress",
]);

export const isOwnedByKubelet = (type: string): boolean => OWNED.has(type);

export interface ConditionInput {
  readonly spec: PodSpec;
  /** Of init and app containers. */
  readonly statuses: readonly ContainerStatus[];
  readonly phase: string;
  /** All conditions on the pod, for the readiness gates. */
  readonly conditions: readonly PodCondition[];
}

/** COND-2. pkg/kubelet/status/generate.go, 1.34: GenerateContainersReadyCondition. */
export function containersReadyCondition(input: ConditionInput): GeneratedCondition {
  const type = "ContainersReady";
  const unknown: string[] = [];
  const unready: string[] = [];
  const counted = [...initContainersOf(input.spec).filter(isSidecar), ...input.spec.containers];
  for (const container of counted) {
    const status = statusOf(container, input.statuses);
    if (status === undefined) unknown.push(container.name);
    else if (!status.ready) unready.push(container.name);
  }
  if (input.phase === "Succeeded" && unknown.length === 0) {
    return { type, status: "False", reason: "PodCompleted" };
  }
  if (input.phase === "Failed") return { type, status: "False", reason: "PodFailed" };
  return unmet(type, "ContainersNotReady", [
    listed("containers with unknown status", unknown),
    listed("containers with unready status", unready),
  ]);
}

/** COND-3. generate.go, 1.34: GeneratePodReadyCondition. */
export function readyCondition(
  containersReady: GeneratedCondition,
  input: ConditionInput,
): GeneratedCondition {
  const type = "Ready";
  if (containersReady.status !== "True") return { ...containersReady, type };
  const messages = (input.spec.readinessGates ?? []).map(({ conditionType }) => {
    const condition = input.conditions.find((candidate) => candidate.type === conditionType);
    if (condition === undefined) {
      return `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    }
    return condition.status === "True"
      ? null
      : `the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`;
  });
  return unmet(type, "ReadinessGatesNotReady", messages);
}

/** COND-4 and SIDE-8. generate.go, 1.34: GeneratePodInitializedCondition. */
export function initializedCondition(input: ConditionInput): GeneratedCondition {
  const type = "Initialized";
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of initContainersOf(input.spec)) {
    const status = statusOf(container, input.statuses);
    if (status === undefined) unknown.push(container.name);
    else if (!isInitialized(container, status)) incomplete.push(container.name);
  }
  if (input.phase === "Succeeded" && unknown.length === 0) {
    return { type, status: "True", reason: "PodCompleted" };
  }
  // Once an app container has started, all was initialized, even if a sidecar is down now.
  if (hasAnyAppStarted(input.spec, input.statuses)) return { type, status: "True" };
  return unmet(type, "ContainersNotInitialized", [
    listed("containers with unknown status", unknown),
    listed("containers with incomplete status", incomplete),
  ]);
}

/** NET-5. generate.go, 1.34: GeneratePodReadyToStartContainersCondition. */
export const readyToStartContainersCondition = (hasReadySandbox: boolean): GeneratedCondition => ({
  type: "PodReadyToStartContainers",
  status: hasReadySandbox ? "True" : "False",
});

/** Conditions of others, which stay as they are (COND-1). */
export const foreignConditions = (pod: Pod): readonly PodCondition[] =>
  (pod.status.conditions ?? []).filter((condition) => !isOwnedByKubelet(condition.type));

const statusOf = (
  container: Container,
  statuses: readonly ContainerStatus[],
): ContainerStatus | undefined => statuses.find((status) => status.name === container.name);

const isInitialized = (container: Container, status: ContainerStatus): boolean =>
  isSidecar(container) ? status.started === true : status.ready;

const listed = (what: string, names: readonly string[]): string | null =>
  names.length === 0 ? null : `${what}: [${names.join(" ")}]`;

/** True without messages; else False for `reason` with them. */
function unmet(
  type: string,
  reason: string,
  messages: readonly (string | null)[],
): GeneratedCondition {
  const message = messages.filter((text) => text !== null).join(", ");
  return message === "" ? { type, status: "True" } : { type, status: "False", reason, message };
}
