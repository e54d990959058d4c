import { findResource, isStatusError } from "../../../api/index.js";
import type { ManagedFieldsEntry, ResourceDefinition, StatusError } from "../../../api/index.js";
import { forEachPath } from "../fields/field-set.js";
import { fieldsOf } from "../managed/entries.js";
import { printPath } from "../fields/path-element.js";

/** A row of the resource table. */
export function resource(plural: string, group = "", version = "v1"): ResourceDefinition {
  const found = findResource(group, version, plural);
  if (found === undefined) {
    throw new Error(`no resource ${plural}`);
  }
  return found;
}

/** The refusal that the call ends in. */
export function refusal(call: () => unknown): StatusError {
  try {
    call();
  } catch (error) {
    if (isStatusError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

/** `code reason: message` of the refusal that the call ends in. */
export function refusalText(call: () => unknown): string {
  const { code, reason, message } = refusal(call);
  return `${code} ${reason ?? "-"}: ${message}`;
}

/** The same JSON value without anything shared, and frozen at every depth: changing it throws. */
export function frozen<T>(value: T): T {
  return freeze(JSON.parse(JSON.stringify(value)) as T);
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

/** Who owns what, for people: `kubectl Update v1` → `.spec.replicas`, …. */
export function owners(entries: readonly ManagedFieldsEntry[]): Record<string, string[]> {
  return Object.fromEntries(
    entries.map((entry) => {
      const paths: string[] = [];
      forEachPath(fieldsOf(entry), (path) => paths.push(printPath(path)));
      const subresource = entry.subresource === undefined ? "" : ` ${entry.subresource}`;
      return [`${entry.manager ?? ""} ${entry.operation ?? ""}${subresource}`, paths.sort()];
    }),
  );
}

/** The managedFields of an object of any shape. */
export function managedFieldsOf(object: object): readonly ManagedFieldsEntry[] {
  const { metadata } = object as { metadata?: { managedFields?: readonly ManagedFieldsEntry[] } };
  return metadata?.managedFields ?? [];
}
