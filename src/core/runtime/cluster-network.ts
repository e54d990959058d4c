import type { NetworkNamespace } from "./kernel/network-namespace.js";

/** Where a connection to an address goes that is no pod's own: Services, when there are any. */
export type Route =
  | { readonly to: "address"; readonly host: string; readonly port: number }
  /** Answered with a reset: a Service without endpoints. */
  | { readonly to: "nowhere" }
  /** Thrown away: nobody ever answers. */
  | { readonly to: "void" };

/** Who connects. */
export interface RouteSource {
  readonly address: string;
  readonly nodeName: string;
}

/** What kube-proxy is to the simulated network; null for an address that it has no rule for. */
export type Router = (host: string, port: number, from: RouteSource) => Route | null;

/** Record types that can be asked for. */
export type DnsType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT";

export type DnsAnswer =
  /** Empty when the name has no such record. */
  | { readonly kind: "records"; readonly records: readonly string[] }
  | { readonly kind: "no-such-name" }
  /** Nobody answers at that address. */
  | { readonly kind: "silence" };

/** The name servers that can be reached: takes a full name without its last dot, and the server's address. */
export type DnsServer = (name: string, type: DnsType, server: string) => DnsAnswer;

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
