import type { EndpointSlice, Service } from "../../api/index.js";
import type { DnsAnswer, DnsType } from "../../runtime/index.js";
import {
  dashedAddress,
  parseDnsRequest,
  reverseAddress,
  ZONE,
  type DnsRequest,
} from "./dns-request.js";
import {
  hasAddress,
  keyOf,
  sliceKeyOf,
  type ServiceCaches,
  type SliceEndpoint,
} from "./service-caches.js";

/** clusterDNS of kubeadm: the tenth address of the service network. */
export const DNS_ADDRESS = "10.96.0.10";
/** An alias that leads to an alias, and so on: as far as a lookup follows. CoreDNS plugin/pkg/upstream follows seven. */
const MAX_ALIASES = 7;
/** CoreDNS plugin/kubernetes/kubernetes.go, 1.12: DNSSchemaVersion. */
const SCHEMA_VERSION = "1.1.0";

/** What a name leads to. */
interface Found {
  readonly address: string;
  readonly port: number;
  /** Its name as SRV records give it. */
  readonly name: string;
}

const NO_SUCH_NAME: DnsAnswer = { kind: "no-such-name" };
const NO_RECORDS: DnsAnswer = { kind: "records", records: [] };

const records = (texts: readonly string[]): DnsAnswer => ({
  kind: "records",
  records: [...new Set(texts)],
});

/** CoreDNS with kubeadm's Corefile: the cluster's zone with `pods insecure`, and the reverse zones. There is no world outside to ask further. */
export class ClusterDns {
  constructor(private readonly caches: ServiceCaches) {}

  answer(name: string, type: DnsType): DnsAnswer {
    const wanted = name.toLowerCase();
    const address = reverseAddress(wanted);
    if (address !== null) return type === "PTR" ? this.#reverse(address) : NO_SUCH_NAME;
    return this.#forward(wanted, type, MAX_ALIASES);
  }

  #forward(name: string, type: DnsType, aliases: number): DnsAnswer {
    if (name === ZONE || name === `svc.${ZONE}` || name === `pod.${ZONE}`) return NO_RECORDS;
    if (name === `dns-version.${ZONE}`)
      return type === "TXT" ? records([SCHEMA_VERSION]) : NO_RECORDS;
    const request = parseDnsRequest(name);
    if (request === null || this.caches.namespaces.get("", request.namespace) === undefined)
      return NO_SUCH_NAME;
    if (request.service === "") return NO_RECORDS;
    if (request.kind === "pod") return podAnswer(request, type);
    const service = this.caches.services.get(request.namespace, request.service);
    if (service === undefined) return NO_SUCH_NAME;
    const isPlain = request.endpoint === "" && request.port === "";
    if (service.spec.type === "ExternalName")
      return isPlain ? this.#alias(service, type, aliases) : NO_SUCH_NAME;
    return answerWith(this.#find(service, request), type);
  }

  #alias(service: Service, type: DnsType, aliases: number): DnsAnswer {
    const target = (service.spec.externalName ?? "").replace(/\.$/, "").toLowerCase();
    if (type === "CNAME") return records([`${target}.`]);
    const isInside = target === ZONE || target.endsWith(`.${ZONE}`);
    const answer = isInside && aliases > 0 ? this.#forward(target, type, aliases - 1) : NO_RECORDS;
    return answer.kind === "records" ? answer : NO_RECORDS;
  }

  /** CoreDNS plugin/kubernetes/kubernetes.go findServices, 1.12 */
  #find(service: Service, request: DnsRequest): Found[] {
    const { port: portName, protocol, endpoint: host } = request;
    const isMatch = (port: { readonly name?: string; readonly protocol?: string }): boolean =>
      isWanted(portName, port.name ?? "") && isWanted(protocol, port.protocol ?? "TCP");
    const base = `${service.metadata.name}.${service.metadata.namespace}.svc.${ZONE}`;
    const { spec } = service;
    if (hasAddress(spec) && host === "") {
      return (spec.ports ?? [])
        .filter(isMatch)
        .flatMap(({ port }) =>
          (spec.clusterIPs ?? []).map((address) => ({ address, port, name: base })),
        );
    }
    return this.caches.slicesOf(service).flatMap(({ ports = [], endpoints = [] }) => {
      // Endpoints without ports have a name all the same.
      const matching = (ports.length === 0 ? [{ port: 0 }] : ports).filter(isMatch);
      return endpoints
        .filter((each) => isPublished(each) && (host === "" || hostLabel(each) === host))
        .flatMap((each) =>
          matching.flatMap(({ port = 0 }) =>
            each.addresses.map((address) => ({
              address,
              port,
              name: `${hostLabel(each)}.${base}`,
            })),
          ),
        );
    });
  }

  /** plugin/kubernetes/reverse.go serviceRecordForIP, 1.12: Services first, then whatever has an endpoint there. */
  #reverse(address: string): DnsAnswer {
    const [service] = this.caches.servicesAt(address);
    if (service !== undefined)
      return records([`${service.metadata.name}.${service.metadata.namespace}.svc.${ZONE}.`]);
    const names = this.caches.slicesWith(address).flatMap((slice) => this.#namesIn(slice, address));
    return names.length === 0 ? NO_SUCH_NAME : records(names);
  }

  #namesIn(slice: EndpointSlice, address: string): string[] {
    const [namespace = "", name = ""] = sliceKeyOf(slice).split("/");
    const service = this.caches.services.get(namespace, name);
    if (service === undefined || sliceKeyOf(slice) !== keyOf(service)) return [];
    return (slice.endpoints ?? [])
      .filter((each) => isPublished(each) && each.addresses.includes(address))
      .map((each) => `${hostLabel(each)}.${name}.${namespace}.svc.${ZONE}.`);
  }
}

/** `pods insecure`: any address in any namespace. */
const podAnswer = ({ endpoint, service }: DnsRequest, type: DnsType): DnsAnswer => {
  const address = endpoint === "" ? dashedAddress(service) : null;
  if (address === null) return NO_SUCH_NAME;
  return type === "A" ? records([address]) : NO_RECORDS;
};

const answerWith = (found: readonly Found[], type: DnsType): DnsAnswer => {
  if (found.length === 0) return NO_SUCH_NAME;
  if (type === "A") return records(found.map(({ address }) => address));
  if (type !== "SRV") return NO_RECORDS;
  // CoreDNS plugin/backend_lookup.go SRV, 1.12: equal weights that sum up to a hundred.
  const weight = Math.max(1, Math.floor(100 / found.length));
  return records(found.map((each) => `0 ${weight} ${each.port} ${each.name}.`));
};

const isWanted = (wanted: string, actual: string): boolean =>
  wanted === "" || wanted.toLowerCase() === actual.toLowerCase();

const isPublished = ({ conditions }: SliceEndpoint): boolean => conditions?.ready !== false;

/** plugin/kubernetes/kubernetes.go endpointHostname, 1.12 */
const hostLabel = ({ hostname = "", addresses }: SliceEndpoint): string =>
  hostname === "" ? (addresses[0] ?? "").replaceAll(".", "-") : hostname;
