import { field, type FieldError, type KubeObject, type Pod } from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { specOf } from "../strategies/pod.js";
import { withNextGeneration } from "../strategies/generation.js";
import type { UpdateRules } from "../update-object.js";
import { withoutFields } from "../without-fields.js";
import { withMetadataOf } from "./object-meta-for-status.js";

/** EPH-1 to EPH-4. pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy, 1.34 */
export const ephemeralContainersRules: UpdateRules = {
  prepare: (next, previous) => prepare(next as Pod, previous as Pod),
  validate: (next: KubeObject, previous: KubeObject) => validate(next as Pod, previous as Pod),
};

/** EPH-1: nothing but the ephemeral containers is taken. */
const prepare = (next: Pod, previous: Pod): Pod => {
  const { ephemeralContainers } = next.spec;
  const pod: Pod = {
    ...withMetadataOf(next, previous),
    spec: {
      ...withoutFields(previous.spec, "ephemeralContainers"),
      ...(ephemeralContainers === undefined ? {} : { ephemeralContainers }),
    },
    status: previous.status,
  };
  return withNextGeneration(pod, previous, specOf);
};

/** EPH-2. pkg/apis/core/validation/validation.go ValidatePodEphemeralContainersUpdate, 1.34 */
const validate = (next: Pod, previous: Pod): FieldError[] => {
  const path = "spec.ephemeralContainers";
  const after = new Map((next.spec.ephemeralContainers ?? []).map((entry) => [entry.name, entry]));
  return (previous.spec.ephemeralContainers ?? []).flatMap((before) => {
    const now = after.get(before.name);
    if (now === undefined) {
      return [
        field.forbidden(
          path,
          `existing ephemeral containers "${before.name}" may not be removed\n`,
        ),
      ];
    }
    if (isSameValue(now, before)) return [];
    return [
      field.forbidden(path, `existing ephemeral containers "${before.name}" may not be changed\n`),
    ];
  });
};
