import { podLimits, wholeAmount, type Container, type PodSpec } from "../../api/index.js";
import type { RuntimeContainerStatus } from "../../runtime/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import { runningInstances } from "../pod-runtime-status.js";
import { containerLimits } from "../resources.js";

/** A running container that is to have other resources. */
export interface ContainerToUpdate {
  readonly instance: RuntimeContainerStatus;
  readonly container: Container;
}

/**
 * Changes the resources under running containers. Returns why not, or null; a memory limit is not set below what is in use.
 * kuberuntime_manager.go, 1.34: doPodResizeAction, validateMemoryResizeAction.
 */
export function applyResize(
  context: KubeletContext,
  handle: PodHandle,
  updates: readonly ContainerToUpdate[],
): string | null {
  const decreases = updates.filter((update) => isDecrease(handle, update));
  const problems =
    decreases.length === 0
      ? []
      : [
          ...podBelowUsage(context, handle, updates),
          ...decreases.flatMap((update) => belowUsage(context, update)),
        ];
  if (problems.length > 0) {
    const text = problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
    const message = `cannot decrease memory limits: ${text}`;
    const { generation } = handle.pod.metadata;
    const atMs = context.engine.nowMs;
    const inProgress = { reason: "Error", message, generation, atMs };
    const { inProgress: before } = handle.resize;
    // The same error again is no news.
    if (before?.message !== message || before.generation !== generation)
      handle.resize = { ...handle.resize, inProgress };
    return message;
  }
  for (const { instance, container } of updates) {
    context.runtime.updateContainerResources(instance.id, containerLimits(container));
    const origin = handle.originOf(instance) ?? container;
    const { resources } = container;
    handle.origins.set(instance.id, {
      ...origin,
      ...(resources === undefined ? {} : { resources }),
    });
  }
  return null;
}

/** The memory limit is set where there was none, or lowered. */
function isDecrease(handle: PodHandle, { instance, container }: ContainerToUpdate): boolean {
  const inEffect = handle.resourcesOf(instance);
  const after = memoryLimitOf(container);
  if (inEffect === null || after === null) return false;
  const before = memoryLimitOf({ ...container, resources: inEffect });
  return before === null || after < before;
}

function belowUsage(
  { runtime }: KubeletContext,
  { instance, container }: ContainerToUpdate,
): readonly string[] {
  const limit = memoryLimitOf(container);
  const usage = runtime.containerStats(instance.id)?.memoryBytes ?? 0;
  if (limit === null || usage < limit) return [];
  return [`attempting to set container "${container.name}" memory limit ${below(limit, usage)}`];
}

/** The pod as a whole has a limit when all its containers have. */
function podBelowUsage(
  { runtime }: KubeletContext,
  handle: PodHandle,
  updates: readonly ContainerToUpdate[],
): readonly string[] {
  const inEffect = handle.pod.spec.containers.map((container) => {
    const update = updates.find((candidate) => candidate.container.name === container.name);
    const resources = update === undefined ? null : handle.resourcesOf(update.instance);
    return resources === null ? container : { ...container, resources };
  });
  const limit = podMemoryLimit(handle.pod.spec, handle.pod.spec.containers);
  const before = podMemoryLimit(handle.pod.spec, inEffect);
  if (limit === null || (before !== null && limit >= before)) return [];
  const usage = runningInstances(handle.runtimeStatus()).reduce(
    (sum, { id }) => sum + (runtime.containerStats(id)?.memoryBytes ?? 0),
    0,
  );
  return usage < limit ? [] : [`attempting to set pod memory limit ${below(limit, usage)}`];
}

/** pkg/kubelet/cm/helpers_linux.go, 1.34: ResourceConfigForPod. */
function podMemoryLimit(spec: PodSpec, containers: readonly Container[]): number | null {
  const all = [...containers, ...(spec.initContainers ?? [])];
  if (all.some((container) => memoryLimitOf(container) === null)) return null;
  const limits = podLimits({ spec: { ...spec, containers: [...containers] } });
  const limit = limits.get("memory");
  return limit === undefined ? null : wholeAmount("memory", limit);
}

const memoryLimitOf = (container: Container): number | null =>
  containerLimits(container).memoryLimitBytes;

const below = (limit: number, usage: number): string =>
  `(${String(limit)}) below current usage (${String(usage)})`;
