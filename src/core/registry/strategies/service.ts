import {
  field,
  needsHealthCheck,
  type FieldError,
  type Service,
  type ServiceSpec,
} from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { refuseInvalid } from "../refusals.js";
import type { Strategy, WriteContext } from "../strategy.js";
import {
  chooseAddress,
  chooseNodePort,
  FIRST_NODE_PORT,
  isNodePort,
  isServiceAddress,
  LAST_NODE_PORT,
  SERVICE_CIDR,
} from "./service-network.js";
import { hasClusterIp, hasNodePorts, withoutOldTypesFields } from "./service-type-change.js";

/** Services get their address and node ports here. pkg/registry/core/service/storage/{storage,alloc}.go, 1.34 */
export const serviceStrategy: Strategy<Service> = {
  createsOnUpdate: true,
  returnsDeleted: true,
  prepareForCreate: (service) => ({
    ...service,
    spec: withFamilies(withClusterIps(service.spec)),
    status: { loadBalancer: {} },
  }),
  prepareForUpdate: (next, previous) => ({
    ...next,
    spec: withFamilies(keepAllocated(withoutOldTypesFields(next, previous), previous.spec)),
    status: previous.status,
  }),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
  beginCreate: (service, context) => allocate(service, context),
  beginUpdate: (next, _previous, context) => allocate(next, context),
};

const HEADLESS = "None";

/** The network is IPv4 alone. storage/alloc.go initIPFamilyFields, 1.34 */
const withFamilies = (spec: ServiceSpec): ServiceSpec =>
  hasClusterIp(spec)
    ? {
        ...spec,
        ipFamilies: spec.ipFamilies ?? ["IPv4"],
        ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack",
      }
    : spec;

/** An update that does not name the address and the node ports keeps them. storage/storage.go patchAllocatedValues, 1.34 */
const keepAllocated = (next: ServiceSpec, previous: ServiceSpec): ServiceSpec => {
  const kept = { ...next };
  if (hasClusterIp(previous) && hasClusterIp(next)) {
    const clusterIP = orElse(next.clusterIP, next.clusterIPs?.[0] ?? previous.clusterIP);
    const isReplaced = next.clusterIP !== previous.clusterIP;
    if (clusterIP !== undefined) {
      kept.clusterIP = clusterIP;
      kept.clusterIPs =
        next.clusterIPs === undefined ||
        (isReplaced && isSameValue(next.clusterIPs, previous.clusterIPs))
          ? [clusterIP]
          : next.clusterIPs;
    }
  }
  if (hasNodePorts(previous) && hasNodePorts(next) && next.ports !== undefined) {
    const used = new Set(next.ports.map((port) => port.nodePort ?? 0));
    kept.ports = next.ports.map((port) => {
      if ((port.nodePort ?? 0) !== 0) return port;
      const before = previous.ports?.find(
        (other) => other.port === port.port && protocolOf(other) === protocolOf(port),
      )?.nodePort;
      if (before === undefined || used.has(before)) return port;
      used.add(before);
      return { ...port, nodePort: before };
    });
  }
  return kept;
};

/** Older clients name one address. storage/alloc.go normalizeClusterIPs, 1.34 */
const withClusterIps = (spec: ServiceSpec): ServiceSpec =>
  spec.clusterIP === undefined || spec.clusterIP === "" || spec.clusterIPs !== undefined
    ? spec
    : { ...spec, clusterIPs: [spec.clusterIP] };

const orElse = (text: string | undefined, other: string | undefined): string | undefined =>
  text === undefined || text === "" ? other : text;

const protocolOf = ({ protocol = "TCP" }: { readonly protocol?: string }): string => protocol;

/** @throws StatusError 422 when what is asked for is taken or out of range. */
const allocate = (service: Service, context: WriteContext): Service => {
  const others = otherServices(service, context);
  const errors: FieldError[] = [];
  const draw = drawFrom(context);
  let { spec } = service;
  if (hasClusterIp(spec)) spec = withClusterIp(spec, others, draw, errors);
  if (hasNodePorts(spec)) spec = withNodePorts(spec, others, draw, errors);
  if (needsHealthCheck({ ...service, spec })) spec = withHealthCheckPort(spec, others, draw);
  refuseInvalid(context.resource, service.metadata.name, errors);
  return { ...service, spec };
};

const otherServices = (service: Service, { store }: WriteContext): readonly ServiceSpec[] =>
  (store.list("services") as Service[])
    .filter((other) => other.metadata.uid !== service.metadata.uid)
    .map((other) => other.spec);

const drawFrom = ({ environment, dryRun }: WriteContext) => {
  // A dry run must not shift what a later request gets.
  if (dryRun) return () => 0;
  const random = environment.random("registry/services");
  return (bound: number) => Number.parseInt(random.characters(12, "0123456789"), 10) % bound;
};

const withClusterIp = (
  spec: ServiceSpec,
  others: readonly ServiceSpec[],
  draw: (bound: number) => number,
  errors: FieldError[],
): ServiceSpec => {
  const asked = orElse(spec.clusterIP, spec.clusterIPs?.[0]);
  if (asked === HEADLESS) return { ...spec, clusterIP: HEADLESS, clusterIPs: [HEADLESS] };
  const taken = new Set(others.map((other) => other.clusterIP));
  if (asked === undefined) {
    const chosen = chooseAddress((address) => taken.has(address), draw);
    if (chosen !== null) return { ...spec, clusterIP: chosen, clusterIPs: [chosen] };
    errors.push(field.internal("spec.clusterIPs", "failed to allocate a serviceIP: range is full"));
    return spec;
  }
  const why = !isServiceAddress(asked)
    ? `the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${SERVICE_CIDR}`
    : taken.has(asked)
      ? "provided IP is already allocated"
      : null;
  if (why !== null) {
    errors.push(
      field.invalid("spec.clusterIPs", [asked], `failed to allocate IP ${asked}: ${why}`),
    );
  }
  return { ...spec, clusterIP: asked, clusterIPs: spec.clusterIPs ?? [asked] };
};

/** One number serves several protocols of the same service port. storage/alloc.go allocNodePort, 1.34 */
const withNodePorts = (
  spec: ServiceSpec,
  others: readonly ServiceSpec[],
  draw: (bound: number) => number,
  errors: FieldError[],
): ServiceSpec => {
  const taken = new Set(
    others.flatMap((other) => (other.ports ?? []).map((port) => port.nodePort)),
  );
  const own = new Map<string, number>();
  const ports = (spec.ports ?? []).map((port, index) => {
    const asked = port.nodePort ?? 0;
    if (asked !== 0) {
      const why = !isNodePort(asked)
        ? `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`
        : taken.has(asked)
          ? "provided port is already allocated"
          : null;
      if (why !== null) errors.push(field.invalid(`spec.ports[${index}].nodePort`, asked, why));
      own.set(String(port.port), asked);
      return port;
    }
    const nodePort =
      own.get(String(port.port)) ?? chooseNodePort((candidate) => taken.has(candidate), draw);
    if (nodePort === null) {
      errors.push(field.internal(`spec.ports[${index}].nodePort`, "range is full"));
      return port;
    }
    own.set(String(port.port), nodePort);
    taken.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports };
};

/** What load balancers ask whether a node has endpoints. storage/alloc.go allocHealthCheckNodePort, 1.34 */
const withHealthCheckPort = (
  spec: ServiceSpec,
  others: readonly ServiceSpec[],
  draw: (bound: number) => number,
): ServiceSpec => {
  if ((spec.healthCheckNodePort ?? 0) !== 0) return spec;
  const taken = new Set(
    [...others, spec].flatMap(({ ports = [], healthCheckNodePort }) => [
      healthCheckNodePort,
      ...ports.map((port) => port.nodePort),
    ]),
  );
  const chosen = chooseNodePort((candidate) => taken.has(candidate), draw);
  return chosen === null ? spec : { ...spec, healthCheckNodePort: chosen };
};
