import type { Service, ServicePort, ServiceSpec } from "../../generated/core-v1.js";
import { changeEach, changeField, fillAbsent, fillEmpty } from "./fill.js";
import { omit } from "../../meta/omit.js";

/** Three hours. */
const CLIENT_IP_SECONDS = 10800;

/** pkg/apis/core/v1/defaults.go SetDefaults_Service, 1.34. Cluster IPs and families are the registry's to give. */
export function defaultService(service: Service): Service {
  const spec = [
    (value: ServiceSpec) => fillEmpty(value, { sessionAffinity: "None", type: "ClusterIP" }),
    defaultAffinityConfig,
    (value: ServiceSpec) => changeField(value, "ports", (ports) => changeEach(ports, defaultPort)),
    defaultTrafficPolicies,
  ].reduce((value, step) => step(value), service.spec);
  return spec === service.spec ? service : { ...service, spec };
}

function defaultAffinityConfig(spec: ServiceSpec): ServiceSpec {
  if (spec.sessionAffinity === "None" && spec.sessionAffinityConfig !== undefined) {
    return omit(spec, "sessionAffinityConfig");
  }
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (spec.sessionAffinity !== "ClientIP" || timeout !== undefined) return spec;
  return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: CLIENT_IP_SECONDS } } };
}

function defaultPort(port: ServicePort): ServicePort {
  return fillEmpty(port, { protocol: "TCP", targetPort: port.port });
}

function defaultTrafficPolicies(spec: ServiceSpec): ServiceSpec {
  const { type } = spec;
  const external =
    type === "NodePort" ||
    type === "LoadBalancer" ||
    (type === "ClusterIP" && (spec.externalIPs ?? []).length > 0);
  const withExternal = external ? fillEmpty(spec, { externalTrafficPolicy: "Cluster" }) : spec;
  const withInternal =
    type === "ExternalName"
      ? withExternal
      : fillAbsent(withExternal, { internalTrafficPolicy: "Cluster" });
  return type === "LoadBalancer"
    ? fillAbsent(withInternal, { allocateLoadBalancerNodePorts: true })
    : withInternal;
}
