import type { FieldSchema, ObjectSchema, SchemaType } from "../schema-types.js";
import { decodeScalar } from "./decode-scalar.js";
import { DecodeAbort, goKind } from "./decode-problem.js";
import { isOmitted, schemaOf, zeroValue } from "./zero-values.js";

/** What decoding has found so far. */
export interface DecodeState {
  /** Paths of fields that the type does not have, in document order. */
  readonly unknownFields: string[];
  /** The first value of a wrong type, in the words of Go's encoding/json; decoding goes on after it, as there. */
  typeError: string | null;
}

/** Where a value stands: for messages. */
interface Place {
  /** Innermost Go struct. */
  readonly struct: string;
  /** Field names without indices, as encoding/json names them. */
  readonly goPath: string;
  /** With indices, as strict decoding names them. */
  readonly path: string;
  readonly goType: string;
}

/**
 * Decodes an object as Go's encoding/json and its encoder together would have it: unknown fields gone, empty values left out or written as
 * Go writes them, fields in the order of the schema.
 */
export function decodeObject(
  value: Readonly<Record<string, unknown>>,
  name: string,
  state: DecodeState,
  path = "",
  goPath = "",
): Record<string, unknown> {
  const schema = schemaOf(name);
  const decoded = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    // Components inside the process may write undefined for what is not set.
    if (member === undefined) continue;
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    const memberPath = path === "" ? key : `${path}.${key}`;
    if (field === undefined) {
      state.unknownFields.push(memberPath);
    } else if (member !== null) {
      const place = {
        struct: shortName(name),
        goPath: goPath === "" ? key : `${goPath}.${key}`,
        path: memberPath,
        goType: field.goType ?? goTypeOf(field.type),
      };
      const result = decodeValue(member, field.type, place, state);
      if (field.zero !== undefined || !isOmitted(result, field.type)) decoded.set(key, result);
    }
  }
  return inSchemaOrder(decoded, schema);
}

function inSchemaOrder(
  decoded: ReadonlyMap<string, unknown>,
  schema: ObjectSchema,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.fields)) {
    if (decoded.has(key)) object[key] = decoded.get(key);
    else if (field.zero === "written") object[key] = zeroValue(field.type);
  }
  return object;
}

/** Decodes one value that is not null. A value of a wrong type counts as not set. */
function decodeValue(value: unknown, type: SchemaType, place: Place, state: DecodeState): unknown {
  if (typeof type === "string") {
    const result = decodeScalar(value, type);
    if (result.ok) return result.value;
    if (result.abort) throw new DecodeAbort(result.message);
    state.typeError ??= result.message ?? typeErrorText(result.kind, place);
    return zeroValue(type);
  }
  if ("list" in type) {
    if (!Array.isArray(value)) return wrongType(value, type, place, state);
    return value.map((item: unknown, index) =>
      decodeElement(item, type.list, { ...place, path: `${place.path}[${String(index)}]` }, state),
    );
  }
  if (!isRecord(value)) return wrongType(value, type, place, state);
  if ("ref" in type) return decodeObject(value, type.ref, state, place.path, place.goPath);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      decodeElement(item, type.map, { ...place, path: `${place.path}.${key}` }, state),
    ]),
  );
}

function decodeElement(item: unknown, type: SchemaType, place: Place, state: DecodeState): unknown {
  if (item === null) return zeroValue(type);
  return decodeValue(item, type, { ...place, goType: goTypeOf(type) }, state);
}

function wrongType(value: unknown, type: SchemaType, place: Place, state: DecodeState): unknown {
  state.typeError ??= typeErrorText(goKind(value), place);
  return zeroValue(type);
}

function typeErrorText(kind: string, { struct, goPath, goType }: Place): string {
  return `json: cannot unmarshal ${kind} into Go struct field ${struct}.${goPath} of type ${goType}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `io.k8s.api.core.v1.Container` → `Container`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The Go type that follows from a schema type; fields that differ carry `goType`. */
function goTypeOf(type: FieldSchema["type"]): string {
  if (typeof type !== "string") {
    if ("list" in type) return `[]${goTypeOf(type.list)}`;
    if ("map" in type) return `map[string]${goTypeOf(type.map)}`;
    return `v1.${shortName(type.ref)}`;
  }
  switch (type) {
    case "boolean":
      return "bool";
    case "double":
      return "float64";
    case "bytes":
      return "[]uint8";
    case "quantity":
      return "resource.Quantity";
    case "int-or-string":
      return "intstr.IntOrString";
    case "time":
      return "v1.Time";
    case "micro-time":
      return "v1.MicroTime";
    case "raw":
      return "runtime.RawExtension";
    case "string":
    case "int32":
    case "int64":
      return type;
  }
}
