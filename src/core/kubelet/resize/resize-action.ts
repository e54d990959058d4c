import type { Container, ResourceRequirements } from "../../api/index.js";
import { changedAmounts } from "./allocation.js";

/** What a running container needs so that it has what was granted. */
export type ResizeAction = "none" | "update" | "restart";

/**
 * A resource whose resizePolicy says so takes a restart; all others are changed under the running container. kuberuntime_manager.go, 1.34:
 * computePodResizeAction. @param inEffect null when it is not known, so that nothing can be said.
 */
export function resizeAction(
  container: Container,
  inEffect: ResourceRequirements | null,
): ResizeAction {
  if (inEffect === null) return "none";
  const changed = changedAmounts(inEffect, container.resources ?? {});
  if (changed.length === 0) return "none";
  const restarts = changed.some((resource) =>
    container.resizePolicy?.some(
      ({ resourceName, restartPolicy }) =>
        resourceName === resource && restartPolicy === "RestartContainer",
    ),
  );
  return restarts ? "restart" : "update";
}
