import type { Pod, PodDNSConfigOption } from "../api/index.js";
import {
  DNS_NAME_SERVERS,
  DNS_SEARCH_CHARACTERS,
  DNS_SEARCH_DOMAIN_CHARACTERS,
  DNS_SEARCH_DOMAINS,
} from "./limits.js";

/** What stands in a resolv.conf. */
export interface DnsSettings {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface DnsEnvironment {
  /** The cluster's name servers. */
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The text of the node's resolv.conf. */
  readonly nodeResolvConf: string;
}

const CLUSTER_OPTIONS = ["ndots:5"];

/** dnsPolicy and dnsConfig, and what had to be left out: DNSConfigForming. pkg/kubelet/network/dns/dns.go, 1.34: GetPodDNS. */
export function podDns(
  pod: Pod,
  environment: DnsEnvironment,
): { readonly settings: DnsSettings; readonly problems: readonly string[] } {
  const base = baseSettings(pod, environment);
  const { dnsConfig } = pod.spec;
  if (dnsConfig === undefined) return withinLimits(base);
  return withinLimits({
    servers: withoutDuplicates([...base.servers, ...(dnsConfig.nameservers ?? [])]),
    searches: withoutDuplicates([...base.searches, ...(dnsConfig.searches ?? [])]),
    options: mergedOptions(base.options, dnsConfig.options ?? []),
  });
}

/** A pod on the host network has to say ClusterFirstWithHostNet to get the cluster's DNS: dns.go, getPodDNSType. */
function baseSettings(pod: Pod, environment: DnsEnvironment): DnsSettings {
  const { dnsPolicy, hostNetwork } = pod.spec;
  if (dnsPolicy === "None") return { servers: [], searches: [], options: [] };
  const node = parseResolvConf(environment.nodeResolvConf);
  if (dnsPolicy === "Default") return node;
  if (hostNetwork === true && dnsPolicy !== "ClusterFirstWithHostNet") return node;
  const { clusterDns, clusterDomain } = environment;
  const cluster = [
    `${pod.metadata.namespace}.svc.${clusterDomain}`,
    `svc.${clusterDomain}`,
    clusterDomain,
  ];
  return {
    servers: clusterDns,
    searches: withoutDuplicates([...cluster, ...node.searches]),
    options: CLUSTER_OPTIONS,
  };
}

/** dns.go, 1.34: parseResolvConf. The last `search` and `options` win. */
function parseResolvConf(text: string): DnsSettings {
  const servers: string[] = [];
  let searches: readonly string[] = [];
  let options: readonly string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "nameserver" && words[0] !== undefined) servers.push(words[0]);
    if (keyword === "search") searches = words.map((word) => word.replace(/(?<=.)\.$/, ""));
    if (keyword === "options") options = words;
  }
  return { servers, searches, options };
}

/** The pod's own replace those of the same name. dns.go, 1.34: mergeDNSOptions, which has no order; here they stay in theirs. */
function mergedOptions(
  existing: readonly string[],
  added: readonly PodDNSConfigOption[],
): readonly string[] {
  const values = new Map<string, string>();
  for (const option of existing) {
    const [name = "", ...value] = option.split(":");
    values.set(name, value.join(":"));
  }
  for (const { name, value } of added) values.set(name ?? "", value ?? "");
  return [...values].map(([name, value]) => (value === "" ? name : `${name}:${value}`));
}

/** dns.go, 1.34: formDNSConfigFitsLimits. */
function withinLimits({ servers, searches, options }: DnsSettings): {
  readonly settings: DnsSettings;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const fittingServers = servers.slice(0, DNS_NAME_SERVERS);
  if (fittingServers.length < servers.length) {
    problems.push(
      `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${fittingServers.join(" ")}`,
    );
  }
  const fittingSearches = fittingDomains(searches);
  if (fittingSearches.length < searches.length) {
    problems.push(
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${fittingSearches.join(" ")}`,
    );
  }
  return { settings: { servers: fittingServers, searches: fittingSearches, options }, problems };
}

function fittingDomains(searches: readonly string[]): readonly string[] {
  const fitting = searches
    .slice(0, DNS_SEARCH_DOMAINS)
    .filter(({ length }) => length <= DNS_SEARCH_DOMAIN_CHARACTERS);
  while (fitting.join(" ").length > DNS_SEARCH_CHARACTERS) fitting.pop();
  return fitting;
}

const withoutDuplicates = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
