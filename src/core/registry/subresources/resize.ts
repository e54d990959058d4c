import type { Container, Pod } from "../../api/index.js";
import { specOf } from "../strategies/pod.js";
import { withNextGeneration } from "../strategies/generation.js";
import type { Preparation } from "../update-object.js";
import { withoutFields } from "../without-fields.js";
import { withMetadataOf } from "./object-meta-for-status.js";

/** API-23. pkg/registry/core/pod/strategy.go podResizeStrategy, 1.34 */
export const prepareResize: Preparation = (next, previous) => prepare(next as Pod, previous as Pod);

/** Only resources and resize policies are taken; a container more or less is left for validation to refuse. */
const prepare = (next: Pod, previous: Pod): Pod => {
  const containers = resized(next.spec.containers, previous.spec.containers);
  const initContainers = resized(
    next.spec.initContainers ?? [],
    previous.spec.initContainers ?? [],
  );
  if (containers === null || initContainers === null) return next;
  const pod: Pod = {
    ...withMetadataOf(next, previous),
    spec: {
      ...previous.spec,
      containers,
      ...(initContainers.length === 0 ? {} : { initContainers }),
    },
    status: previous.status,
  };
  return withNextGeneration(pod, previous, specOf);
};

const resized = (
  next: readonly Container[],
  previous: readonly Container[],
): Container[] | null => {
  if (next.length !== previous.length) return null;
  const merged = previous.map((before, index): Container | null => {
    const after = next[index];
    if (after?.name !== before.name) return null;
    return {
      ...withoutFields(before, "resources", "resizePolicy"),
      ...(after.resources === undefined ? {} : { resources: after.resources }),
      ...(after.resizePolicy === undefined ? {} : { resizePolicy: after.resizePolicy }),
    };
  });
  return merged.some((container) => container === null) ? null : (merged as Container[]);
};
