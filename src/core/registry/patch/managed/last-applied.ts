import { byteLength, marshal } from "../../../api/index.js";
import { difference } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { PathElementError } from "../fields/path-element.js";
import {
  compareText,
  isJsonList,
  isJsonObject,
  ObjectEdit,
  setField,
  withoutField,
} from "../json-value.js";
import type { JsonObject, JsonObjectDraft, JsonValue } from "../json-value.js";
import { MAX_ANNOTATIONS_BYTES } from "../limits.js";
import type { MapStructure } from "../structural-type.js";
import { compareObjects } from "../typed/compare.js";
import { fieldSetOf } from "../typed/field-set-of.js";
import { shapeErrorsOf } from "../typed/validate.js";

/** What `kubectl apply` without --server-side remembers. */
export const LAST_APPLIED_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

/** Only kubectl moves from client-side to server-side apply in this way. Source: managedfields/internal/lastappliedmanager.go, 1.34. */
export const KUBECTL_MANAGER = "kubectl";

/**
 * Fields of the live object that are still as client-side apply last set them: kubectl may take these over without a conflict. Null when there
 * is no usable annotation. Source: the same file.
 */
export function fieldsLastApplied(
  live: JsonObject,
  apiVersion: string,
  type: MapStructure,
): FieldSet | null {
  const lastApplied = parsedAnnotation(live);
  if (lastApplied?.["apiVersion"] !== apiVersion) {
    return null;
  }
  if (shapeErrorsOf(lastApplied, type).length > 0) {
    return null;
  }
  try {
    const { changed, removed } = compareObjects(lastApplied, live, type);
    return difference(difference(fieldSetOf(lastApplied, type), changed), removed);
  } catch (error) {
    if (error instanceof PathElementError) {
      return null;
    }
    throw error;
  }
}

function parsedAnnotation(live: JsonObject): JsonObject | null {
  const text = annotationsOf(live)[LAST_APPLIED_ANNOTATION];
  if (typeof text !== "string" || text === "") {
    return null;
  }
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/**
 * The object with its annotation brought in step with what kubectl just applied, so that a client-side apply can follow; objects without one get
 * none, and one that is too long is dropped. Source: managedfields/internal/lastappliedupdater.go, 1.34.
 */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  const before = annotations[LAST_APPLIED_ANNOTATION];
  if (typeof before !== "string" || before === "") {
    return object;
  }
  const updated = { ...annotations, [LAST_APPLIED_ANNOTATION]: lastAppliedText(applied) };
  const kept = fits(updated) ? updated : withoutField(updated, LAST_APPLIED_ANNOTATION);
  return withAnnotations(object, kept);
}

function lastAppliedText(applied: JsonObject): string {
  const annotations = annotationsOf(applied);
  const without =
    LAST_APPLIED_ANNOTATION in annotations
      ? withAnnotations(applied, withoutField(annotations, LAST_APPLIED_ANNOTATION))
      : applied;
  // Go writes maps with sorted keys, and its encoder ends with a newline.
  return `${marshal(withSortedKeys(without))}\n`;
}

function fits(annotations: JsonObject): boolean {
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) =>
      sum + byteLength(key) + (typeof value === "string" ? byteLength(value) : 0),
    0,
  );
  return bytes <= MAX_ANNOTATIONS_BYTES;
}

function annotationsOf(object: JsonObject): JsonObject {
  const metadata = object["metadata"];
  const annotations = isJsonObject(metadata) ? metadata["annotations"] : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const metadata = new ObjectEdit(isJsonObject(object["metadata"]) ? object["metadata"] : {});
  metadata.set("annotations", annotations);
  const edit = new ObjectEdit(object);
  edit.set("metadata", metadata.result());
  return edit.result();
}

function withSortedKeys(value: JsonValue): JsonValue {
  if (isJsonList(value)) {
    return value.map(withSortedKeys);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const draft: JsonObjectDraft = {};
  for (const key of Object.keys(value).sort(compareText)) {
    setField(draft, key, withSortedKeys(value[key] ?? null));
  }
  return draft;
}
