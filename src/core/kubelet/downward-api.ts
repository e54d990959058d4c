import type { Pod } from "../api/index.js";

/** What status fields a pod can learn of itself before the API shows them. */
export interface PodAddresses {
  readonly podIps: readonly string[];
  readonly hostIp: string;
}

/** The value of a fieldRef as text; null when there is no such field. pkg/fieldpath/fieldpath.go and kubelet_pods.go, 1.34. */
export function fieldValue(
  fieldPath: string,
  pod: Pod,
  { podIps, hostIp }: PodAddresses,
): string | null {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const map = subscript[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[subscript[2] ?? ""] ?? "";
  }
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace;
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return formatMap(metadata.labels ?? {});
    case "metadata.annotations":
      return formatMap(metadata.annotations ?? {});
    case "spec.nodeName":
      return spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return hostIp;
    case "status.podIP":
      return podIps[0] ?? "";
    case "status.podIPs":
      return podIps.join(",");
    default:
      return null;
  }
}

/** `key="value"` a line, sorted. pkg/fieldpath/fieldpath.go, 1.34: FormatMap. */
export const formatMap = (map: Readonly<Record<string, string>>): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key] ?? "")}`)
    .join("\n");
