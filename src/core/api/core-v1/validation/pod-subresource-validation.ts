import type {
  Binding,
  Container,
  EphemeralContainer,
  Pod,
  ResourceRequirements,
} from "../../generated/core-v1.js";
import { forbidden, invalid, notSupported, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { quote } from "../../meta/go-format.js";
import { validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { semanticEqual, typeOf } from "../../meta/semantic-equal.js";
import { valueDiff } from "../../meta/value-diff.js";
import { isSidecar } from "../container-kinds.js";
import { hasPodLevelResources } from "../pod-resources.js";
import { podQosClass } from "../pod-qos.js";
import { MIRROR_POD } from "./pod-annotations-validation.js";
import { POD_SPEC_TYPE, validatePodChange } from "./pod-update-validation.js";
import { validatePodMetadataAndSpec } from "./pod-validation.js";
import { omit } from "../../meta/omit.js";

const EPHEMERAL_TYPE = typeOf("io.k8s.api.core.v1.EphemeralContainer");
const CONTAINER_TYPE = typeOf("io.k8s.api.core.v1.Container");

/** EPH-2. pkg/apis/core/validation/validation.go ValidatePodEphemeralContainersUpdate, 1.34 */
export function validateEphemeralContainersUpdate(next: Pod, previous: Pod): FieldError[] {
  if (previous.metadata.annotations?.[MIRROR_POD] !== undefined) {
    return [forbidden("", "static pods do not support ephemeral containers")];
  }
  const path = "spec.ephemeralContainers";
  const byName = new Map(
    (next.spec.ephemeralContainers ?? []).map((container) => [container.name, container]),
  );
  const kept = (previous.spec.ephemeralContainers ?? []).flatMap((old) => {
    const now: EphemeralContainer | undefined = byName.get(old.name);
    const name = `existing ephemeral containers ${quote(old.name)}`;
    if (now === undefined) return [forbidden(path, `${name} may not be removed\n`)];
    if (semanticEqual(now, old, EPHEMERAL_TYPE)) return [];
    const diff = valueDiff("core.EphemeralContainer", { ...old }, { ...now }, EPHEMERAL_TYPE);
    return [forbidden(path, `${name} may not be changed\n${diff}`)];
  });
  return [...validatePodChange(next, previous), ...kept];
}

/** VAL-25, API-23. pkg/apis/core/validation/validation.go ValidatePodResize, 1.34 */
export function validatePodResize(next: Pod, previous: Pod): FieldError[] {
  const refusal = notResizable(next, previous);
  if (refusal !== null) return [forbidden("", refusal)];
  const errors = [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validatePodMetadataAndSpec(next),
  ];
  const before = previous.status.qosClass ?? podQosClass(previous.spec);
  if (before !== podQosClass(next.spec)) {
    const detail = "Pod QOS Class may not change as a result of resizing";
    errors.push(invalid("spec", next.status.qosClass ?? "", detail));
  }
  if (!nodeSupportsResize(previous)) {
    errors.push(forbidden("spec", "Pod running on node without support for resize"));
  }
  errors.push(...containerResizeErrors(next, previous));
  if (errors.length > 0) return errors;
  const restored = {
    ...next.spec,
    containers: previous.spec.containers,
    ...(previous.spec.initContainers === undefined
      ? {}
      : { initContainers: previous.spec.initContainers }),
  };
  const same = semanticEqual(restored, previous.spec, POD_SPEC_TYPE);
  return same ? [] : [forbidden("spec", "only cpu and memory resources are mutable")];
}

/** POST to `binding`. ValidatePodBinding, 1.34 */
export function validateBinding({ target }: Binding): FieldError[] {
  const { kind = "", name = "" } = target;
  const known = kind === "" || kind === "Node";
  return [
    ...(known ? [] : [notSupported("target.kind", kind, ["Node", "<empty>"])]),
    ...(name === "" ? [required("target.name")] : []),
  ];
}

function notResizable(next: Pod, previous: Pod): string | null {
  if (hasPodLevelResources(previous.spec) || hasPodLevelResources(next.spec)) {
    return "pods with pod-level resources cannot be resized";
  }
  if (previous.metadata.annotations?.[MIRROR_POD] !== undefined) {
    return "static pods cannot be resized";
  }
  return previous.spec.os?.name === "windows" ? "windows pods cannot be resized" : null;
}

/** A kubelet that can resize reports the resources of what runs. */
function nodeSupportsResize({ status }: Pod): boolean {
  const running = status.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
}

function containerResizeErrors(next: Pod, previous: Pod): FieldError[] {
  const inits = previous.spec.initContainers ?? [];
  return [
    ...inits.flatMap((old, index) =>
      isSidecar(old)
        ? removedErrors(next.spec.initContainers?.[index], old, "initContainers", index)
        : [],
    ),
    ...previous.spec.containers.flatMap((old, index) =>
      removedErrors(next.spec.containers[index], old, "containers", index),
    ),
    ...previous.spec.containers.flatMap((old, index) =>
      onlyComputeChanged(next.spec.containers[index], old)
        ? []
        : [forbidden("spec", "only cpu and memory resources are mutable")],
    ),
    ...inits.flatMap((old, index) => initResizeErrors(next.spec.initContainers?.[index], old)),
  ];
}

function initResizeErrors(next: Container | undefined, previous: Container): FieldError[] {
  if (!isSidecar(previous)) {
    return semanticEqual(next, previous, CONTAINER_TYPE)
      ? []
      : [forbidden("spec", "resources for non-sidecar init containers are immutable")];
  }
  return onlyComputeChanged(next, previous)
    ? []
    : [forbidden("spec", "only cpu and memory resources for sidecar containers are mutable")];
}

function removedErrors(
  next: Container | undefined,
  previous: Container,
  list: string,
  index: number,
): FieldError[] {
  const path = `spec.${list}[${String(index)}].resources`;
  const sides = ["requests", "limits"] as const;
  return sides
    .filter((side) => {
      const after = next?.resources?.[side] ?? {};
      return Object.keys(previous.resources?.[side] ?? {}).some(
        (name) => !Object.hasOwn(after, name),
      );
    })
    .map((side) => forbidden(`${path}.${side}`, `resource ${side} cannot be removed`));
}

/** With cpu and memory put back, nothing else may be different; `resizePolicy` counts as something else. */
function onlyComputeChanged(next: Container | undefined, previous: Container): boolean {
  if (next === undefined) return false;
  const restored = { ...next, resources: restoreCompute(next.resources, previous.resources) };
  const expected = { ...previous, resources: previous.resources ?? {} };
  return semanticEqual(restored, expected, CONTAINER_TYPE);
}

function restoreCompute(
  next: ResourceRequirements = {},
  previous: ResourceRequirements = {},
): ResourceRequirements {
  const restore = (side: "limits" | "requests"): Partial<ResourceRequirements> => {
    const before = previous[side];
    if (before === undefined) return {};
    const others = omit(next[side] ?? {}, "cpu", "memory");
    const { cpu, memory } = before;
    const compute = {
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { memory }),
    };
    return { [side]: { ...others, ...compute } };
  };
  return { ...restore("limits"), ...restore("requests") };
}
