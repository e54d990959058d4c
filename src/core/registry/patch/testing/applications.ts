import { canonical } from "../../../api/index.js";
import type { KubeObject } from "../../../api/index.js";
import { applyConfiguration } from "../managed/apply-configuration.js";
import { updateManagedFields } from "../managed/update-managed-fields.js";
import { frozen, managedFieldsOf, resource } from "./fixtures.js";

const PODS = resource("pods");

export interface Apply {
  readonly live: object | null;
  readonly applied: unknown;
  readonly manager?: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly nowMs?: number;
}

export function apply(request: Apply): ReturnType<typeof applyConfiguration> {
  const defaults = { manager: "me", force: false, subresource: "", nowMs: 10_000 };
  return applyConfiguration({ resource: PODS, ...defaults, ...request });
}

export function applied(request: Apply): object {
  return apply(request).object;
}

/** A configuration of a pod. */
export function config(fields: {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}): object {
  const metadata = { name: "a", namespace: "default", ...fields.metadata };
  return frozen({ apiVersion: "v1", kind: "Pod", ...fields, metadata });
}

/** The object as it is stored after a write that is no apply. */
export function updated(
  previous: object | null,
  next: object,
  manager: string,
  subresource = "",
): object {
  const managedFields = updateManagedFields({
    resource: PODS,
    previous,
    next,
    manager,
    subresource,
    nowMs: 0,
  });
  return stored(next, managedFields);
}

export function stored(object: object, managedFields = managedFieldsOf(object)): object {
  const { metadata } = object as { metadata?: object };
  return { ...object, metadata: { ...metadata, uid: "1", resourceVersion: "5", managedFields } };
}

export function specOf(object: object): Record<string, unknown> {
  return (object as { spec: Record<string, unknown> }).spec;
}

export const APP = { name: "app", image: "nginx:1" };

/** The object as the server would decode and store it: what Go always writes is there. */
export function decoded(object: object): object {
  return canonical(object as KubeObject, PODS.schema);
}
