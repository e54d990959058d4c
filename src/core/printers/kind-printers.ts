import type { KubeObject, ResourceDefinition } from "../api/index.js";
import { configMapPrinter } from "./config-map-printer.js";
import { deploymentPrinter } from "./deployment-printer.js";
import { endpointSlicePrinter } from "./endpoint-slice-printer.js";
import { endpointsPrinter } from "./endpoints-printer.js";
import { eventPrinter, eventsV1Printer } from "./event-printer.js";
import { genericPrinter } from "./generic-printer.js";
import { jobPrinter } from "./job-printer.js";
import { leasePrinter } from "./lease-printer.js";
import { namespacePrinter } from "./namespace-printer.js";
import { nodePrinter } from "./node-printer.js";
import { persistentVolumeClaimPrinter } from "./persistent-volume-claim-printer.js";
import { persistentVolumePrinter } from "./persistent-volume-printer.js";
import { podDisruptionBudgetPrinter } from "./pod-disruption-budget-printer.js";
import { podPrinter } from "./pod-printer.js";
import { podTemplatePrinter } from "./pod-template-printer.js";
import { priorityClassPrinter } from "./priority-class-printer.js";
import { replicaSetPrinter } from "./replica-set-printer.js";
import { resourceQuotaPrinter } from "./resource-quota-printer.js";
import { runtimeClassPrinter } from "./runtime-class-printer.js";
import { secretPrinter } from "./secret-printer.js";
import { serviceAccountPrinter } from "./service-account-printer.js";
import { servicePrinter } from "./service-printer.js";
import { storageClassPrinter } from "./storage-class-printer.js";
import type { KindPrinter } from "./table.js";

/** The printer of a resource's kind; every kind has one, if need be the generic one. */
export function printerOf({ schema }: ResourceDefinition): KindPrinter {
  return PRINTERS.get(schema) ?? genericPrinter;
}

/** By definition of the structural schema. */
const PRINTERS: ReadonlyMap<string, KindPrinter> = new Map([
  forKind("apps.v1.Deployment", deploymentPrinter),
  forKind("apps.v1.ReplicaSet", replicaSetPrinter),
  forKind("batch.v1.Job", jobPrinter),
  forKind("coordination.v1.Lease", leasePrinter),
  forKind("core.v1.ConfigMap", configMapPrinter),
  forKind("core.v1.Endpoints", endpointsPrinter),
  forKind("core.v1.Event", eventPrinter),
  forKind("core.v1.Namespace", namespacePrinter),
  forKind("core.v1.Node", nodePrinter),
  forKind("core.v1.PersistentVolume", persistentVolumePrinter),
  forKind("core.v1.PersistentVolumeClaim", persistentVolumeClaimPrinter),
  forKind("core.v1.Pod", podPrinter),
  forKind("core.v1.PodTemplate", podTemplatePrinter),
  forKind("core.v1.ResourceQuota", resourceQuotaPrinter),
  forKind("core.v1.Secret", secretPrinter),
  forKind("core.v1.Service", servicePrinter),
  forKind("core.v1.ServiceAccount", serviceAccountPrinter),
  forKind("discovery.v1.EndpointSlice", endpointSlicePrinter),
  forKind("events.v1.Event", eventsV1Printer),
  forKind("node.v1.RuntimeClass", runtimeClassPrinter),
  forKind("policy.v1.PodDisruptionBudget", podDisruptionBudgetPrinter),
  forKind("scheduling.v1.PriorityClass", priorityClassPrinter),
  forKind("storage.v1.StorageClass", storageClassPrinter),
]);

/** Objects of a resource are of its kind: the registry stores no others. */
function forKind<T extends KubeObject>(
  definition: string,
  printer: KindPrinter<T>,
): [definition: string, printer: KindPrinter] {
  return [`io.k8s.api.${definition}`, printer as unknown as KindPrinter];
}
