import { SCHEMA, zeroScalar } from "../../api/index.js";
import type { FieldSchema, SchemaType } from "../../api/index.js";
import type { JsonScalar, JsonValue } from "./json-value.js";

/**
 * What a Go value has in the field when nobody set it; undefined when the field is then left out. It decides what a manager owns: a struct
 * that is always there was not added by whoever first sets something in it.
 */
export function zeroValueOf(field: FieldSchema): JsonValue | undefined {
  return field.zero === "written" ? zeroOf(field.type) : undefined;
}

/** The zero of a slice or map is nil; that of a struct has the zeros of its own fields, which its type knows. */
function zeroOf(type: SchemaType): JsonValue {
  if (typeof type === "string") return zeroScalar(type);
  return "ref" in type ? {} : null;
}

/** Defaults that the types state, of keys that tell elements of a list apart. Source: `+default` in k8s.io/api core/v1/types.go, 1.34. */
const KEY_DEFAULTS: Readonly<Record<string, Readonly<Record<string, JsonScalar>>>> = {
  "io.k8s.api.core.v1.ContainerPort": { protocol: "TCP" },
  "io.k8s.api.core.v1.LocalObjectReference": { name: "" },
  "io.k8s.api.core.v1.ServicePort": { protocol: "TCP" },
};

/** The default of a key of a list's element; a field that Go always writes defaults to its zero, as in Kubernetes' OpenAPI v3. */
export function keyDefaultOf(definition: string, key: string): JsonScalar | undefined {
  const field = SCHEMA[definition]?.fields[key];
  const zero = field === undefined ? undefined : zeroValueOf(field);
  return KEY_DEFAULTS[definition]?.[key] ?? (typeof zero === "object" ? undefined : zero);
}
