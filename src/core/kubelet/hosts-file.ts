import type { Pod } from "../api/index.js";
import { ConfigError } from "./config-reader.js";

export interface HostNames {
  readonly ips: readonly string[];
  readonly hostname: string;
  /** Empty when the pod has no subdomain. */
  readonly domain: string;
}

const LOCAL_LINES = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::0\tip6-localnet",
  "fe00::0\tip6-mcastprefix",
  "fe00::1\tip6-allnodes",
  "fe00::2\tip6-allrouters",
];

/** The /etc/hosts of a pod (NS-5). pkg/kubelet/kubelet_pods.go, 1.34: managedHostsFileContent. */
export function hostsFile(pod: Pod, names: HostNames): string {
  const own = names.ips.map((ip) =>
    names.domain === ""
      ? `${ip}\t${names.hostname}`
      : `${ip}\t${names.hostname}.${names.domain}\t${names.hostname}`,
  );
  return `${["# Kubernetes-managed hosts file.", ...LOCAL_LINES, ...own].join("\n")}\n${aliases(pod)}`;
}

/** That of a pod on the host network: the node's own, and what the pod adds. kubelet_pods.go, 1.34: nodeHostsFileContent. */
export function hostNetworkHostsFile(pod: Pod, nodeFile: string): string {
  return `# Kubernetes-managed hosts file (host network).\n${nodeFile}${aliases(pod)}`;
}

function aliases(pod: Pod): string {
  const entries = pod.spec.hostAliases ?? [];
  if (entries.length === 0) return "";
  const lines = entries.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join("\t")}\n`);
  return `\n# Entries added by HostAliases.\n${lines.join("")}`;
}

/** The longest host name Linux takes. pkg/kubelet/kubelet_pods.go, 1.34: truncatePodHostnameIfNeeded. */
const HOSTNAME_LIMIT = 63;
/** __NEW_UTS_LEN of Linux. */
const FULL_NAME_LIMIT = 64;

/**
 * NS-4: what `hostname` prints. setHostnameAsFQDN makes that the full name; throws ConfigError when it does not fit into the kernel's field.
 * pkg/kubelet/util/util.go, 1.34: GetNodenameForKernel.
 */
export function kernelHostname(pod: Pod, clusterDomain: string): string {
  const { hostname, domain } = podHostname(pod, clusterDomain);
  if (domain === "" || pod.spec.setHostnameAsFQDN !== true) return hostname;
  const fullName = `${hostname}.${domain}`;
  if (fullName.length <= FULL_NAME_LIMIT) return fullName;
  throw new ConfigError(
    `Failed to construct FQDN from pod hostname and cluster domain, FQDN ${fullName} is too long ` +
      `(${String(FULL_NAME_LIMIT)} characters is the max, ${String(fullName.length)} characters requested)`,
  );
}

/** NS-4: the host name within the pod and its domain. */
export function podHostname(
  pod: Pod,
  clusterDomain: string,
): { readonly hostname: string; readonly domain: string } {
  const { hostname, subdomain, hostnameOverride } = pod.spec;
  if (hostnameOverride !== undefined) return { hostname: hostnameOverride, domain: "" };
  const name = hostname === undefined || hostname === "" ? pod.metadata.name : hostname;
  const isSub = subdomain !== undefined && subdomain !== "";
  return {
    hostname: name.slice(0, HOSTNAME_LIMIT).replace(/[-.]+$/, ""),
    domain: isSub ? `${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}` : "",
  };
}
