import type { EndpointSlice, OwnerReference, Pod, Service } from "../../api/index.js";
import { SERVICE_NAME } from "../reconciler-context.js";
import {
  canBeEndpoint,
  endpointHostname,
  findPort,
  isHeadless,
  isReady,
  podAddresses,
} from "../endpoints/pod-address.js";

export type SliceEndpoint = NonNullable<EndpointSlice["endpoints"]>[number];
export type SlicePort = NonNullable<EndpointSlice["ports"]>[number];

/** staging/src/k8s.io/api/discovery/v1/well_known_labels.go, 1.34. */
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
export const SLICE_CONTROLLER = "endpointslice-controller.k8s.io";
const HEADLESS = "service.kubernetes.io/headless";
const RESERVED = new Set([SERVICE_NAME, MANAGED_BY, HEADLESS]);

/** A slice as it shall be; without a name it is a new one. */
export interface SliceDraft {
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

/** Endpoints that have the same ports. */
export interface DesiredGroup {
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

/** The endpoints of a Service, by their ports. staging/src/k8s.io/endpointslice/reconciler.go reconcileByAddressType, 1.34 */
export const desiredGroups = (
  service: Service,
  pods: readonly Pod[],
  zoneOf: (nodeName: string) => string | null | undefined,
): ReadonlyMap<string, DesiredGroup> => {
  const groups = new Map<string, { ports: SlicePort[]; endpoints: SliceEndpoint[] }>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (!canBeEndpoint(pod, true)) continue;
    const zone = zoneOf(nodeName ?? "");
    // Its node is gone, and soon it will be too.
    if (zone === undefined && service.spec.publishNotReadyAddresses !== true) continue;
    const ports = portsOf(service, pod);
    const key = portKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(pod, service, zone ?? null));
    groups.set(key, group);
  }
  return groups;
};

/** The same for the same set of ports. */
export const portKey = (ports: readonly SlicePort[]): string =>
  ports
    .map(({ name, port, protocol, appProtocol }) =>
      JSON.stringify([name ?? "", protocol, port, appProtocol ?? ""]),
    )
    .sort()
    .join();

const portsOf = (service: Service, pod: Pod): SlicePort[] =>
  (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = findPort(pod, servicePort);
    if (port === null) return [];
    const { name = "", protocol = "TCP", appProtocol } = servicePort;
    return [{ name, protocol, port, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });

/** staging/src/k8s.io/endpointslice/utils.go podToEndpoint, 1.34 */
const endpointOf = (pod: Pod, service: Service, zone: string | null): SliceEndpoint => {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const hostname = endpointHostname(pod, service);
  const { namespace, name, uid } = pod.metadata;
  const { nodeName = "" } = pod.spec;
  return {
    addresses: [...podAddresses(pod.status)],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(nodeName === "" ? {} : { nodeName }),
    ...(zone === null ? {} : { zone }),
  };
};

/** A slice's labels are its Service's, and who it belongs to. utils.go setEndpointSliceLabels, 1.34 */
export const sliceLabels = (service: Service): Record<string, string> => ({
  ...withoutReserved(service.metadata.labels),
  ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
  [SERVICE_NAME]: service.metadata.name,
  [MANAGED_BY]: SLICE_CONTROLLER,
});

export const withoutReserved = (labels: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.has(key)));

export const ownedBy = ({ metadata }: EndpointSlice, uid: string): boolean =>
  (metadata.ownerReferences ?? []).some((reference) => reference.uid === uid);

export const controllerReference = (
  kind: "Service" | "Endpoints",
  { name, uid }: { readonly name: string; readonly uid: string },
): OwnerReference => ({
  apiVersion: "v1",
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** A dash makes the generated name prettier, where it is not too long for that. utils.go getEndpointSlicePrefix, 1.34 */
export const sliceNamePrefix = (serviceName: string): string =>
  serviceName.length < MAX_NAME ? `${serviceName}-` : serviceName;

/** Of a DNS subdomain: apimachinery pkg/util/validation/validation.go, 1.34. */
const MAX_NAME = 253;
