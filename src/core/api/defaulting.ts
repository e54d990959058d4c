import { defaultDeployment, defaultReplicaSet } from "./apps-v1/workload-defaults.js";
import type { EndpointSlice } from "./generated/discovery-v1.js";
import type { PriorityClass } from "./generated/scheduling-v1.js";
import type { StorageClass } from "./generated/storage-v1.js";
import { changeEach, changeField, fillAbsent } from "./core-v1/defaults/fill.js";
import {
  defaultEndpoints,
  defaultLimitRange,
  defaultNamespace,
  defaultNode,
  defaultPersistentVolume,
  defaultPersistentVolumeClaim,
  defaultPodTemplateObject,
  defaultResourceQuota,
  defaultSecret,
} from "./core-v1/defaults/object-defaults.js";
import { defaultPod } from "./core-v1/defaults/pod-defaults.js";
import { defaultService } from "./core-v1/defaults/service-defaults.js";
import type { KubeObject } from "./meta/kube-object.js";

type Defaulting = (object: KubeObject) => KubeObject;

/** By storage name; kinds that are not here have no defaults. */
const DEFAULTING: Readonly<Record<string, Defaulting>> = {
  pods: of(defaultPod),
  nodes: of(defaultNode),
  namespaces: of(defaultNamespace),
  secrets: of(defaultSecret),
  services: of(defaultService),
  endpoints: of(defaultEndpoints),
  persistentvolumes: of(defaultPersistentVolume),
  persistentvolumeclaims: of(defaultPersistentVolumeClaim),
  podtemplates: of(defaultPodTemplateObject),
  limitranges: of(defaultLimitRange),
  resourcequotas: of(defaultResourceQuota),
  "deployments.apps": of(defaultDeployment),
  "replicasets.apps": of(defaultReplicaSet),
  "endpointslices.discovery.k8s.io": of(defaultEndpointSlice),
  "priorityclasses.scheduling.k8s.io": of(defaultPriorityClass),
  "storageclasses.storage.k8s.io": of(defaultStorageClass),
};

/**
 * Sets what a client left out, as Kubernetes does right after decoding, on creation and on every update. The same object comes back when
 * nothing is missing. @param resource the row of the object's kind
 */
export function defaultObject<T extends KubeObject>(
  resource: { readonly storage: string },
  object: T,
): T {
  const defaulting = DEFAULTING[resource.storage];
  return defaulting === undefined ? object : (defaulting(object) as T);
}

/** The table's key names the kind, so the object has the type that the function wants. */
function of<T extends KubeObject>(defaulting: (object: T) => T): Defaulting {
  return (object) => defaulting(object as T);
}

/** pkg/apis/discovery/v1/defaults.go, 1.34 */
function defaultEndpointSlice(slice: EndpointSlice): EndpointSlice {
  return changeField(slice, "ports", (ports) =>
    changeEach(ports, (port) => fillAbsent(port, { name: "", protocol: "TCP" })),
  );
}

/** pkg/apis/scheduling/v1/defaults.go, 1.34 */
function defaultPriorityClass(priorityClass: PriorityClass): PriorityClass {
  return fillAbsent(priorityClass, { preemptionPolicy: "PreemptLowerPriority" });
}

/** pkg/apis/storage/v1/defaults.go, 1.34 */
function defaultStorageClass(storageClass: StorageClass): StorageClass {
  return fillAbsent(storageClass, {
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  });
}
