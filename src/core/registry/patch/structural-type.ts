import { SCHEMA } from "../../api/index.js";
import type { FieldSchema, ObjectSchema, ScalarType, SchemaType } from "../../api/index.js";
import type { JsonScalar, JsonValue } from "./json-value.js";
import { keyDefaultOf, zeroValueOf } from "./type-facts.js";

/**
 * The structural schema, compiled for patching: references resolved, what a list's elements are told apart by, which fields a Go value of
 * the type always has. Source of the rules: kube-openapi pkg/schemaconv, 1.34.
 */
export type StructuralType = ScalarStructure | ListStructure | MapStructure | UntypedStructure;

export interface ScalarStructure {
  readonly kind: "scalar";
  readonly scalar: "string" | "numeric" | "boolean" | "untyped";
}

/** Any JSON, owned and replaced as a whole: RawExtension, FieldsV1. */
export interface UntypedStructure {
  readonly kind: "untyped";
}

export interface ListStructure {
  readonly kind: "list";
  /** `map`: elements are told apart by their keys; `set`: by their value; `atomic`: the list is one value. */
  readonly relationship: "atomic" | "map" | "set";
  readonly keys: readonly string[];
  /** Of keys that an element may leave out: the protocol of a port. */
  readonly keyDefaults: ReadonlyMap<string, JsonScalar>;
  readonly element: StructuralType;
}

export interface MapStructure {
  readonly kind: "map";
  readonly atomic: boolean;
  /** Go's name of a struct, `PodSpec`; '' for a map with free keys. */
  readonly typeName: string;
  readonly fields: ReadonlyMap<string, StructuralField>;
  /** Type of the values of a map with free keys; null for a struct. */
  readonly element: StructuralType | null;
}

export interface StructuralField {
  readonly type: StructuralType;
  /** Strategic merge patch: '' where the schema says nothing, else `merge` or `replace`. */
  readonly patchStrategy: string;
  readonly mergeKey: string;
  /** What a Go value of the struct has in this field when nobody set it; undefined when it is then left out. */
  readonly zero: JsonValue | undefined;
}

const compiled = new Map<string, MapStructure>();

/**
 * The compiled type of a definition of the schema, `io.k8s.api.core.v1.Pod`.
 *
 * Throws Error when there is no such definition: the resource table and the schema would not fit.
 */
export function structuralTypeOf(definition: string): MapStructure {
  const known = compiled.get(definition);
  if (known !== undefined) {
    return known;
  }
  const schema = SCHEMA[definition];
  if (schema === undefined) {
    throw new Error(`no definition ${definition} in the structural schema`);
  }
  const fields = new Map<string, StructuralField>();
  const structure: MapStructure = {
    kind: "map",
    atomic: schema.mapType === "atomic",
    typeName: definition.slice(definition.lastIndexOf(".") + 1),
    fields,
    element: null,
  };
  compiled.set(definition, structure);
  fillFields(fields, schema);
  return structure;
}

function fillFields(fields: Map<string, StructuralField>, schema: ObjectSchema): void {
  for (const [name, field] of Object.entries(schema.fields)) {
    fields.set(name, {
      type: compileField(field),
      patchStrategy: patchStrategyOf(field),
      mergeKey: field.mergeKey ?? "",
      zero: zeroValueOf(field),
    });
  }
}

/** Of two strategies one is `retainKeys`, which the patch itself spells out as a directive. */
function patchStrategyOf(field: FieldSchema): string {
  const strategies = (field.patchStrategy ?? "").split(",");
  return strategies.find((strategy) => strategy !== "retainKeys") ?? "";
}

function compileField(field: FieldSchema): StructuralType {
  const { type } = field;
  if (typeof type !== "string" && "list" in type) {
    return compileList(type.list, field);
  }
  const structure = compileType(type);
  if (field.mapType === undefined || structure.kind !== "map") {
    return structure;
  }
  return { ...structure, atomic: field.mapType === "atomic" };
}

function compileType(type: SchemaType): StructuralType {
  if (typeof type === "string") {
    return compileScalar(type);
  }
  if ("ref" in type) {
    return structuralTypeOf(type.ref);
  }
  if ("list" in type) {
    return compileList(type.list, { type });
  }
  const element = compileType(type.map);
  return { kind: "map", atomic: false, typeName: "", fields: new Map(), element };
}

function compileScalar(type: ScalarType): StructuralType {
  switch (type) {
    case "raw":
      return { kind: "untyped" };
    case "boolean":
      return { kind: "scalar", scalar: "boolean" };
    case "int32":
    case "int64":
    case "double":
      return { kind: "scalar", scalar: "numeric" };
    case "string":
    case "bytes":
      return { kind: "scalar", scalar: "string" };
    case "quantity":
    case "int-or-string":
    case "time":
    case "micro-time":
      return { kind: "scalar", scalar: "untyped" };
  }
}

/** The list type decides; where there is none, the strategy of strategic merge patch does. */
function compileList(elementType: SchemaType, field: FieldSchema): ListStructure {
  const element = compileType(elementType);
  const mergeKeys = field.mergeKey === undefined ? [] : [field.mergeKey];
  const merges = field.listType === undefined && patchStrategyOf(field) === "merge";
  const keys = field.listType === "map" ? (field.listMapKeys ?? []) : merges ? mergeKeys : [];
  const relationship =
    keys.length > 0 ? "map" : merges || field.listType === "set" ? "set" : "atomic";
  return {
    kind: "list",
    relationship,
    keys: [...keys].sort(),
    keyDefaults: keyDefaults(elementType, keys),
    element,
  };
}

function keyDefaults(
  elementType: SchemaType,
  keys: readonly string[],
): ReadonlyMap<string, JsonScalar> {
  const defaults = new Map<string, JsonScalar>();
  if (typeof elementType === "string" || !("ref" in elementType)) {
    return defaults;
  }
  for (const key of keys) {
    const value = keyDefaultOf(elementType.ref, key);
    if (value !== undefined) {
      defaults.set(key, value);
    }
  }
  return defaults;
}
