import type { Service, ServicePort } from "../../generated/core-v1.js";
import {
  dnsLabel,
  dnsSubdomain,
  each,
  labels,
  messages,
  notSupportedIf,
  oneOf,
  oneOfIfSet,
  qualified,
} from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { cidrErrors, ipErrors, parseIp, specialIpErrors } from "../../meta/ip.js";
import { dns1123Subdomain, nameIsDns1035Label, portNumber } from "../../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { PROTOCOLS } from "./container-validation.js";
import { validatePort } from "./probe-validation.js";
import { isHeadless, validateClusterIps } from "./service-ip-validation.js";

/** pkg/apis/core/validation/validation.go ValidateService, 1.34 */

const SERVICE_TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const MAX_CLIENT_IP_SECONDS = 86400;
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

export function validateServiceCreate(service: Service): FieldError[] {
  const { spec } = service;
  const headless = isHeadless(service);
  const ports = spec.ports ?? [];
  return [
    ...validateObjectMeta(service.metadata, true, nameIsDns1035Label),
    ...topologyAnnotationErrors(service.metadata.annotations),
    ...(ports.length === 0 && !headless && spec.type !== "ExternalName"
      ? [required("spec.ports")]
      : []),
    ...typeSpecificErrors(service, headless),
    ...portErrors(ports),
    ...labels(spec.selector, "spec.selector"),
    ...affinityErrors(service),
    ...validateClusterIps(service),
    ...each(spec.externalIPs, "spec.externalIPs", (ip, path) => {
      const errors = ipErrors(ip, path);
      return errors.length > 0 ? errors : specialIpErrors(ip, path);
    }),
    ...oneOf(spec.type, "spec.type", SERVICE_TYPES),
    ...repeatedPortErrors(service, ports),
    ...loadBalancerErrors(service),
    ...externalTrafficErrors(service),
    ...internalTrafficErrors(service),
  ];
}

export function validateServiceStatusUpdate(next: Service, previous: Service): FieldError[] {
  const path = "status.loadBalancer.ingress";
  const ingress = next.status.loadBalancer?.ingress ?? [];
  const errors = validateObjectMetaUpdate(next.metadata, previous.metadata);
  if (next.spec.type !== "LoadBalancer" && ingress.length > 0) {
    const detail = "may only be used when `spec.type` is 'LoadBalancer'";
    return [...errors, forbidden(path, detail)];
  }
  return [
    ...errors,
    ...each(ingress, path, ({ ip = "", ipMode, hostname = "" }, place) => [
      ...(ip === "" ? [] : ipErrors(ip, `${place}.ip`)),
      ...ipModeErrors(ip, ipMode, `${place}.ipMode`),
      ...(hostname === "" ? [] : hostnameErrors(hostname, `${place}.hostname`)),
    ]),
  ];
}

export function isExternallyAccessible({ spec }: Service): boolean {
  if (spec.type === "LoadBalancer" || spec.type === "NodePort") return true;
  return spec.type === "ClusterIP" && (spec.externalIPs ?? []).length > 0;
}

export function needsHealthCheck({ spec }: Service): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}

function topologyAnnotationErrors(
  annotations: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const deprecated = "service.kubernetes.io/topology-aware-hints";
  const current = "service.kubernetes.io/topology-mode";
  const [hints, mode] = [annotations?.[deprecated], annotations?.[current]];
  if (hints === undefined || mode === undefined || hints === mode) return [];
  const detail = `must match annotations[${deprecated}] when both are specified`;
  return [invalid(`metadata.annotations[${current}]`, mode, detail)];
}

function typeSpecificErrors({ spec }: Service, headless: boolean): FieldError[] {
  const { type = "" } = spec;
  if (type === "LoadBalancer" || type === "NodePort") {
    const detail = `may not be set to 'None' for ${type} services`;
    return headless ? [invalid("spec.clusterIPs[0]", spec.clusterIPs?.[0], detail)] : [];
  }
  if (type !== "ExternalName") return [];
  const detail = "may not be set for ExternalName services";
  const lists = ["clusterIPs", "ipFamilies"] as const;
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  return [
    ...lists
      .filter((list) => (spec[list] ?? []).length > 0)
      .map((list) => forbidden(`spec.${list}`, detail)),
    ...(spec.ipFamilyPolicy === undefined ? [] : [forbidden("spec.ipFamilyPolicy", detail)]),
    ...(name === "" ? [required("spec.externalName")] : dnsSubdomain(name, "spec.externalName")),
  ];
}

function portErrors(ports: readonly ServicePort[]): FieldError[] {
  const names = new Set<string>();
  return each(ports, "spec.ports", (port, path) => {
    const { name = "", appProtocol } = port;
    const errors: FieldError[] = [];
    if (name === "") {
      if (ports.length > 1) errors.push(required(`${path}.name`));
    } else {
      errors.push(...dnsLabel(name, `${path}.name`));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    return [
      ...errors,
      ...messages(`${path}.port`, port.port, portNumber(port.port)),
      ...oneOf(port.protocol, `${path}.protocol`, PROTOCOLS),
      ...validatePort(port.targetPort ?? 0, `${path}.targetPort`),
      ...(appProtocol === undefined ? [] : qualified(appProtocol, `${path}.appProtocol`)),
    ];
  });
}

function affinityErrors({ spec }: Service): FieldError[] {
  const path = "spec.sessionAffinityConfig";
  const errors = oneOf(spec.sessionAffinity, "spec.sessionAffinity", ["ClientIP", "None"]);
  const config = spec.sessionAffinityConfig;
  if (spec.sessionAffinity === "None" && config !== undefined) {
    return [...errors, forbidden(path, "must not be set when session affinity is None")];
  }
  if (spec.sessionAffinity !== "ClientIP") return errors;
  const detail = "when session affinity type is ClientIP";
  const seconds = config?.clientIP?.timeoutSeconds;
  if (config === undefined) errors.push(required(path, detail));
  else if (config.clientIP === undefined) errors.push(required(`${path}.clientIP`, detail));
  else if (seconds === undefined) {
    errors.push(required(`${path}.clientIP.timeoutSeconds`, detail));
  } else if (seconds <= 0 || seconds > MAX_CLIENT_IP_SECONDS) {
    const range = `must be greater than 0 and less than ${String(MAX_CLIENT_IP_SECONDS)}`;
    errors.push(invalid(`${path}.clientIP.timeoutSeconds`, seconds, range));
  }
  return errors;
}

function repeatedPortErrors({ spec }: Service, ports: readonly ServicePort[]): FieldError[] {
  const nodePorts = new Set<string>();
  const pairs = new Set<string>();
  const forClusterIp =
    spec.type === "ClusterIP"
      ? each(ports, "spec.ports", ({ nodePort = 0 }, path) =>
          nodePort === 0
            ? []
            : [forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'")],
        )
      : [];
  return [
    ...forClusterIp,
    ...each(ports, "spec.ports", ({ nodePort = 0, protocol = "" }, path) => {
      if (nodePort === 0) return [];
      const repeated = nodePorts.has(`${protocol}/${String(nodePort)}`);
      nodePorts.add(`${protocol}/${String(nodePort)}`);
      return repeated ? [duplicate(`${path}.nodePort`, nodePort)] : [];
    }),
    ...each(ports, "spec.ports", ({ port, protocol = "" }, path) => {
      const repeated = pairs.has(`${protocol}/${String(port)}`);
      pairs.add(`${protocol}/${String(port)}`);
      return repeated ? [duplicate(path, internalPort(protocol, port))] : [];
    }),
  ];
}

/** Kubernetes shows its internal form of the port here. */
function internalPort(protocol: string, port: number): object {
  return {
    Name: "",
    Protocol: protocol,
    AppProtocol: null,
    Port: port,
    TargetPort: 0,
    NodePort: 0,
  };
}

function loadBalancerErrors(service: Service): FieldError[] {
  const { spec, metadata } = service;
  const isLoadBalancer = spec.type === "LoadBalancer";
  const errors: FieldError[] = [];
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata.annotations?.[SOURCE_RANGES];
  if (ranges.length > 0) {
    const path = "spec.LoadBalancerSourceRanges";
    if (!isLoadBalancer) errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    errors.push(...each(ranges, path, (range, place) => cidrErrors(range.trim(), place)));
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${SOURCE_RANGES}]`;
    if (!isLoadBalancer) errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    const given = annotation.trim() === "" ? [] : annotation.split(",");
    errors.push(...given.flatMap((range) => cidrErrors(range.trim(), path)));
  }
  const allocate = spec.allocateLoadBalancerNodePorts;
  if (allocate !== undefined && !isLoadBalancer) {
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", ONLY_LOAD_BALANCER));
  }
  if (allocate === undefined && isLoadBalancer) {
    errors.push(required("allocateLoadBalancerNodePorts"));
  }
  return [...errors, ...loadBalancerClassErrors(service)];
}

function loadBalancerClassErrors({ spec }: Service): FieldError[] {
  const path = "spec.loadBalancerClass";
  if (spec.loadBalancerClass === undefined) return [];
  return spec.type === "LoadBalancer"
    ? qualified(spec.loadBalancerClass, path)
    : [forbidden(path, ONLY_LOAD_BALANCER)];
}

function externalTrafficErrors(service: Service): FieldError[] {
  const { externalTrafficPolicy = "", healthCheckNodePort = 0 } = service.spec;
  const path = "spec.externalTrafficPolicy";
  const errors: FieldError[] = [];
  if (isExternallyAccessible(service)) {
    errors.push(...oneOf(externalTrafficPolicy, path, ["Cluster", "Local"]));
  } else if (externalTrafficPolicy !== "") {
    const detail = "may only be set for externally-accessible services";
    errors.push(invalid(path, externalTrafficPolicy, detail));
  }
  const port = "spec.healthCheckNodePort";
  if (needsHealthCheck(service)) {
    errors.push(
      ...(healthCheckNodePort === 0
        ? [required(port)]
        : messages(port, healthCheckNodePort, portNumber(healthCheckNodePort))),
    );
  } else if (healthCheckNodePort !== 0) {
    const detail =
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid(port, healthCheckNodePort, detail));
  }
  return errors;
}

function internalTrafficErrors({ spec }: Service): FieldError[] {
  const { internalTrafficPolicy, trafficDistribution, type = "" } = spec;
  const needed = ["NodePort", "LoadBalancer", "ClusterIP"].includes(type);
  const missing = internalTrafficPolicy === undefined && needed;
  return [
    ...(missing ? [required("spec.internalTrafficPolicy")] : []),
    ...oneOfIfSet(internalTrafficPolicy, "spec.internalTrafficPolicy", ["Cluster", "Local"]),
    ...oneOfIfSet(trafficDistribution, "spec.trafficDistribution", [
      "PreferClose",
      "PreferSameNode",
      "PreferSameZone",
    ]),
  ];
}

function ipModeErrors(ip: string, mode: string | undefined, path: string): FieldError[] {
  if (mode === undefined) {
    return ip === "" ? [] : [required(path, "must be specified when `ip` is set")];
  }
  if (ip === "") return [forbidden(path, "may not be specified when `ip` is not set")];
  return notSupportedIf(mode, path, ["Proxy", "VIP"]);
}

function hostnameErrors(hostname: string, path: string): FieldError[] {
  const errors = messages(path, hostname, dns1123Subdomain(hostname));
  const isIp = parseIp(hostname) !== null;
  const detail = "must be a DNS name, not an IP address";
  return isIp ? [...errors, invalid(path, hostname, detail)] : errors;
}
