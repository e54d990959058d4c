import type { FieldSchema, ObjectSchema, SchemaType } from "../schema-types.js";
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
  const fields = fieldsOf(schemaOf(definition)).map(plannedField);
  const plan: DecodePlan = {
    struct: shortName(definition),
    fields: new Map(fields.map((field) => [field.name, field])),
    written: fields.filter(({ isWritten }) => isWritten),
  };
  plans.set(definition, plan);
  return plan;
}

/** Fields come by name; of a kind, those that every kind has stand first, as Go writes them. */
function fieldsOf({ fields, gvk }: ObjectSchema): [string, FieldSchema][] {
  const entries = Object.entries(fields);
  if (gvk === undefined) return entries;
  const first = HEAD.flatMap((name) => entries.filter(([field]) => field === name));
  return [...first, ...entries.filter(([field]) => !HEAD.includes(field))];
}

const HEAD: readonly string[] = ["kind", "apiVersion", "metadata"];

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

/** Follows whether the fields of an object stand as Go writes them, with all that it writes whether or not it is set. */
export class FieldOrder {
  private last = -1;
  private nextWritten = 0;

  constructor(private readonly plan: DecodePlan) {}

  /** Whether the next field stands where it belongs. One that is not known belongs nowhere. */
  accepts(field: PlannedField | undefined): boolean {
    if (field === undefined) return false;
    const { position, isWritten } = field;
    if (position < this.last) return false;
    const due = this.plan.written[this.nextWritten];
    if (due !== undefined && due.position < position) return false;
    this.last = position;
    if (isWritten) this.nextWritten += 1;
    return true;
  }

  get isComplete(): boolean {
    return this.nextWritten === this.plan.written.length;
  }
}

/** Gathers the fields of one object, and writes them in Go's order with the zero values that Go writes among them. */
export class FieldWriter {
  /** By position; `values` goes with it. */
  private readonly fields: PlannedField[] = [];
  private readonly values: unknown[] = [];

  constructor(private readonly plan: DecodePlan) {}

  /** Nothing is written of a field that is not known or has no value. */
  write(field: PlannedField | undefined, value: unknown): void {
    if (field === undefined || value === undefined) return;
    const { fields, values } = this;
    // Most come in order, or nearly so.
    let at = fields.length;
    for (; at > 0; at -= 1) {
      const before = fields[at - 1];
      if (before === undefined || before.position < field.position) break;
      fields[at] = before;
      values[at] = values[at - 1];
    }
    fields[at] = field;
    values[at] = value;
  }

  /** The object with all that belongs to it. */
  finish(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    let next = 0;
    for (const [at, field] of this.fields.entries()) {
      next = this.writeZeros(object, next, field.position);
      object[field.name] = this.values[at];
      if (field.isWritten) next += 1;
    }
    this.writeZeros(object, next, Infinity);
    return object;
  }

  /** @returns the place of the first zero value that stands behind `position` or at it. */
  private writeZeros(object: Record<string, unknown>, from: number, position: number): number {
    const { written } = this.plan;
    let next = from;
    for (let zero = written[next]; zero !== undefined && zero.position < position;) {
      object[zero.name] = zeroValue(zero.type);
      next += 1;
      zero = written[next];
    }
    return next;
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
