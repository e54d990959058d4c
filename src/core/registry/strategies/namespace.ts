import { formatTime, type KubeObject, type Namespace } from "../../api/index.js";
import type { DeleteOptions } from "../api-request.js";
import { planDeletion, type DeletePlan } from "../delete-plan.js";
import { withMetadata } from "../object-metadata.js";
import type { Strategy } from "../strategy.js";

/** The finalizer in the spec: the namespace controller takes it away when the namespace is empty. */
const FINALIZER = "kubernetes";

/** pkg/registry/core/namespace/strategy.go, 1.34 */
export const namespaceStrategy: Strategy<Namespace> = {
  prepareForCreate(namespace) {
    const finalizers = namespace.spec.finalizers ?? [];
    return {
      ...namespace,
      spec: {
        ...namespace.spec,
        finalizers: finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER],
      },
      status: { phase: "Active" },
    };
  },
  prepareForUpdate: (next, previous) => ({
    ...next,
    spec: { ...next.spec, ...finalizersOf(previous) },
    status: previous.status,
  }),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
};

const finalizersOf = ({ spec }: Namespace): Namespace["spec"] =>
  spec.finalizers === undefined ? {} : { finalizers: spec.finalizers };

/** A namespace stays, Terminating, until its spec's finalizers are gone. pkg/registry/core/namespace/storage/storage.go Delete, 1.34 */
export const planNamespaceDeletion = (
  object: KubeObject,
  options: DeleteOptions,
  nowMs: number,
): DeletePlan => {
  const namespace = object as Namespace;
  if (namespace.metadata.deletionTimestamp === undefined) {
    const terminating: Namespace = {
      ...withMetadata(namespace, { deletionTimestamp: formatTime(nowMs) }),
      status: { ...namespace.status, phase: "Terminating" },
    };
    const isHeld = (namespace.spec.finalizers ?? []).length > 0;
    if (isHeld) return { action: "mark", object: terminating };
    return planDeletion(terminating, options, namespaceStrategy, nowMs);
  }
  if ((namespace.spec.finalizers ?? []).length > 0) return { action: "keep" };
  return planDeletion(namespace, options, namespaceStrategy, nowMs);
};
