import type { NetworkNamespace } from "./kernel/network-namespace.js";

/** Where a connection to an address goes that is no pod's and no node's own: Services, when there are any. */
export type Route =
  | { readonly to: "address"; readonly host: string; readonly port: number }
  /** Answered with a reset: a Service without endpoints. */
  | { readonly to: "nowhere" };

/** What kube-proxy is to the simulated network. */
export type Router = (host: string, port: number, fromHost: string) => Route | null;

/** Record types that can be asked for. */
export type DnsType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT";

/** The cluster's DNS: takes a full name without its last dot; null when there is no such name, empty when it has no such record. */
export type DnsServer = (name: string, type: DnsType, fromHost: string) => readonly string[] | null;

/** The network that all simulated nodes share: who has which address, and what Services and DNS make of names and virtual addresses. */
export class ClusterNetwork {
  readonly #namespaces = new Map<string, NetworkNamespace>();
  router: Router | null = null;
  dns: DnsServer | null = null;

  attach(namespace: NetworkNamespace): void {
    this.#namespaces.set(namespace.address, namespace);
  }

  detach(namespace: NetworkNamespace): void {
    if (this.#namespaces.get(namespace.address) === namespace)
      this.#namespaces.delete(namespace.address);
  }

  at(address: string): NetworkNamespace | null {
    return this.#namespaces.get(address) ?? null;
  }
}
