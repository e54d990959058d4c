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
  const { metadata } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const map = subscript[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[subscript[2] ?? ""] ?? "";
  }
  const read = FIELDS[fieldPath];
  return read === undefined ? null : read(pod, { podIps, hostIp });
}

const FIELDS: Readonly<Record<string, (pod: Pod, addresses: PodAddresses) => string>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace,
  "metadata.uid": ({ metadata }) => metadata.uid,
  "metadata.labels": ({ metadata }) => formatMap(metadata.labels ?? {}),
  "metadata.annotations": ({ metadata }) => formatMap(metadata.annotations ?? {}),
  "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
  "status.hostIP": (_pod, { hostIp }) => hostIp,
  "status.hostIPs": (_pod, { hostIp }) => hostIp,
  "status.podIP": (_pod, { podIps }) => podIps[0] ?? "",
  "status.podIPs": (_pod, { podIps }) => podIps.join(","),
};

/** `key="value"` a line, sorted. pkg/fieldpath/fieldpath.go, 1.34: FormatMap. */
export const formatMap = (map: Readonly<Record<string, string>>): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key] ?? "")}`)
    .join("\n");
