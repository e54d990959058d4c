import type {
  Endpoints,
  LimitRange,
  LimitRangeItem,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PodTemplate,
  ResourceQuota,
  Secret,
} from "../../generated/core-v1.js";
import { base64OfText } from "../../decode/base64.js";
import type { PartialObjectMeta } from "../../meta/object-meta.js";
import { changeEach, changeField, fillAbsent, fillEmpty } from "./fill.js";
import { defaultPodTemplate } from "./pod-defaults.js";
import { defaultResourceList } from "./resource-defaults.js";
import { defaultClaimSpec, defaultVolumeSpec } from "./volume-defaults.js";

/** Defaults of the smaller kinds. pkg/apis/core/v1/defaults.go and conversion.go, 1.34 */

/** `stringData` is write-only: it ends in `data`. */
export function defaultSecret(secret: Secret): Secret {
  const typed = fillEmpty(secret, { type: "Opaque" });
  const { stringData, ...rest } = typed;
  if (stringData === undefined) return typed;
  const encoded = Object.entries(stringData).map(([key, text]): [string, string] => [
    key,
    base64OfText(text),
  ]);
  const data: Record<string, string> = { ...rest.data, ...Object.fromEntries(encoded) };
  return Object.keys(data).length === 0 ? rest : { ...rest, data };
}

/** A namespace carries its name as a label, so that selectors can name it. */
export function defaultNamespace(namespace: Namespace): Namespace {
  const metadata: PartialObjectMeta = namespace.metadata;
  const { name = "" } = metadata;
  const status = fillEmpty(namespace.status, { phase: "Active" });
  const label = "kubernetes.io/metadata.name";
  const named = name === "" || namespace.metadata.labels?.[label] === name;
  if (named) return status === namespace.status ? namespace : { ...namespace, status };
  const labels = { ...namespace.metadata.labels, [label]: name };
  return { ...namespace, metadata: { ...namespace.metadata, labels }, status };
}

export function defaultNode(node: Node): Node {
  const withCidrs = changeField(node, "spec", (spec) => {
    const { podCIDR = "", podCIDRs = [] } = spec;
    const [first] = podCIDRs;
    if (podCIDR !== "" && podCIDR !== first) return { ...spec, podCIDRs: [podCIDR] };
    return podCIDR === "" && first !== undefined ? { ...spec, podCIDR: first } : spec;
  });
  return changeField(withCidrs, "status", (status) => {
    const capacity = changeField(status, "capacity", defaultResourceList);
    const { capacity: amounts } = capacity;
    const filled =
      amounts === undefined ? capacity : fillAbsent(capacity, { allocatable: amounts });
    return changeField(filled, "allocatable", defaultResourceList);
  });
}

export function defaultPersistentVolume(volume: PersistentVolume): PersistentVolume {
  const withStatus = changeField(volume, "status", (status) =>
    fillEmpty(status, { phase: "Pending" }),
  );
  return changeField(withStatus, "spec", defaultVolumeSpec);
}

export function defaultPersistentVolumeClaim(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const withStatus = changeField(claim, "status", (status) => {
    const filled = fillEmpty(status, { phase: "Pending" });
    return changeField(filled, "capacity", defaultResourceList);
  });
  return changeField(withStatus, "spec", defaultClaimSpec);
}

export function defaultEndpoints(endpoints: Endpoints): Endpoints {
  return changeField(endpoints, "subsets", (subsets) =>
    changeEach(subsets, (subset) =>
      changeField(subset, "ports", (ports) =>
        changeEach(ports, (port) => fillEmpty(port, { protocol: "TCP" })),
      ),
    ),
  );
}

export function defaultPodTemplateObject(template: PodTemplate): PodTemplate {
  return changeField(template, "template", defaultPodTemplate);
}

export function defaultResourceQuota(quota: ResourceQuota): ResourceQuota {
  const withSpec = changeField(quota, "spec", (spec) =>
    changeField(spec, "hard", defaultResourceList),
  );
  return changeField(withSpec, "status", (status) =>
    changeField(changeField(status, "hard", defaultResourceList), "used", defaultResourceList),
  );
}

export function defaultLimitRange(range: LimitRange): LimitRange {
  return changeField(range, "spec", (spec) =>
    changeField(spec, "limits", (limits) => changeEach(limits, defaultLimitRangeItem)),
  );
}

/** Of containers: the maximum is the default limit, the default limit the default request, else the minimum. */
function defaultLimitRangeItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== "Container") return roundLimits(item);
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  const changed =
    Object.keys(limit).length !== Object.keys(item.default ?? {}).length ||
    Object.keys(request).length !== Object.keys(item.defaultRequest ?? {}).length;
  if (!changed) return roundLimits(item);
  return roundLimits({
    ...item,
    ...(Object.keys(limit).length > 0 ? { default: limit } : {}),
    ...(Object.keys(request).length > 0 ? { defaultRequest: request } : {}),
  });
}

function roundLimits(item: LimitRangeItem): LimitRangeItem {
  const fields = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
  return fields.reduce((value, field) => changeField(value, field, defaultResourceList), item);
}
