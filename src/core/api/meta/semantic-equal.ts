import { schemaOf } from "../decode/zero-values.js";
import type { SchemaType } from "../schema-types.js";
import { compareQuantities, parseQuantity } from "./quantity.js";

/**
 * apiequality.Semantic.DeepEqual of two decoded values: the order of fields does not matter, what is absent equals what is empty, and quantities
 * are compared by value. @param type what both are, where it is known
 */
export function semanticEqual(a: unknown, b: unknown, type?: SchemaType): boolean {
  if (a === b) return true;
  const isMap = typeof type === "object" && "map" in type;
  if (isEmpty(a, isMap) || isEmpty(b, isMap)) return isEmpty(a, isMap) && isEmpty(b, isMap);
  if (type === "quantity") {
    return compareQuantities(parseQuantity(String(a)), parseQuantity(String(b))) === 0;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    const element = typeof type === "object" && "list" in type ? type.list : undefined;
    return a.every((item: unknown, index) => semanticEqual(item, b[index], element));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => semanticEqual(own(a, key), own(b, key), fieldType(type, key)));
}

/** The schema type of a definition: `typeOf("io.k8s.api.core.v1.PodSpec")`. */
export function typeOf(name: string): SchemaType {
  return { ref: name };
}

export function fieldType(type: SchemaType | undefined, field: string): SchemaType | undefined {
  if (typeof type !== "object") return undefined;
  if ("map" in type) return type.map;
  if (!("ref" in type)) return undefined;
  const { fields } = schemaOf(type.ref);
  return Object.hasOwn(fields, field) ? fields[field]?.type : undefined;
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Nil and empty lists and maps are the same to Kubernetes; an empty object is not absent. */
function isEmpty(value: unknown, isMap: boolean): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap && isRecord(value) && Object.keys(value).length === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
