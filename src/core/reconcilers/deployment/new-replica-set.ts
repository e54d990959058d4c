import type { Deployment, LabelSelector, ReplicaSet } from "../../api/index.js";
import { controllerReference } from "../controller-reference.js";
import { podTemplateHash } from "./pod-template-hash.js";
import { HASH_LABEL } from "./replica-sets.js";
import { newSetAnnotations, scaleAnnotations } from "./revisions.js";
import { nextOfNewSet, sumOf, wantedOf } from "./rollout-numbers.js";

/** The set of a Deployment's present template, which is not there yet. pkg/controller/deployment/sync.go getNewReplicaSet, 1.34 */
export const newReplicaSet = (
  deployment: Deployment,
  old: readonly ReplicaSet[],
  revision: number,
): ReplicaSet => {
  const { metadata, spec, status } = deployment;
  const hash = podTemplateHash(spec.template, status.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: {
        ...newSetAnnotations(deployment, {}, revision),
        ...scaleAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment, "deployments.apps")],
    } as unknown as ReplicaSet["metadata"],
    spec: {
      replicas: nextOfNewSet(deployment, 0, sumOf(old, wantedOf)),
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: withHash(spec.selector, hash),
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
};

/** So that the sets of one Deployment do not take each other's pods. */
const withHash = (selector: LabelSelector, hash: string): LabelSelector => ({
  ...selector,
  matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash },
});
