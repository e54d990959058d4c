import {
  parseTime,
  type ContainerStateTerminated,
  type ContainerStatus,
  type Pod,
} from "../api/index.js";
import type { PodSandboxStatus, RuntimeContainerStatus } from "../runtime/index.js";
import { allContainerStatuses } from "./status/container-status.js";
import { NOTHING_LOST, type LostInstances } from "./pod-handle.js";

/** What containerd says of a container that it finds dead after the machine was restarted. containerd internal/cri/server/restart.go, 2.1. */
const LOST_EXIT_CODE = 255;
const LOST_REASON = "Unknown";

const SANDBOX_ID = "lost-sandbox";

/**
 * What ran of a pod before its node was started anew: all of it has ended, the sandbox is of no use, and what the API shows is all that is
 * known (NODE-10). @param nowMs when the node came back.
 */
export function lostInstances(pod: Pod, nowMs: number): LostInstances {
  const { status } = pod;
  const statuses = allContainerStatuses(status);
  const containers = statuses
    .flatMap((entry) => lostInstance(pod, entry, nowMs))
    .sort((a, b) => b.createdAtMs - a.createdAtMs);
  const hadSandbox = containers.length > 0 || (status.podIP !== undefined && status.podIP !== "");
  return hadSandbox ? { sandboxes: [lostSandbox(pod)], containers } : NOTHING_LOST;
}

const lostSandbox = (pod: Pod): PodSandboxStatus => ({
  id: SANDBOX_ID,
  podUid: pod.metadata.uid,
  attempt: 0,
  state: "notready",
  createdAtMs: parseTime(pod.status.startTime ?? "") ?? 0,
  ip: "",
});

/** One that had ended before is as the API shows it; one that ran has ended with the machine. */
function lostInstance(pod: Pod, entry: ContainerStatus, nowMs: number): RuntimeContainerStatus[] {
  const id = instanceIdOf(entry);
  if (id === "") return [];
  const running = entry.state?.running;
  const terminated = entry.state?.terminated ?? entry.lastState?.terminated;
  const startedAtMs = parseTime(running?.startedAt ?? terminated?.startedAt ?? "");
  const end = running === undefined && terminated !== undefined ? endOf(terminated) : lostAt(nowMs);
  return [
    {
      id,
      podUid: pod.metadata.uid,
      sandboxId: SANDBOX_ID,
      name: entry.name,
      attempt: entry.restartCount,
      state: "exited",
      image: entry.image,
      imageRef: entry.imageID,
      ...userOf(entry),
      createdAtMs: startedAtMs ?? 0,
      startedAtMs,
      logPath: "",
      ...end,
    },
  ];
}

/** One that waits for its next run has left the last one, with its count. */
const instanceIdOf = ({ containerID, lastState }: ContainerStatus): string =>
  (containerID ?? lastState?.terminated?.containerID ?? "").replace(/^.*:\/\//, "");

type End = Pick<RuntimeContainerStatus, "finishedAtMs" | "exitCode" | "reason" | "message">;

const endOf = (state: ContainerStateTerminated): End => ({
  finishedAtMs: parseTime(state.finishedAt ?? ""),
  exitCode: state.exitCode,
  reason: state.reason ?? "",
  message: state.message ?? "",
});

const lostAt = (nowMs: number): End => ({
  finishedAtMs: nowMs,
  exitCode: LOST_EXIT_CODE,
  reason: LOST_REASON,
  message: "",
});

const userOf = ({ user }: ContainerStatus): Pick<RuntimeContainerStatus, "user"> => {
  if (user?.linux === undefined) return {};
  const { uid, gid, supplementalGroups = [] } = user.linux;
  return { user: { uid, gid, supplementalGroups } };
};
