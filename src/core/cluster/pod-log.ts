import { badRequest, parseTime, type ContainerStatus, type Pod } from "../api/index.js";
import type { Registry } from "../registry/index.js";
import type { LogAnswer, LogQuery } from "./commands.js";
import type { Machine } from "./machine.js";
import { chooseContainer, readPod } from "./pod-container.js";

/**
 * The log of one container instance, as the API server finds the container and the kubelet the instance (API-21).
 * @throws StatusError NotFound for the pod, BadRequest for everything else, in their words.
 */
export const readPodLog = (
  registry: Registry,
  machineOf: (nodeName: string) => Machine | null,
  query: LogQuery,
  nowMs: number,
  cursor: number,
): LogAnswer => {
  const pod = readPod(registry, query.namespace, query.pod);
  const container = chooseContainer(pod, query.container);
  // pkg/registry/core/pod/strategy.go LogLocation, 1.34: a pod without a node has an empty log.
  if (!pod.spec.nodeName) return { text: "", cursor, ended: true, container };
  const containerId = instanceOf(pod, container, query.previous ?? false);
  const sinceMs = sinceOf(query, nowMs);
  const log = machineOf(pod.spec.nodeName)?.readLog(containerId, {
    ...(query.tailLines === undefined ? {} : { tailLines: query.tailLines }),
    ...(query.limitBytes === undefined ? {} : { limitBytes: query.limitBytes }),
    ...(query.timestamps === undefined ? {} : { timestamps: query.timestamps }),
    ...(query.stream === undefined ? {} : { stream: query.stream }),
    ...(sinceMs === null ? {} : { sinceMs }),
  });
  // pkg/kubelet/kuberuntime/kuberuntime_container.go GetContainerLogs, 1.34: the words of a runtime that knows no such container.
  if (log == null) throw badRequest(`unable to retrieve container logs for ${idText(containerId)}`);
  return { ...log, cursor, container };
};

const idText = (containerId: string): string => `containerd://${containerId}`;

/** pkg/kubelet/kubelet_pods.go validateContainerLogStatus, 1.34. @returns the bare container ID. */
const instanceOf = (pod: Pod, container: string, previous: boolean): string => {
  const subject = `container "${container}" in pod "${pod.metadata.name}"`;
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status;
  const status = [
    ...containerStatuses,
    ...initContainerStatuses,
    ...ephemeralContainerStatuses,
  ].find(({ name }) => name === container);
  if (status === undefined) throw badRequest(`${subject} is not available`);
  const id = previous ? status.lastState?.terminated?.containerID : currentIdOf(status);
  if (id) return id.replace("containerd://", "");
  if (previous)
    throw badRequest(
      `previous terminated container "${container}" in pod "${pod.metadata.name}" not found`,
    );
  if (status.state?.terminated !== undefined || status.lastState?.terminated !== undefined)
    throw badRequest(`${subject} is terminated`);
  throw badRequest(`${subject} is waiting to start${waitText(status)}`);
};

const currentIdOf = ({ state, lastState, containerID }: ContainerStatus): string | undefined => {
  if (state?.running !== undefined) return containerID;
  return state?.terminated?.containerID || lastState?.terminated?.containerID;
};

const waitText = ({ state }: ContainerStatus): string => {
  const reason = state?.waiting?.reason;
  switch (reason) {
    case undefined:
      return " - no logs yet";
    case "ErrImagePull":
      return ": image can't be pulled";
    case "ImagePullBackOff":
      return ": trying and failing to pull image";
    default:
      return `: ${reason}`;
  }
};

const sinceOf = ({ sinceSeconds, sinceTime }: LogQuery, nowMs: number): number | null => {
  if (sinceSeconds !== undefined) return nowMs - sinceSeconds * 1000;
  return sinceTime === undefined ? null : parseTime(sinceTime);
};
