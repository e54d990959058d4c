import { formatTime, type KubeObject, type Namespace } from "../../api/index.js";
import type { DeleteOptions } from "../api-request.js";
import { planDeletion, type DeletePlan } from "../delete-plan.js";
import { withMetadata } from "../object-metadata.js";
import type { Strategy } from "../strategy.js";

/** The finalizer in the spec: the namespace controller takes it away when the namespace is empty. */
const FINALIZER = "kubernetes";
const NAME_LABEL = "kubernetes.io/metadata.name";

/** pkg/registry/core/namespace/strategy.go, 1.34 */
export const namespaceStrategy: Strategy<Namespace> = {
  prepareForCreate(namespace) {
    const finalizers = namespace.spec.finalizers ?? [];
    return withNameLabel({
      ...namespace,
      spec: {
        ...namespace.spec,
        finalizers: finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER],
      },
      status: { phase: "Active" },
    });
  },
  prepareForUpdate: (next, previous) =>
    withNameLabel({
      ...next,
      spec: { ...next.spec, ...finalizersOf(previous) },
      status: previous.status,
    }),
  prepareForStatusUpdate: (next, previous) => withNameLabel({ ...next, spec: previous.spec }),
  isHeld: ({ spec }) => (spec.finalizers ?? []).length > 0,
};

/** The finalize subresource: only the spec's finalizers change. */
export const withFinalizersOf = (next: Namespace, previous: Namespace): Namespace =>
  withNameLabel({ ...next, status: previous.status });

const withNameLabel = (namespace: Namespace): Namespace => {
  const { name, labels } = namespace.metadata;
  if (labels?.[NAME_LABEL] === name) return namespace;
  return withMetadata(namespace, { labels: { ...labels, [NAME_LABEL]: name } });
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
  const isHeld = (namespace.spec.finalizers ?? []).length > 0;
  if (namespace.metadata.deletionTimestamp !== undefined) {
    return isHeld ? { action: "keep" } : planDeletion(namespace, options, namespaceStrategy, nowMs);
  }
  const terminating: Namespace = {
    ...withMetadata(namespace, { deletionTimestamp: formatTime(nowMs) }),
    status: { ...namespace.status, phase: "Terminating" },
  };
  if (isHeld) return { action: "mark", object: terminating };
  return planDeletion(terminating, options, namespaceStrategy, nowMs);
};
