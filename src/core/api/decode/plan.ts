import type { FieldSchema, SchemaType } from "../schema-types.js";
import { schemaOf, zeroValue } from "./zero-values.js";

/** A definition of the schema as decoding reads it: hot, so looked up and ordered once. */
export interface DecodePlan {
  /** Go's name of the struct: `Container`. */
  readonly struct: string;
  readonly fields: ReadonlyMap<string, PlannedField>;
  /** Fields that Go writes whether or not they are set. */
  readonly written: readonly PlannedField[];
}

export interface PlannedField {
  readonly name: string;
  /** Place in the order in which Go writes the fields. */
  readonly position: number;
  readonly type: SchemaType;
  /** The Go type that decoding errors name. */
  readonly goType: string;
  /** Whether an empty value is written, because the field is a pointer or has no omitempty. */
  readonly keepsEmpty: boolean;
  /** What Go writes when the field is not set; lists and objects are made anew by `zeroValue`. */
  readonly isWritten: boolean;
}

const plans = new Map<string, DecodePlan>();

/** The plan of a definition, `io.k8s.api.core.v1.Container`. A plain Error when the schema has none. */
export function planOf(definition: string): DecodePlan {
  const known = plans.get(definition);
  if (known !== undefined) return known;
  const fields = Object.entries(schemaOf(definition).fields).map(plannedField);
  const plan: DecodePlan = {
    struct: shortName(definition),
    fields: new Map(fields.map((field) => [field.name, field])),
    written: fields.filter(({ isWritten }) => isWritten),
  };
  plans.set(definition, plan);
  return plan;
}

function plannedField([name, field]: [string, FieldSchema], position: number): PlannedField {
  return {
    name,
    position,
    type: field.type,
    goType: field.goType ?? goTypeOf(field.type),
    keepsEmpty: field.zero !== undefined,
    isWritten: field.zero === "written",
  };
}

/** The fields of one object as they come in, to be written out in Go's order and with what Go adds. */
export class DecodedFields {
  readonly #fields: PlannedField[] = [];
  readonly #values: unknown[] = [];
  #isInOrder = true;
  #written = 0;

  add(field: PlannedField, value: unknown): void {
    const last = this.#fields.at(-1);
    if (last !== undefined && last.position > field.position) this.#isInOrder = false;
    if (field.isWritten) this.#written += 1;
    this.#fields.push(field);
    this.#values.push(value);
  }

  /** @param object what the fields are written to: fields that it has stay where they stand */
  writeTo(object: Record<string, unknown>, plan: DecodePlan): Record<string, unknown> {
    if (this.#isInOrder && this.#written === plan.written.length) {
      this.#fields.forEach(({ name }, index) => (object[name] = this.#values[index]));
      return object;
    }
    const slots: [PlannedField, unknown][] = this.#fields.map((field, index) => [
      field,
      this.#values[index],
    ]);
    for (const field of plan.written) {
      if (!this.#fields.includes(field)) slots.push([field, zeroValue(field.type)]);
    }
    slots.sort(([left], [right]) => left.position - right.position);
    for (const [{ name }, value] of slots) object[name] = value;
    return object;
  }
}

/** `io.k8s.api.core.v1.Container` → `Container`. */
function shortName(definition: string): string {
  return definition.slice(definition.lastIndexOf(".") + 1);
}

/** The Go type that follows from a schema type; fields that differ carry `goType`. */
export function goTypeOf(type: SchemaType): string {
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
