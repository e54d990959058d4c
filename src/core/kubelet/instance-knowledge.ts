import type { Container, ResourceRequirements } from "../api/index.js";
import type { RuntimeContainerStatus } from "../runtime/index.js";

/** What probes found out so far about a container instance, and whether its definition is still that of the spec. */
export interface InstanceKnowledge {
  livenessOf(containerId: string): ProbeOutcome | null;
  startupOf(containerId: string): ProbeOutcome | null;
  /** The instance was made from another image (RESTART-11). */
  isDefinitionChanged(container: Container, instance: RuntimeContainerStatus): boolean;
  /** The resources that are in effect for it; null when that is not known. */
  resourcesOf(instance: RuntimeContainerStatus): ResourceRequirements | null;
}

export type ProbeOutcome = "success" | "failure" | "unknown";
