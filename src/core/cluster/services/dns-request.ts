export const ZONE = "cluster.local";

/** What a name below the cluster's zone asks for; absent parts are empty. */
export interface DnsRequest {
  readonly kind: "svc" | "pod";
  readonly port: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly service: string;
  readonly namespace: string;
}

/**
 * Takes a name apart: `_port._protocol.service.namespace.svc`, `endpoint.service.namespace.svc` or `1-2-3-4.namespace.pod`, all below the zone. Null for
 * a name of no such form. CoreDNS plugin/kubernetes/parse.go parseRequest, 1.12
 */
export const parseDnsRequest = (name: string): DnsRequest | null => {
  if (!name.endsWith(`.${ZONE}`)) return null;
  const parts = name.slice(0, -ZONE.length - 1).split(".");
  const kind = parts.pop();
  if (kind !== "svc" && kind !== "pod") return null;
  const namespace = parts.pop() ?? "";
  const service = parts.pop() ?? "";
  const request = { kind, namespace, service, port: "", protocol: "", endpoint: "" } as const;
  const [first = "", second = ""] = parts;
  if (parts.length === 0) return request;
  if (parts.length === 1) return { ...request, endpoint: first };
  if (parts.length > 2) return null;
  return { ...request, port: withoutUnderscore(first), protocol: withoutUnderscore(second) };
};

const withoutUnderscore = (label: string): string =>
  label.startsWith("_") ? label.slice(1) : label;

/** The address in a reverse name, `1.0.96.10.in-addr.arpa`; null for any other name. */
export const reverseAddress = (name: string): string | null => {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  return match === null ? null : match.slice(1).reverse().join(".");
};

/** `10-244-1-2` → `10.244.1.2`; null for what is no address. plugin/kubernetes/kubernetes.go findPods, 1.12 */
export const dashedAddress = (text: string): string | null => {
  const parts = text.split("-");
  const isAddress =
    parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256);
  return isAddress ? parts.join(".") : null;
};
