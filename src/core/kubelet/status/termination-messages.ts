import type { ContainerStatus, PodStatus } from "../../api/index.js";

/** All termination messages of a pod together, in bytes. pkg/kubelet/container/runtime.go, 1.34: MaxPodTerminationMessageLogLength. */
export const POD_TERMINATION_MESSAGE_BYTES = 12 * 1024;

/** RESTART-10: cuts the messages so that they fit the pod's share. status_manager.go, 1.34: normalizeStatus. */
export function capTerminationMessages(status: PodStatus): PodStatus {
  const lists = [status.initContainerStatuses, status.containerStatuses] as const;
  const count = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  if (count === 0) return status;
  const bytesPerContainer = Math.floor(POD_TERMINATION_MESSAGE_BYTES / count);
  const isLong = (entry: ContainerStatus): boolean =>
    (entry.state?.terminated?.message?.length ?? 0) > bytesPerContainer;
  if (!lists.some((list) => list?.some(isLong))) return status;
  const [init, app] = lists.map((list) => list?.map((entry) => cap(entry, bytesPerContainer)));
  return {
    ...status,
    ...(init === undefined ? {} : { initContainerStatuses: init }),
    ...(app === undefined ? {} : { containerStatuses: app }),
  };
}

function cap(status: ContainerStatus, limitBytes: number): ContainerStatus {
  const message = status.state?.terminated?.message;
  const isLong = message !== undefined && message.length > limitBytes;
  const terminated = status.state?.terminated;
  if (!isLong || terminated === undefined) return status;
  return {
    ...status,
    state: {
      ...status.state,
      terminated: { ...terminated, message: message.slice(0, limitBytes) },
    },
  };
}
