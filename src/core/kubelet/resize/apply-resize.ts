import type { Container } from "../../api/index.js";
import type { RuntimeContainerStatus } from "../../runtime/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
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
  const problems = updates.flatMap((update) => belowUsage(context, handle, update));
  if (problems.length > 0) {
    const text = problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
    const message = `cannot decrease memory limits: ${text}`;
    const { generation } = handle.pod.metadata;
    handle.resize = { ...handle.resize, inProgress: { reason: "Error", message, generation } };
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

function belowUsage(
  { runtime }: KubeletContext,
  handle: PodHandle,
  { instance, container }: ContainerToUpdate,
): readonly string[] {
  const inEffect = handle.resourcesOf(instance);
  const { memoryLimitBytes } = containerLimits(container);
  if (inEffect === null || memoryLimitBytes === null) return [];
  const before = containerLimits({ ...container, resources: inEffect }).memoryLimitBytes;
  const usage = runtime.containerStats(instance.id)?.memoryBytes ?? 0;
  const isDecrease = before === null || memoryLimitBytes < before;
  return isDecrease && usage >= memoryLimitBytes
    ? [
        `attempting to set container "${container.name}" memory limit (${String(memoryLimitBytes)}) below current usage (${String(usage)})`,
      ]
    : [];
}
