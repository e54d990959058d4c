import type { Container, EphemeralContainer, PodSpec } from "../generated/core-v1.js";
import type { ContainerKind } from "../sim-v1/records.js";

/** A container of a pod with what it is and where it stands. */
export interface PodContainer {
  readonly kind: ContainerKind;
  readonly container: Container | EphemeralContainer;
  /** In its own list. */
  readonly index: number;
  /** Its list: `initContainers`, `containers`, `ephemeralContainers`. */
  readonly list: "initContainers" | "containers" | "ephemeralContainers";
}

/** An init container that keeps running beside the others (SIDE-1). Only meaningful for a member of initContainers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

/** Every container: init and sidecar in order, then app, then ephemeral ones. */
export function podContainers(spec: PodSpec): PodContainer[] {
  return [
    ...(spec.initContainers ?? []).map((container, index): PodContainer => {
      const kind = isSidecar(container) ? "sidecar" : "init";
      return { kind, container, index, list: "initContainers" };
    }),
    ...spec.containers.map((container, index): PodContainer => ({
      kind: "app",
      container,
      index,
      list: "containers",
    })),
    ...(spec.ephemeralContainers ?? []).map((container, index): PodContainer => ({
      kind: "ephemeral",
      container,
      index,
      list: "ephemeralContainers",
    })),
  ];
}

export function findContainer(spec: PodSpec, name: string): PodContainer | undefined {
  return podContainers(spec).find(({ container }) => container.name === name);
}
