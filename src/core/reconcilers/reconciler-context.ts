import type {
  Deployment,
  Endpoints,
  EndpointSlice,
  KubeObject,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
  StorageClass,
} from "../api/index.js";
import { claimNamesOf } from "../api/index.js";
import { Informer, type Client } from "../client/index.js";
import type { Call, Engine } from "../engine/index.js";
import { controllerOf } from "./controller-reference.js";

export interface ReconcilerContext {
  readonly engine: Engine;
  readonly client: Client;
  readonly informers: SharedInformers;
}

export const PODS_BY_NODE = "node";
export const NAMESPACE_INDEX = "namespace";
/** Pods and ReplicaSets by the uid of their controller; those without one are not in it. */
export const BY_CONTROLLER = "controller";
const PODS_BY_CLAIM = "claim";
export const SLICES_BY_SERVICE = "service";
/** staging/src/k8s.io/api/discovery/v1/well_known_labels.go, 1.34. */
export const SERVICE_NAME = "kubernetes.io/service-name";
export const NODE_LEASE_NAMESPACE = "kube-node-lease";

/** One cache per resource for all reconcilers, as the shared informer factory of kube-controller-manager. */
export class SharedInformers {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  readonly leases: Informer<Lease>;
  readonly services: Informer<Service>;
  readonly endpoints: Informer<Endpoints>;
  readonly endpointSlices: Informer<EndpointSlice>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly storageClasses: Informer<StorageClass>;
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;

  constructor(client: Client) {
    this.pods = new Informer<Pod>(client, "pods", {
      indexes: {
        [PODS_BY_NODE]: (pod) => [pod.spec.nodeName ?? ""],
        [NAMESPACE_INDEX]: namespaceOf,
        [BY_CONTROLLER]: controllerUids,
        [PODS_BY_CLAIM]: (pod) =>
          claimNamesOf(pod).map((name) => `${pod.metadata.namespace}/${name}`),
      },
    });
    this.nodes = new Informer<Node>(client, "nodes");
    this.namespaces = new Informer<Namespace>(client, "namespaces");
    this.leases = new Informer<Lease>(client, "leases.coordination.k8s.io", {
      namespace: NODE_LEASE_NAMESPACE,
    });
    const indexes = { [NAMESPACE_INDEX]: namespaceOf };
    this.services = new Informer<Service>(client, "services", { indexes });
    this.endpoints = new Informer<Endpoints>(client, "endpoints");
    this.endpointSlices = new Informer<EndpointSlice>(client, "endpointslices.discovery.k8s.io", {
      indexes: { [SLICES_BY_SERVICE]: (slice) => [serviceKeyOf(slice)] },
    });
    this.claims = new Informer<PersistentVolumeClaim>(client, "persistentvolumeclaims");
    this.volumes = new Informer<PersistentVolume>(client, "persistentvolumes");
    this.storageClasses = new Informer<StorageClass>(client, "storageclasses.storage.k8s.io");
    this.deployments = new Informer<Deployment>(client, "deployments.apps", { indexes });
    this.replicaSets = new Informer<ReplicaSet>(client, "replicasets.apps", {
      indexes: { ...indexes, [BY_CONTROLLER]: controllerUids },
    });
  }

  /** Pods that use a claim, with or without a node. */
  podsOfClaim(namespace: string, name: string): readonly Pod[] {
    return this.pods.byIndex(PODS_BY_CLAIM, `${namespace}/${name}`);
  }

  /** Until what Services depend on is known; before that, endpoints would seem to be gone. */
  *waitForServiceCaches(): Call<void> {
    for (const informer of [
      this.nodes,
      this.pods,
      this.services,
      this.endpoints,
      this.endpointSlices,
    ])
      yield* informer.waitForSync();
  }

  start(): void {
    for (const informer of [
      this.nodes,
      this.namespaces,
      this.leases,
      this.pods,
      this.services,
      this.endpoints,
      this.endpointSlices,
      this.storageClasses,
      this.volumes,
      this.claims,
      this.deployments,
      this.replicaSets,
    ])
      informer.start();
  }
}

const namespaceOf = ({ metadata }: KubeObject): readonly string[] => [metadata.namespace ?? ""];

const NOBODY: readonly string[] = [];

const controllerUids = ({ metadata }: KubeObject): readonly string[] => {
  if (metadata.ownerReferences === undefined) return NOBODY;
  const controller = controllerOf(metadata);
  return controller === undefined ? NOBODY : [controller.uid];
};

/** `namespace/name` of the Service that a slice belongs to, by its label. */
export const serviceKeyOf = ({ metadata }: EndpointSlice): string =>
  `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME] ?? ""}`;
