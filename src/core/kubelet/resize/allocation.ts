import { isSidecar, type Container, type Pod, type ResourceRequirements } from "../../api/index.js";
import { containerLimits } from "../resources.js";

/** What the node has granted a pod: the resources of each container that can be resized, by its name. */
export type Allocation = ReadonlyMap<string, ResourceRequirements>;

/** pkg/kubelet/allocation/allocation_manager.go, 1.34: allocationFromPod. */
export const allocationOf = ({ spec }: Pod): Allocation =>
  new Map(
    [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers].map((container) => [
      container.name,
      container.resources ?? {},
    ]),
  );

/**
 * What an earlier life of the node had granted, as far as the status tells; upstream keeps it in a file of the node. Only a resize that was not
 * granted makes a difference.
 */
export function allocationInStatus(pod: Pod): Allocation {
  const allocation = new Map(allocationOf(pod));
  const isPending = pod.status.conditions?.some(({ type }) => type === "PodResizePending") === true;
  if (!isPending) return allocation;
  const statuses = [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ];
  for (const { name, allocatedResources, resources } of statuses) {
    if (!allocation.has(name) || resources === undefined) continue;
    const requests = allocatedResources ?? resources.requests;
    allocation.set(name, { ...resources, ...(requests === undefined ? {} : { requests }) });
  }
  return allocation;
}

/** The pod as it is to run: with what was granted, which may not be what is wanted by now. UpdatePodFromAllocation. */
export function withAllocation(pod: Pod, allocation: Allocation): Pod {
  if (isAllocated(pod, allocation)) return pod;
  const granted = (container: Container): Container => {
    const resources = allocation.get(container.name);
    return resources === undefined ? container : { ...container, resources };
  };
  const { initContainers, containers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(granted),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(granted) }),
    },
  };
}

/** All that the pod wants was granted. */
export const isAllocated = (pod: Pod, allocation: Allocation): boolean =>
  [...allocationOf(pod)].every(([name, resources]) => {
    const granted = allocation.get(name);
    return granted === undefined || granted === resources || isSame(granted, resources);
  });

const isSame = (a: ResourceRequirements, b: ResourceRequirements): boolean =>
  changedAmounts(a, b).length === 0;

/** The resources in which two definitions differ. */
export function changedAmounts(
  a: ResourceRequirements,
  b: ResourceRequirements,
): readonly ("cpu" | "memory")[] {
  const before = containerLimits({ name: "", resources: a });
  const after = containerLimits({ name: "", resources: b });
  const isCpuSame =
    before.cpuRequestMilli === after.cpuRequestMilli &&
    before.cpuLimitMilli === after.cpuLimitMilli;
  const isMemorySame =
    before.memoryRequestBytes === after.memoryRequestBytes &&
    before.memoryLimitBytes === after.memoryLimitBytes;
  return [...(isCpuSame ? [] : (["cpu"] as const)), ...(isMemorySame ? [] : (["memory"] as const))];
}
