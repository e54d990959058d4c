import type { ObjectFieldSelector, ResourceFieldSelector } from "../../generated/core-v1.js";
import { qualified, requiredText } from "../../meta/check.js";
import { invalid, notSupported } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { formatQuantity, parseQuantity } from "../../meta/quantity.js";

/** fieldRef and resourceFieldRef, in variables and in volumes. pkg/apis/core/validation/validation.go, 1.34 */

/** What pkg/apis/core/pods ConvertDownwardAPIFieldLabel knows, 1.34. */
const POD_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.serviceAccountName",
  "spec.schedulerName",
  "status.phase",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const RESOURCE_FIELDS = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const BYTE_DIVISORS = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei".split(", ");

/** `metadata.labels['app']` → path and subscript; null when there is none. pkg/fieldpath, 1.34 */
export function splitSubscript(
  fieldPath: string,
): { readonly path: string; readonly subscript: string } | null {
  const match = /^(.+?)\['([\s\S]*)'\]$/.exec(fieldPath);
  return match === null ? null : { path: match[1] ?? "", subscript: match[2] ?? "" };
}

/** @param allowed field paths without a subscript that are allowed here, sorted */
export function validateFieldRef(
  { apiVersion = "", fieldPath }: ObjectFieldSelector,
  allowed: readonly string[],
  path: string,
): FieldError[] {
  if (apiVersion === "") return requiredText(apiVersion, `${path}.apiVersion`);
  if (fieldPath === "") return requiredText(fieldPath, `${path}.fieldPath`);
  const problem = conversionProblem(apiVersion, fieldPath);
  if (problem !== null) {
    return [invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`)];
  }
  const split = splitSubscript(fieldPath);
  if (split !== null) {
    const annotation = split.path === "metadata.annotations";
    return qualified(annotation ? split.subscript.toLowerCase() : split.subscript, path);
  }
  const internal = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
  return allowed.includes(internal) ? [] : [notSupported(`${path}.fieldPath`, internal, allowed)];
}

function conversionProblem(apiVersion: string, fieldPath: string): string | null {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  const split = splitSubscript(fieldPath);
  if (split !== null) {
    const { path } = split;
    return path === "metadata.annotations" || path === "metadata.labels"
      ? null
      : `field label does not support subscript: ${fieldPath}`;
  }
  return POD_FIELDS.includes(fieldPath) || fieldPath === "spec.host"
    ? null
    : `field label not supported: ${fieldPath}`;
}

/** @param inVolume a file must say which container it means */
export function validateResourceFieldRef(
  { containerName, resource, divisor }: ResourceFieldSelector,
  path: string,
  inVolume: boolean,
): FieldError[] {
  const divisorErrors = divisorProblems(resource, divisor, `${path}.divisor`);
  if (inVolume && (containerName ?? "") === "") {
    return [...requiredText(containerName, `${path}.containerName`), ...divisorErrors];
  }
  if (resource === "") return [...requiredText(resource, `${path}.resource`), ...divisorErrors];
  if (RESOURCE_FIELDS.includes(resource) || isHugePageField(resource)) return divisorErrors;
  return [notSupported(`${path}.resource`, resource, RESOURCE_FIELDS), ...divisorErrors];
}

function isHugePageField(resource: string): boolean {
  return resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");
}

function divisorProblems(
  resource: string,
  divisor: string | undefined,
  path: string,
): FieldError[] {
  const text = divisor === undefined ? "0" : formatQuantity(parseQuantity(divisor));
  if (text === "0") return [];
  if (resource.endsWith(".cpu")) {
    if (text === "1m" || text === "1") return [];
    const detail = "only divisor's values 1m and 1 are supported with the cpu resource";
    return [invalid(path, resource, detail)];
  }
  const kind = byteResourceName(resource);
  if (kind === null || BYTE_DIVISORS.includes(text)) return [];
  const detail = `only divisor's values ${BYTE_DIVISORS.join(", ")} are supported with the ${kind} resource`;
  return [invalid(path, resource, detail)];
}

function byteResourceName(resource: string): string | null {
  if (resource.endsWith(".memory")) return "memory";
  if (resource.endsWith(".ephemeral-storage")) return "local ephemeral storage";
  return isHugePageField(resource) ? "hugepages" : null;
}
