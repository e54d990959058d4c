import type { ResourceDefinition } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { withFirstGeneration } from "./generation.js";
import { deploymentStrategy, replicaSetStrategy } from "./workloads.js";
import { endpointSliceStrategy } from "./endpoint-slice.js";
import { eventStrategy } from "./event.js";
import { namespaceStrategy } from "./namespace.js";
import { nodeStrategy } from "./node.js";
import { persistentVolumeClaimStrategy, persistentVolumeStrategy } from "./persistent-volumes.js";
import { podDisruptionBudgetStrategy } from "./pod-disruption-budget.js";
import { podTemplateStrategy } from "./pod-template.js";
import { podStrategy } from "./pod.js";
import { serviceStrategy } from "./service.js";

/**
 * By storage name. Which kinds insist on a version, are made by a PUT or answer DELETE with the object is in the strategy.go and
 * storage.go of each kind under pkg/registry, 1.34.
 */
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  "deployments.apps": deploymentStrategy,
  endpoints: { createsOnUpdate: true },
  "endpointslices.discovery.k8s.io": endpointSliceStrategy,
  events: eventStrategy,
  "leases.coordination.k8s.io": { createsOnUpdate: true, requiresVersion: true },
  limitranges: { createsOnUpdate: true },
  namespaces: namespaceStrategy,
  nodes: nodeStrategy,
  persistentvolumeclaims: persistentVolumeClaimStrategy,
  persistentvolumes: persistentVolumeStrategy,
  "poddisruptionbudgets.policy": podDisruptionBudgetStrategy,
  pods: podStrategy,
  podtemplates: podTemplateStrategy,
  "priorityclasses.scheduling.k8s.io": { prepareForCreate: withFirstGeneration },
  "replicasets.apps": replicaSetStrategy,
  resourcequotas: {
    returnsDeleted: true,
    prepareForCreate: (quota) => ({ ...quota, status: {} }),
  },
  "runtimeclasses.node.k8s.io": { requiresVersion: true },
  serviceaccounts: { returnsDeleted: true },
  services: serviceStrategy,
  "storageclasses.storage.k8s.io": { returnsDeleted: true },
};

/** configmaps, secrets: kept as they come. */
const PLAIN: Strategy = {};

export const strategyOf = (resource: ResourceDefinition): Strategy =>
  STRATEGIES[resource.storage] ?? PLAIN;
