import type { EndpointSlice, KubeObject, Namespace, Service } from "../../api/index.js";
import { Informer, type Client } from "../../client/index.js";

export type SliceEndpoint = NonNullable<EndpointSlice["endpoints"]>[number];

const SERVICE_NAME = "kubernetes.io/service-name";
const SLICES = "service";
const ADDRESS = "address";

/** What the network itself knows of Services: the caches of kube-proxy and CoreDNS, one for all nodes. */
export class ServiceCaches {
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  readonly namespaces: Informer<Namespace>;

  constructor(client: Client) {
    this.services = new Informer<Service>(client, "services", {
      indexes: { [ADDRESS]: ({ spec }) => (hasAddress(spec) ? (spec.clusterIPs ?? []) : []) },
    });
    this.slices = new Informer<EndpointSlice>(client, "endpointslices.discovery.k8s.io", {
      indexes: {
        [SLICES]: (slice) => [sliceKeyOf(slice)],
        [ADDRESS]: ({ endpoints }) => [
          ...new Set((endpoints ?? []).flatMap(({ addresses }) => addresses)),
        ],
      },
    });
    this.namespaces = new Informer<Namespace>(client, "namespaces");
  }

  start(): void {
    for (const informer of [this.services, this.slices, this.namespaces]) informer.start();
  }

  slicesOf(service: Service): readonly EndpointSlice[] {
    return this.slices.byIndex(SLICES, keyOf(service));
  }

  servicesAt(address: string): readonly Service[] {
    return this.services.byIndex(ADDRESS, address);
  }

  slicesWith(address: string): readonly EndpointSlice[] {
    return this.slices.byIndex(ADDRESS, address);
  }
}

export const keyOf = ({ metadata }: KubeObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

/** `namespace/name` of the Service of a slice. */
export const sliceKeyOf = ({ metadata }: EndpointSlice): string =>
  `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME] ?? ""}`;

/** Neither headless nor an alias. */
export const hasAddress = ({ type, clusterIP }: Service["spec"]): boolean =>
  type !== "ExternalName" && clusterIP !== undefined && clusterIP !== "" && clusterIP !== "None";
