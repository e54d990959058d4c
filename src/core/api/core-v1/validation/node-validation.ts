import type {
  ConfigMapNodeConfigSource,
  Node,
  NodeConfigSource,
  Taint,
} from "../../generated/core-v1.js";
import {
  dnsLabel,
  dnsSubdomain,
  each,
  messages,
  notSupportedIf,
  qualified,
} from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { cidrErrors, cidrFamily } from "../../meta/ip.js";
import { configMapKey, labelValue, nameIsDnsSubdomain } from "../../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { semanticEqual } from "../../meta/semantic-equal.js";
import { TAINT_EFFECTS } from "./scheduling-validation.js";
import { validateResourceAmount } from "./resource-validation.js";

/** pkg/apis/core/validation/validation.go ValidateNode, 1.34 */
export function validateNodeCreate(node: Node): FieldError[] {
  return [
    ...validateObjectMeta(node.metadata, false, nameIsDnsSubdomain),
    // Kubernetes reports taints under metadata.
    ...taintErrors(node.spec.taints, "metadata.taints"),
    ...resourceErrors(node, null),
    ...podCidrErrors(node.spec.podCIDRs ?? []),
  ];
}

/** Of the node and of its status. ValidateNodeUpdate, 1.34 */
export function validateNodeUpdate(next: Node, previous: Node): FieldError[] {
  const { spec, status } = next;
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...resourceErrors(next, previous),
    ...repeatedAddresses(status.addresses ?? []),
    ...podCidrChange(spec.podCIDRs ?? [], previous.spec.podCIDRs ?? []),
    ...providerChange(spec.providerID ?? "", previous.spec.providerID ?? ""),
    ...(spec.configSource === undefined
      ? []
      : configSourceErrors(spec.configSource, "spec.configSource", false)),
    ...(["assigned", "active", "lastKnownGood"] as const).flatMap((field) => {
      const source = status.config?.[field];
      return source === undefined ? [] : configSourceErrors(source, `status.config.${field}`, true);
    }),
    ...taintErrors(spec.taints, "metadata.taints"),
    ...((spec.externalID ?? "") === (previous.spec.externalID ?? "")
      ? []
      : [forbidden("spec.externalID", "may not be updated")]),
  ];
}

function taintErrors(taints: Taint[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(taints, path, (taint, place) => {
    const { key, value = "", effect } = taint;
    const problems = labelValue(value);
    const errors = [
      ...qualified(key, `${place}.key`),
      ...(problems.length === 0 ? [] : [invalid(`${place}.value`, value, problems.join(";"))]),
      ...(effect === ""
        ? [required(`${place}.effect`)]
        : notSupportedIf(effect, `${place}.effect`, TAINT_EFFECTS)),
    ];
    const pair = `${effect}/${key}`;
    if (seen.has(pair)) {
      errors.push(duplicate(place, taint, "taints must be unique by key and effect pair"));
    }
    seen.add(pair);
    return errors;
  });
}

/** What is the very same as before was looked at when it came. */
function resourceErrors({ status }: Node, previous: Node | null): FieldError[] {
  const lists = ["capacity", "allocatable"] as const;
  return lists.flatMap((list) => {
    const amounts = status[list] ?? {};
    if (amounts === previous?.status[list]) return [];
    return Object.entries(amounts).flatMap(([name, amount]) =>
      validateResourceAmount(name, amount, `status.${list}.${name}`),
    );
  });
}

function podCidrErrors(cidrs: readonly string[]): FieldError[] {
  const path = "spec.podCIDRs";
  const errors = each(cidrs, path, cidrErrors);
  if (cidrs.length < 2) return errors;
  const families = new Set(cidrs.map(cidrFamily));
  if (cidrs.length > 2 || !families.has(4) || !families.has(6)) {
    errors.push(invalid(path, cidrs, "may specify no more than one CIDR for each IP family"));
  }
  return [
    ...errors,
    ...each(cidrs, path, (cidr, place, index) =>
      cidrs.indexOf(cidr) < index ? [duplicate(place, cidr)] : [],
    ),
  ];
}

/** A range is given once. */
function podCidrChange(next: readonly string[], previous: readonly string[]): FieldError[] {
  const refusal = forbidden(
    "spec.podCIDRs",
    'node updates may not change podCIDR except from "" to valid',
  );
  if (previous.length === 0) return [];
  if (next.length !== previous.length) return [refusal];
  return previous.filter((cidr, index) => next[index] !== cidr).map(() => refusal);
}

function providerChange(next: string, previous: string): FieldError[] {
  if (previous === "" || next === previous) return [];
  const detail = 'node updates may not change providerID except from "" to valid';
  return [forbidden("spec.providerID", detail)];
}

function repeatedAddresses(addresses: NonNullable<Node["status"]["addresses"]>): FieldError[] {
  return each(addresses, "status.addresses", (address, path, index) => {
    const first = addresses.findIndex((other) => semanticEqual(other, address));
    return first < index ? [duplicate(path, address)] : [];
  });
}

function configSourceErrors(
  source: NodeConfigSource,
  path: string,
  inStatus: boolean,
): FieldError[] {
  if (source.configMap === undefined) {
    return [invalid(path, source, "exactly one reference subfield must be non-nil")];
  }
  const place = `${path}.configMap`;
  const { uid = "", resourceVersion = "" } = source.configMap;
  const set = Object.entries({ uid, resourceVersion }).flatMap(([field, value]) => {
    if (inStatus) {
      const missing = required(`${place}.${field}`, `${field} must be set in status`);
      return value === "" ? [missing] : [];
    }
    const extra = forbidden(`${place}.${field}`, `${field} must not be set in spec`);
    return value === "" ? [] : [extra];
  });
  return [...set, ...configMapReferenceErrors(source.configMap, place)];
}

function configMapReferenceErrors(
  { namespace, name, kubeletConfigKey }: ConfigMapNodeConfigSource,
  path: string,
): FieldError[] {
  const missing = (field: string): FieldError[] => [
    required(`${path}.${field}`, `${field} must be set`),
  ];
  const key = `${path}.kubeletConfigKey`;
  return [
    ...(namespace === "" ? missing("namespace") : dnsLabel(namespace, `${path}.namespace`)),
    ...(name === "" ? missing("name") : dnsSubdomain(name, `${path}.name`)),
    ...(kubeletConfigKey === ""
      ? missing("kubeletConfigKey")
      : messages(key, kubeletConfigKey, configMapKey(kubeletConfigKey))),
  ];
}
