import type { Pod } from "../../api/index.js";
import { withNextGeneration } from "../strategies/generation.js";
import { specOf } from "../strategies/pod.js";
import type { Preparation } from "../update-object.js";
import { withoutFields } from "../without-fields.js";
import { withMetadataOf } from "./object-meta-for-status.js";

/** EPH-1: nothing but the ephemeral containers is taken. pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy, 1.34 */
export const prepareEphemeralContainers: Preparation = (next, previous) =>
  prepare(next as Pod, previous as Pod);

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
