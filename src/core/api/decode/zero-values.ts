import { SCHEMA } from "../generated/schema.js";
import type { ObjectSchema, ScalarType, SchemaType } from "../schema-types.js";

/** A definition of the schema; a plain Error when there is none: names come from the schema itself. */
export function schemaOf(name: string): ObjectSchema {
  const schema = SCHEMA[name];
  if (schema === undefined) throw new Error(`the schema does not define ${name}`);
  return schema;
}

const zeroObjects = new Map<string, Readonly<Record<string, unknown>>>();

/** What Go writes for a value that is not set. Objects are shared: nobody changes them. */
export function zeroValue(type: SchemaType): unknown {
  if (typeof type !== "string") {
    if ("list" in type) return [];
    if ("map" in type) return {};
    return zeroObject(type.ref);
  }
  return zeroScalar(type);
}

/** The same of a type that has no fields or elements. */
export function zeroScalar(type: ScalarType): string | number | boolean | null {
  switch (type) {
    case "string":
    case "bytes":
      return "";
    case "boolean":
      return false;
    case "int32":
    case "int64":
    case "double":
    case "int-or-string":
      return 0;
    case "quantity":
      return "0";
    case "time":
    case "micro-time":
    case "raw":
      return null;
  }
}

function zeroObject(name: string): Readonly<Record<string, unknown>> {
  const known = zeroObjects.get(name);
  if (known !== undefined) return known;
  const fields = Object.entries(schemaOf(name).fields).filter(
    ([, field]) => field.zero === "written",
  );
  const zero = Object.fromEntries(fields.map(([field, { type }]) => [field, zeroValue(type)]));
  zeroObjects.set(name, zero);
  return zero;
}

/** Go's omitempty: what a field that is no pointer is not written with. */
export function isOmitted(value: unknown, type: SchemaType): boolean {
  if (typeof type === "string") return value === "" || value === 0 || value === false;
  if ("list" in type) return Array.isArray(value) && value.length === 0;
  if ("map" in type) return Object.keys(value as object).length === 0;
  return false;
}
