import {
  isSidecar,
  type Container,
  type ContainerKind,
  type EphemeralContainer,
  type Pod,
  type PodSpec,
} from "../api/index.js";

export { isSidecar };

/** A container of any of the three lists of a pod spec, with its place in it. */
export interface PodContainer {
  readonly container: Container;
  readonly kind: ContainerKind;
  /** `spec.containers{app}`: involvedObject.fieldPath of its events (EVT-1). */
  readonly fieldPath: string;
  /** Of ephemeral containers only. */
  readonly targetContainerName: string | null;
}

export const initContainersOf = (spec: PodSpec): readonly Container[] => spec.initContainers ?? [];

export const ephemeralContainersOf = (spec: PodSpec): readonly EphemeralContainer[] =>
  spec.ephemeralContainers ?? [];

export const hasSidecar = (spec: PodSpec): boolean => initContainersOf(spec).some(isSidecar);

/** RESTART-3 for the pod as a whole: a container that failed is started again. */
export const restartsOnFailure = (spec: PodSpec): boolean => spec.restartPolicy !== "Never";

export const usesHostNetwork = (pod: Pod): boolean => pod.spec.hostNetwork === true;

/** Init containers, app containers, ephemeral containers, each in the order of the spec. */
export function containersOf(spec: PodSpec): readonly PodContainer[] {
  return [
    ...initContainersOf(spec).map((container) => asInit(container)),
    ...spec.containers.map((container) => asApp(container)),
    ...ephemeralContainersOf(spec).map((container) => asEphemeral(container)),
  ];
}

export const findContainer = (spec: PodSpec, name: string): PodContainer | null =>
  containersOf(spec).find((entry) => entry.container.name === name) ?? null;

export const asInit = (container: Container): PodContainer => ({
  container,
  kind: isSidecar(container) ? "sidecar" : "init",
  fieldPath: `spec.initContainers{${container.name}}`,
  targetContainerName: null,
});

export const asApp = (container: Container): PodContainer => ({
  container,
  kind: "app",
  fieldPath: `spec.containers{${container.name}}`,
  targetContainerName: null,
});

export const asEphemeral = (container: EphemeralContainer): PodContainer => ({
  container,
  kind: "ephemeral",
  fieldPath: `spec.ephemeralContainers{${container.name}}`,
  targetContainerName: container.targetContainerName ?? null,
});

/** `name_namespace(uid)`, as messages name a pod. pkg/kubelet/util/format/pod.go, 1.34. */
export const formatPod = ({ metadata }: Pod): string =>
  `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
