import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from "../../api/index.js";
import type { Eviction } from "../active-deadline.js";
import type { PodHandle } from "../pod-handle.js";
import type { PodRuntimeStatus } from "../pod-runtime-status.js";
import { ephemeralContainersOf, initContainersOf, usesHostNetwork } from "../pod-spec.js";
import { containerStatuses } from "./container-status.js";
import { resizeConditions } from "../resize/resize-conditions.js";
import {
  containersReadyCondition,
  foreignConditions,
  initializedCondition,
  readyCondition,
  readyToStartContainersCondition,
  type GeneratedCondition,
} from "./pod-conditions.js";
import { isTerminalPhase, podPhase } from "./pod-phase.js";

/** Fills in `ready` and `started` (and lets readiness be asked again): the prober's part of a status. */
export interface ProbeJudge {
  judge(pod: Pod, status: PodStatus): PodStatus;
}

export interface PodStatusInput {
  readonly handle: PodHandle;
  readonly runtime: PodRuntimeStatus;
  /** All containers are down and stay so. */
  readonly isTerminal: boolean;
  /** The status the kubelet set last; the API's when it has not yet. */
  readonly previous: PodStatus;
  readonly judge: ProbeJudge;
  readonly hostIp: string;
  /** Set when the kubelet itself ends the pod. */
  readonly eviction: Eviction | null;
}

/** The status of a pod from what the runtime says of it. pkg/kubelet/kubelet_pods.go, 1.34: generateAPIPodStatus. */
export function generatePodStatus(input: PodStatusInput): PodStatus {
  const { handle, runtime, previous } = input;
  const { pod } = handle;
  // Whether a sidecar has started counts in the phase, so the probes are heard first.
  const judged = input.judge.judge(pod, statusFromRuntime(handle, runtime, previous));
  const phased = withPhase(judged, input);
  const { eviction, isTerminal } = input;
  const isDeadline = eviction?.isJudgedOn === true;
  // Once all is down, exit codes tell how it ended, unless a deadline did it: who was evicted and exits with 0 has succeeded (k/k #118310).
  const evicted =
    eviction === null || (isTerminal && !isDeadline)
      ? phased
      : { ...phased, phase: "Failed", reason: eviction.reason, message: eviction.message };
  const status = withTerminalPhaseOf(pod, evicted);
  const judgedOn = isDeadline ? status : withTerminalPhaseOf(pod, phased);
  return { ...status, conditions: conditions(input, judgedOn), ...addresses(input) };
}

function statusFromRuntime(
  handle: PodHandle,
  runtime: PodRuntimeStatus,
  previous: PodStatus,
): PodStatus {
  const { pod } = handle;
  const statuses = (
    containers: readonly Container[],
    before: readonly ContainerStatus[] | undefined,
    isInit: boolean,
  ): ContainerStatus[] =>
    containerStatuses({
      pod,
      runtime,
      previous: before ?? [],
      containers,
      isInit,
      failureOf: (name) => handle.startFailures.get(name) ?? null,
      originOf: (instance) => handle.originOf(instance),
      terminationMessageOf: (instance) => handle.terminationMessageOf(instance),
    });
  const init = initContainersOf(pod.spec);
  const ephemeral = ephemeralContainersOf(pod.spec);
  return {
    ...(pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: pod.metadata.generation }),
    ...(pod.status.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    ...(init.length === 0
      ? {}
      : { initContainerStatuses: statuses(init, previous.initContainerStatuses, true) }),
    containerStatuses: statuses(pod.spec.containers, previous.containerStatuses, false),
    ...(ephemeral.length === 0
      ? {}
      : {
          ephemeralContainerStatuses: statuses(
            ephemeral,
            previous.ephemeralContainerStatuses,
            false,
          ),
        }),
  };
}

const countedStatuses = (status: PodStatus): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
];

/** A terminal phase is never left, and reason and message stay while the phase does (PHASE-8). */
function withPhase(status: PodStatus, input: PodStatusInput): PodStatus {
  const { pod } = input.handle;
  const { previous } = input;
  const computed = podPhase(pod.spec, countedStatuses(status), input.isTerminal);
  const phase = isTerminalPhase(computed)
    ? computed
    : ([previous.phase, pod.status.phase].find(isTerminalPhase) ?? computed);
  if (phase !== previous.phase) return { ...status, phase };
  const reason = previous.reason ?? pod.status.reason;
  const message = previous.message ?? pod.status.message;
  return {
    ...status,
    phase,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

const withTerminalPhaseOf = (pod: Pod, status: PodStatus): PodStatus =>
  isTerminalPhase(pod.status.phase) && pod.status.phase !== undefined
    ? { ...status, phase: pod.status.phase }
    : status;

function conditions(input: PodStatusInput, status: PodStatus): PodCondition[] {
  const { pod } = input.handle;
  const kept = [...foreignConditions(pod), ...resizeConditions(input.handle.resize)];
  const disruption = disruptionOf(input);
  if (disruption !== undefined && !kept.some(({ type }) => type === "DisruptionTarget")) {
    kept.push(disruption);
  }
  const judgedOn = {
    spec: pod.spec,
    statuses: countedStatuses(status),
    phase: status.phase ?? "Pending",
    conditions: kept,
  };
  const containersReady = containersReadyCondition(judgedOn);
  const generated: GeneratedCondition[] = [
    readyToStartContainersCondition(hasReadySandbox(input)),
    initializedCondition(judgedOn),
    readyCondition(containersReady, judgedOn),
    containersReady,
    { type: "PodScheduled", status: "True" },
  ];
  const observed =
    pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
  return [...kept, ...generated.map((condition) => ({ ...condition, ...observed }))];
}

/** It is written once and stays (COND-7). */
function disruptionOf({ eviction, handle, previous }: PodStatusInput): PodCondition | undefined {
  const before = previous.conditions?.find(({ type }) => type === "DisruptionTarget");
  if (before !== undefined || eviction?.disruption === undefined) return before;
  const { generation } = handle.pod.metadata;
  return {
    type: "DisruptionTarget",
    status: "True",
    reason: "TerminationByKubelet",
    message: eviction.disruption,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}

const hasReadySandbox = ({ handle, runtime }: PodStatusInput): boolean => {
  const newest = runtime.sandboxes[0];
  if (newest === undefined || newest.state !== "ready") return false;
  return usesHostNetwork(handle.pod) || newest.ip !== "";
};

/** NET-7. */
function addresses(input: PodStatusInput): Partial<PodStatus> {
  const { hostIp, runtime } = input;
  const host = { hostIP: hostIp, hostIPs: [{ ip: hostIp }] };
  const ips = usesHostNetwork(input.handle.pod) ? [hostIp] : runtime.ips;
  const first = ips[0];
  return first === undefined ? host : { ...host, podIP: first, podIPs: ips.map((ip) => ({ ip })) };
}
