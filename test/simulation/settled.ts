import {
  amountsOf,
  parseTime,
  podRequests,
  wholeAmount,
  type ContainerStatus,
  type Node,
  type Pod,
} from "../../src/core/api/index.js";

/** Why a pod may wait for ever. */
const STUCK = [
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CrashLoopBackOff",
  "CreateContainerConfigError",
  "RunContainerError",
  "PostStartHookError",
];

/** Whoever was deleted is gone, whoever can end has ended, nobody hangs between. */
export const unsettledPods = (
  pods: readonly Pod[],
  nodes: readonly Node[],
  nowMs: number,
): string[] => pods.flatMap((pod) => [...unsettledPod(pod, pods, nodes), ...leftDead(pod, nowMs)]);

/** A container that ended is started again or waits for that, where policy wants it (RESTART-3, SIDE-4): nobody is forgotten. */
const leftDead = ({ metadata, spec, status }: Pod, nowMs: number): string[] => {
  if (status.phase !== "Running") return [];
  const apps = status.containerStatuses ?? [];
  const isAlive = apps.some(({ state }) => state?.running !== undefined);
  const sidecars = (status.initContainerStatuses ?? []).filter(({ name }) =>
    spec.initContainers?.some((init) => init.name === name && init.restartPolicy === "Always"),
  );
  // When none of its apps runs, a pod begins with its sidecars (kuberuntime_container.go, 1.34: computeInitContainerActions).
  const isHeldUp = !isAlive && sidecars.some(({ state }) => state?.running === undefined);
  const wanted = apps.filter(({ state }) => {
    if (isHeldUp || spec.restartPolicy === "Never") return false;
    return spec.restartPolicy === "Always" || state?.terminated?.exitCode !== 0;
  });
  const endedBefore =
    (limitMs: number) =>
    ({ state }: ContainerStatus): boolean => {
      const endedAtMs = parseTime(state?.terminated?.finishedAt ?? "");
      return endedAtMs !== null && endedAtMs < limitMs;
    };
  return [
    ...(isAlive ? sidecars.filter(endedBefore(nowMs - BACKOFF_MS - LOOKED_AT_MS)) : []),
    ...wanted.filter(endedBefore(nowMs - LOOKED_AT_MS)),
  ].map(({ name }) => `${metadata.name}/${name} has ended and is not started again`);
};

/** An end shows as such until the pod's worker comes round; it may be busy with another container's grace, hooks and pulls. */
const LOOKED_AT_MS = 60_000;
/** A sidecar that ended well shows as ended in its back-off too (kubelet_pods.go, 1.34: convertToAPIContainerStatuses). */
const BACKOFF_MS = 300_000;

const unsettledPod = (pod: Pod, pods: readonly Pod[], nodes: readonly Node[]): string[] => {
  const { metadata, spec, status } = pod;
  if (metadata.deletionTimestamp !== undefined) return [`${metadata.name} is still terminating`];
  if (!spec.nodeName) {
    const fits = nodes.some((node) => hasRoom(node, pods, pod));
    return fits ? [`${metadata.name} has no node`] : [];
  }
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  if (status.phase !== "Pending" || statuses.some(isExplained)) return [];
  // NET-6: a pod that is never restarted gets no new sandbox once a container (be it one for debugging) was in the lost one, and waits for ever unless
  // an init container failed.
  const isLost = [...statuses, ...(status.ephemeralContainerStatuses ?? [])].some(
    ({ state }) => state?.terminated !== undefined,
  );
  if (spec.restartPolicy === "Never" && isLost && !hasFailedInit(spec, status)) return [];
  return [`${metadata.name} is Pending: ${JSON.stringify(statuses.map(({ state }) => state))}`];
};

const hasFailedInit = (spec: Pod["spec"], { initContainerStatuses = [] }: Pod["status"]): boolean =>
  initContainerStatuses.some(({ name, state }) => {
    const init = spec.initContainers?.find((container) => container.name === name);
    return init?.restartPolicy !== "Always" && (state?.terminated?.exitCode ?? 0) !== 0;
  });

const isExplained = ({ state, restartCount }: ContainerStatus): boolean =>
  restartCount > 0 ||
  STUCK.includes(state?.waiting?.reason ?? "") ||
  // An init container that is a sidecar whose startup probe goes on.
  state?.running !== undefined;

/** Resizes may have made a pod too large for what is left on every node, its own before it had one among them. */
const hasRoom = (node: Node, pods: readonly Pod[], pod: Pod): boolean =>
  ["cpu", "memory"].every((resource) => {
    const used = pods
      .filter(({ spec, status }) => spec.nodeName === node.metadata.name && !isTerminal(status))
      .reduce((sum, other) => sum + requestOf(other, resource), 0);
    const allocatable = amountsOf(node.status.allocatable).get(resource);
    const total = allocatable === undefined ? 0 : wholeAmount(resource, allocatable);
    return requestOf(pod, resource) <= total - used;
  });

const requestOf = (pod: Pod, resource: string): number => {
  const amount = podRequests(pod, { useStatus: true }).get(resource);
  return amount === undefined ? 0 : wholeAmount(resource, amount);
};

const isTerminal = ({ phase }: Pod["status"]): boolean =>
  phase === "Succeeded" || phase === "Failed";
