import type { Container, Pod, PodSpec, Toleration } from "../../generated/core-v1.js";
import { messages } from "../../meta/check.js";
import { forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { inRange } from "../../meta/names.js";
import { validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { semanticEqual, typeOf } from "../../meta/semantic-equal.js";
import { valueDiff } from "../../meta/value-diff.js";
import { validateImageSpace } from "./container-validation.js";
import { restoreNodeSelection } from "./gated-pod-validation.js";
import { validatePodAnnotationsUpdate } from "./pod-annotations-validation.js";
import { validatePodMetadataAndSpec } from "./pod-validation.js";
import { validateTolerations } from "./scheduling-validation.js";
import { omit } from "../../meta/omit.js";

const MAX_INT32 = 2147483647;
export const POD_SPEC_TYPE = typeOf("io.k8s.api.core.v1.PodSpec");

/** VAL-19: joined by commas alone. */
const UPDATABLE_FIELDS = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** VAL-19 to VAL-22. pkg/apis/core/validation/validation.go ValidatePodUpdate, 1.34 */
export function validatePodUpdate(next: Pod, previous: Pod): FieldError[] {
  const errors = validatePodChange(next, previous);
  const lists = ["containers", "initContainers"] as const;
  for (const list of lists) {
    const path = `spec.${list}`;
    const [after, before] = [next.spec[list] ?? [], previous.spec[list] ?? []];
    // VAL-20: nothing that follows makes sense then.
    if (after.length !== before.length) {
      return [...errors, forbidden(path, "pod updates may not add or remove containers")];
    }
    errors.push(...after.flatMap((container, index) => imageErrors(container, path, index)));
  }
  const deadline = deadlineErrors(next.spec, previous.spec);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(
    ...onlyAddedTolerations(next.spec.tolerations, previous.spec.tolerations, "spec.tolerations"),
    ...onlyDeletedGates(next.spec, previous.spec),
  );
  if (semanticEqual(next.spec, previous.spec, POD_SPEC_TYPE)) return errors;
  return [...errors, ...immutableSpecErrors(next.spec, previous.spec)];
}

/** What every change of a pod must keep to, whichever subresource it goes through. */
export function validatePodChange(next: Pod, previous: Pod): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validatePodMetadataAndSpec(next),
    ...validatePodAnnotationsUpdate(
      next.metadata.annotations,
      previous.metadata.annotations,
      next.spec,
      "metadata.annotations",
    ),
  ];
}

function imageErrors({ image = "" }: Container, path: string, index: number): FieldError[] {
  const place = `${path}[${String(index)}]`;
  return [
    ...(image === "" ? [required(`${place}.image`)] : []),
    ...validateImageSpace(image, place),
  ];
}

/** VAL-21. */
function deadlineErrors(
  next: PodSpec,
  previous: PodSpec,
): { readonly errors: FieldError[]; readonly stop: boolean } {
  const path = "spec.activeDeadlineSeconds";
  const [after, before] = [next.activeDeadlineSeconds, previous.activeDeadlineSeconds];
  if (after === undefined) {
    const detail = "must not update from a positive integer to nil value";
    return { errors: before === undefined ? [] : [invalid(path, null, detail)], stop: false };
  }
  const range = messages(path, after, inRange(after, 0, MAX_INT32));
  if (range.length > 0) return { errors: range, stop: true };
  if (before === undefined || before >= after) return { errors: [], stop: false };
  const detail = "must be less than or equal to previous value";
  return { errors: [invalid(path, after, detail)], stop: true };
}

function onlyAddedTolerations(
  next: Toleration[] | undefined,
  previous: Toleration[] | undefined,
  path: string,
): FieldError[] {
  const withoutSeconds = (toleration: Toleration): object => omit(toleration, "tolerationSeconds");
  const lost = (previous ?? []).some(
    (old) =>
      !(next ?? []).some((toleration) =>
        semanticEqual(withoutSeconds(toleration), withoutSeconds(old)),
      ),
  );
  if (!lost) return validateTolerations(next, path);
  const detail = "existing toleration can not be modified except its tolerationSeconds";
  return [forbidden(path, detail)];
}

/** VAL-22. */
function onlyDeletedGates(next: PodSpec, previous: PodSpec): FieldError[] {
  const before = new Set((previous.schedulingGates ?? []).map(({ name }) => name));
  return (next.schedulingGates ?? []).flatMap(({ name }, index) => {
    if (before.has(name)) return [];
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(`spec.schedulingGates[${String(index)}].name`, detail)];
  });
}

/** Everything that may change is put back; what is still different may not. */
function immutableSpecErrors(next: PodSpec, previous: PodSpec): FieldError[] {
  const restored = {
    ...next,
    ...pick(previous, ["activeDeadlineSeconds", "schedulingGates", "tolerations"]),
    containers: restoreImages(next.containers, previous.containers),
    ...(next.initContainers === undefined
      ? {}
      : { initContainers: restoreImages(next.initContainers, previous.initContainers ?? []) }),
  };
  const grace = previous.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0 && restored.terminationGracePeriodSeconds === 1) {
    restored.terminationGracePeriodSeconds = grace;
  }
  const gated = (previous.schedulingGates ?? []).length > 0;
  const { spec, errors } = gated
    ? restoreNodeSelection(restored, previous)
    : { spec: restored, errors: [] };
  if (semanticEqual(spec, previous, POD_SPEC_TYPE)) return errors;
  const diff = valueDiff("core.PodSpec", { ...previous }, { ...spec }, POD_SPEC_TYPE);
  const detail = `pod updates may not change fields other than ${UPDATABLE_FIELDS}\n${diff}`;
  return [...errors, forbidden("spec", detail)];
}

function restoreImages(next: Container[], previous: readonly Container[]): Container[] {
  return next.map((container, index) => {
    const image = previous[index]?.image;
    const rest = omit(container, "image");
    return image === undefined ? rest : { ...rest, image };
  });
}

/** The fields of the previous spec; one that it does not have is taken away by `undefined`. */
function pick<K extends keyof PodSpec>(spec: PodSpec, fields: readonly K[]): Pick<PodSpec, K> {
  return Object.fromEntries(fields.map((field) => [field, spec[field]])) as Pick<PodSpec, K>;
}
