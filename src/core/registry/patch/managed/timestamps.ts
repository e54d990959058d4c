import type { KubeObject, ManagedFieldsEntry } from "../../../api/index.js";
import { isJsonObject, jsonEquals } from "../json-value.js";
import type { JsonObject, JsonValue } from "../json-value.js";

/**
 * A write that changes nothing but the times in managedFields is no write: the previous object comes back, and with it its resourceVersion.
 * Source: apiserver pkg/endpoints/handlers/fieldmanager/equality.go IgnoreManagedFieldsTimestampsTransformer, 1.34.
 */
export function ignoreTimestampChanges<T extends KubeObject>(previous: T, next: T): T {
  const before = previous.metadata.managedFields ?? [];
  const after = next.metadata.managedFields ?? [];
  if (after.length === 0 || before.length !== after.length) {
    return next;
  }
  const onlyTimes = after.every((entry, index) => sameButTime(entry, before[index]));
  return onlyTimes && sameButManagedFields(previous, next) ? previous : next;
}

function sameButTime(entry: ManagedFieldsEntry, other: ManagedFieldsEntry | undefined): boolean {
  return (
    entry === other ||
    (other !== undefined &&
      jsonEquals({ ...entry, time: null } as JsonValue, { ...other, time: null } as JsonValue))
  );
}

function sameButManagedFields(previous: KubeObject, next: KubeObject): boolean {
  return jsonEquals(unmanaged(previous), unmanaged(next));
}

function unmanaged(object: KubeObject): JsonObject {
  const plain = object as unknown as JsonObject;
  const metadata = isJsonObject(plain["metadata"]) ? plain["metadata"] : {};
  return { ...plain, metadata: { ...metadata, managedFields: null, resourceVersion: null } };
}
