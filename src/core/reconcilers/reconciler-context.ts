import type { Lease, Namespace, Node, Pod } from "../api/index.js";
import { Informer, type Client } from "../client/index.js";
import type { Engine } from "../engine/index.js";

export interface ReconcilerContext {
  readonly engine: Engine;
  readonly client: Client;
  readonly informers: SharedInformers;
}

export const PODS_BY_NODE = "node";
export const NODE_LEASE_NAMESPACE = "kube-node-lease";

/** One cache per resource for all reconcilers, as the shared informer factory of kube-controller-manager. */
export class SharedInformers {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  readonly leases: Informer<Lease>;

  constructor(client: Client) {
    this.pods = new Informer<Pod>(client, "pods", {
      indexes: { [PODS_BY_NODE]: (pod) => [pod.spec.nodeName ?? ""] },
    });
    this.nodes = new Informer<Node>(client, "nodes");
    this.namespaces = new Informer<Namespace>(client, "namespaces");
    this.leases = new Informer<Lease>(client, "leases.coordination.k8s.io", {
      namespace: NODE_LEASE_NAMESPACE,
    });
  }

  start(): void {
    for (const informer of [this.nodes, this.namespaces, this.leases, this.pods]) informer.start();
  }
}
