import { decode } from "../../decode/decode.js";
import { defaultObject } from "../../defaulting.js";
import { errorText } from "../../meta/field-error.js";
import type { KubeObject } from "../../meta/kube-object.js";
import { findResource } from "../../resource-table.js";
import type { ResourceDefinition } from "../../meta/resource-definition.js";
import { validateCreate, validateUpdate } from "../../validating.js";

/** Support for the specs of validation: bodies as clients send them, errors as texts. */

export function row(plural: string, group = ""): ResourceDefinition {
  const found = findResource(group, "v1", plural);
  if (found === undefined) throw new Error(`no row for ${plural}`);
  return found;
}

/** The object that validation sees: decoded, with defaults, with a name and what the server has set. */
export function admitted(
  resource: ResourceDefinition,
  body: Readonly<Record<string, unknown>>,
): KubeObject {
  const metadata = {
    name: "a",
    ...(resource.namespaced ? { namespace: "default" } : {}),
    uid: "u",
    resourceVersion: "1",
    creationTimestamp: "2020-01-01T00:00:00Z",
    ...(body.metadata as object | undefined),
  };
  return defaultObject(resource, decode(resource, { ...body, metadata }).object);
}

export function createErrors(
  resource: ResourceDefinition,
  body: Readonly<Record<string, unknown>>,
): string[] {
  return validateCreate(resource, admitted(resource, body)).map(errorText);
}

export function updateErrors(
  resource: ResourceDefinition,
  next: Readonly<Record<string, unknown>>,
  previous: Readonly<Record<string, unknown>>,
  subresource?: string,
): string[] {
  return validateUpdate(
    resource,
    admitted(resource, next),
    admitted(resource, previous),
    subresource,
  ).map(errorText);
}

const PODS = row("pods");

/** Errors of a pod with one good container, changed by `spec`. */
export function podErrors(
  spec: Readonly<Record<string, unknown>>,
  metadata: Readonly<Record<string, unknown>> = {},
): string[] {
  const containers = [{ name: "c", image: "i" }];
  return createErrors(PODS, { metadata, spec: { containers, ...spec } });
}

/** Errors of a pod whose one container has these fields. */
export function containerErrors(
  fields: Readonly<Record<string, unknown>>,
  spec: Readonly<Record<string, unknown>> = {},
): string[] {
  return podErrors({ containers: [{ name: "c", image: "i", ...fields }], ...spec });
}

export function podUpdateErrors(
  next: Readonly<Record<string, unknown>>,
  previous: Readonly<Record<string, unknown>>,
  subresource?: string,
): string[] {
  const body = (spec: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  });
  return updateErrors(PODS, body(next), body(previous), subresource);
}
