import type { Pod } from "../api/index.js";

export interface HostNames {
  readonly ips: readonly string[];
  readonly hostname: string;
  /** Empty when the pod has no subdomain. */
  readonly domain: string;
}

const FALLBACK_LINES = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::\tip6-localnet",
  "fe00::\tip6-mcastprefix",
  "fe00::1\tip6-allnodes",
  "fe00::2\tip6-allrouters",
];

/** The /etc/hosts of a pod (NS-5). pkg/kubelet/kubelet_pods.go, 1.34: managedHostsFileContent. */
export function hostsFile(pod: Pod, names: HostNames): string {
  const isHostNetwork = pod.spec.hostNetwork === true;
  const title = isHostNetwork
    ? "# Kubernetes-managed hosts file (host network)."
    : "# Kubernetes-managed hosts file.";
  const own = isHostNetwork
    ? []
    : names.ips.map((ip) =>
        names.domain === ""
          ? `${ip}\t${names.hostname}`
          : `${ip}\t${names.hostname}.${names.domain}\t${names.hostname}`,
      );
  return `${[title, ...FALLBACK_LINES, ...own].join("\n")}\n${aliases(pod)}`;
}

function aliases(pod: Pod): string {
  const entries = pod.spec.hostAliases ?? [];
  if (entries.length === 0) return "";
  const lines = entries.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join("\t")}\n`);
  return `\n# Entries added by HostAliases.\n${lines.join("")}`;
}

/** The longest host name Linux takes. pkg/kubelet/kubelet_pods.go, 1.34: truncatePodHostnameIfNeeded. */
const HOSTNAME_LIMIT = 63;

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
