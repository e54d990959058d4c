import {
  isExternallyAccessible,
  needsHealthCheck,
  type Service,
  type ServiceSpec,
} from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { withoutFields } from "../without-fields.js";

/**
 * Fields that only the old type of a service had go with it, unless the user changed them too: then validation has its say.
 * pkg/registry/core/service/strategy.go dropTypeDependentFields, 1.34
 */
export const withoutOldTypesFields = (next: Service, previous: Service): ServiceSpec => {
  const drop = (hasIt: (service: Service) => boolean, ...fields: readonly (keyof ServiceSpec)[]) =>
    hasIt(previous) && !hasIt(next)
      ? fields.filter((name) => isSameValue(next.spec[name], previous.spec[name]))
      : [];
  const dropped = [
    ...drop(
      ({ spec }) => hasClusterIp(spec),
      "clusterIP",
      "clusterIPs",
      "ipFamilies",
      "ipFamilyPolicy",
    ),
    ...drop(needsHealthCheck, "healthCheckNodePort"),
    ...drop(isExternallyAccessible, "externalTrafficPolicy"),
    ...drop(isLoadBalancer, "allocateLoadBalancerNodePorts", "loadBalancerClass"),
    ...drop(({ spec }) => spec.sessionAffinity === "ClientIP", "sessionAffinityConfig"),
  ];
  const spec: ServiceSpec = withoutFields(next.spec, ...dropped);
  const losesNodePorts = hasNodePorts(previous.spec) && !hasNodePorts(next.spec);
  return losesNodePorts && isSameValue(nodePortsOf(next), nodePortsOf(previous))
    ? withoutNodePorts(spec)
    : spec;
};

export const hasClusterIp = ({ type = "ClusterIP" }: ServiceSpec): boolean =>
  type !== "ExternalName";

export const hasNodePorts = (spec: ServiceSpec): boolean =>
  spec.type === "NodePort" ||
  (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);

const isLoadBalancer = ({ spec }: Service): boolean => spec.type === "LoadBalancer";

const nodePortsOf = ({ spec }: Service): unknown => spec.ports?.map((port) => port.nodePort ?? 0);

const withoutNodePorts = (spec: ServiceSpec): ServiceSpec =>
  spec.ports === undefined
    ? spec
    : { ...spec, ports: spec.ports.map((port) => withoutFields(port, "nodePort")) };
