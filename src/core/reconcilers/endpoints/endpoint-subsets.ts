import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Pod,
  Service,
} from "../../api/index.js";
import { MAX_ENDPOINTS } from "../limits.js";
import {
  canBeEndpoint,
  endpointHostname,
  findPort,
  isHeadless,
  isReady,
  podAddresses,
} from "./pod-address.js";

interface Group {
  readonly ports: EndpointPort[];
  readonly members: Map<string, Member>;
}

interface Member {
  readonly address: EndpointAddress;
  readonly isReady: boolean;
}

/** The subsets of a Service's Endpoints. pkg/controller/endpoint/endpoints_controller.go syncService, 1.34 */
export const endpointSubsets = (service: Service, pods: readonly Pod[]): EndpointSubset[] => {
  const publishesAll = service.spec.publishNotReadyAddresses === true;
  const byPort = new Map<string, Group>();
  for (const pod of pods) {
    if (!canBeEndpoint(pod, publishesAll)) continue;
    const [ip] = podAddresses(pod.status);
    if (ip === undefined) continue;
    const member = {
      address: endpointAddress(pod, service, ip),
      isReady: publishesAll || isReady(pod),
    };
    for (const ports of portsOf(service, pod)) {
      const key = JSON.stringify(ports);
      const group = byPort.get(key) ?? { ports, members: new Map<string, Member>() };
      group.members.set(`${ip} ${pod.metadata.uid}`, member);
      byPort.set(key, group);
    }
  }
  return repack([...byPort.values()]);
};

/** One port each; one time none for a headless Service without ports. */
const portsOf = (service: Service, pod: Pod): EndpointPort[][] => {
  const ports = service.spec.ports ?? [];
  if (ports.length === 0) return isHeadless(service) ? [[]] : [];
  return ports.flatMap((port) => {
    const number = findPort(pod, port);
    if (number === null) return [];
    const { name = "", protocol = "TCP", appProtocol } = port;
    return [
      [
        {
          ...(name === "" ? {} : { name }),
          port: number,
          protocol,
          ...(appProtocol === undefined ? {} : { appProtocol }),
        },
      ],
    ];
  });
};

const endpointAddress = (pod: Pod, service: Service, ip: string): EndpointAddress => {
  const { namespace, name, uid } = pod.metadata;
  const { nodeName } = pod.spec;
  const hostname = endpointHostname(pod, service);
  return {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
};

/** Ports that the same addresses have are one subset. pkg/api/v1/endpoints/util.go RepackSubsets, 1.34 */
const repack = (groups: readonly Group[]): EndpointSubset[] => {
  const merged = new Map<string, Group>();
  for (const group of groups) {
    const key = [...group.members].map(([id, { isReady: ready }]) => `${id} ${ready}`).join();
    const same = merged.get(key);
    if (same === undefined) merged.set(key, { ...group, ports: [...group.ports] });
    else same.ports.push(...group.ports);
  }
  return [...merged.values()].map(({ ports, members }) => {
    const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
    const addresses = sorted.filter((member) => member.isReady).map(({ address }) => address);
    const notReady = sorted.filter((member) => !member.isReady).map(({ address }) => address);
    return subsetOf(addresses, notReady, ports);
  });
};

/** At most 1,000 addresses, those that are ready first; each subset gives up its share. endpoints_controller.go truncateEndpoints, 1.34 */
export const truncated = (subsets: readonly EndpointSubset[]): EndpointSubset[] | null => {
  const ready = count(subsets, "addresses");
  const notReady = count(subsets, "notReadyAddresses");
  if (ready + notReady <= MAX_ENDPOINTS) return null;
  const cutsReady = ready > MAX_ENDPOINTS;
  const room = cutsReady ? MAX_ENDPOINTS : MAX_ENDPOINTS - ready;
  const total = cutsReady ? ready : notReady;
  let left = room;
  return subsets.map((subset) => {
    const kind = cutsReady ? "addresses" : "notReadyAddresses";
    const own = subset[kind] ?? [];
    const kept = own.slice(0, Math.min(left, Math.ceil((own.length / total) * room)));
    left -= kept.length;
    const addresses = cutsReady ? kept : (subset.addresses ?? []);
    return subsetOf(addresses, cutsReady ? [] : kept, subset.ports ?? []);
  });
};

const subsetOf = (
  addresses: EndpointAddress[],
  notReadyAddresses: EndpointAddress[],
  ports: EndpointPort[],
): EndpointSubset => ({
  ...(addresses.length === 0 ? {} : { addresses }),
  ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
  ...(ports.length === 0 ? {} : { ports }),
});

const count = (
  subsets: readonly EndpointSubset[],
  kind: "addresses" | "notReadyAddresses",
): number => subsets.reduce((sum, subset) => sum + (subset[kind]?.length ?? 0), 0);
