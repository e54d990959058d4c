import type { KubeObject } from "../api/index.js";

/**
 * API-10: whether a write would change nothing. resourceVersion and the times of managedFields do not count, as in the API server
 * (apiserver storage/etcd3/store.go and endpoints/handlers/fieldmanager/equality.go, 1.34). Shared parts are equal at sight.
 */
export const isSameState = (previous: KubeObject, next: KubeObject): boolean =>
  previous === next ||
  // What a write changes is mostly outside of the metadata, and is seen there first.
  (areRecordsEqual(fieldsOf(previous), fieldsOf(next), "object") &&
    isEqual(previous.metadata, next.metadata, "metadata"));

const fieldsOf = (object: KubeObject): Fields => object as unknown as Fields;

/** Whether two values say the same: a field that is undefined is one that is not there. */
export const isSameValue = (left: unknown, right: unknown): boolean =>
  left === right || isEqual(left, right, "inside");

type Place = "object" | "metadata" | "managedFields" | "managedFieldsEntry" | "inside";

const IGNORED: Readonly<Partial<Record<Place, string>>> = {
  object: "metadata",
  metadata: "resourceVersion",
  managedFieldsEntry: "time",
};

const isEqual = (left: unknown, right: unknown, place: Place): boolean => {
  if (left === right) return true;
  if (!isContainer(left) || !isContainer(right)) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && areArraysEqual(left, right, place);
  }
  return areRecordsEqual(left as Fields, right as Fields, place);
};

type Fields = Readonly<Record<string, unknown>>;

const isContainer = (value: unknown): value is object =>
  typeof value === "object" && value !== null;

const areArraysEqual = (
  left: readonly unknown[],
  right: readonly unknown[],
  place: Place,
): boolean => {
  const inner = place === "managedFields" ? "managedFieldsEntry" : "inside";
  return (
    left.length === right.length && left.every((value, at) => isEqual(value, right[at], inner))
  );
};

/** A field that is undefined is one that is not there. */
const areRecordsEqual = (left: Fields, right: Fields, place: Place): boolean => {
  const ignored = IGNORED[place];
  for (const key in left) {
    if (key === ignored) continue;
    if (!isEqual(left[key], right[key], placeOf(place, key))) return false;
  }
  for (const key in right) {
    if (key !== ignored && right[key] !== undefined && left[key] === undefined) return false;
  }
  return true;
};

const placeOf = (place: Place, key: string): Place => {
  if (place === "metadata" && key === "managedFields") return "managedFields";
  return "inside";
};
