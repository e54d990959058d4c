import type { SchemaType } from "../schema-types.js";
import { DecodeAbort, goKind } from "./decode-problem.js";
import { decodeScalar, isCanonicalScalar } from "./decode-scalar.js";
import { FieldWriter, goTypeOf, planOf, type DecodePlan, type PlannedField } from "./plan.js";
import { isOmitted, zeroValue } from "./zero-values.js";

/** What decoding has found so far. */
export interface DecodeState {
  /** Paths of fields that the type does not have, in document order. */
  readonly unknownFields: string[];
  /** The first value of a wrong type, in the words of Go's encoding/json; decoding goes on after it, as there. */
  typeError: string | null;
}

/** Where a value stands, from the inside out: spelt out only for messages, which most documents do not need. */
interface Place {
  /** Null for a field of the document itself. */
  readonly parent: Place | null;
  /** A field's name, or the index or key of an element. */
  readonly step: string | number;
  /** Null for an element of a list or map. */
  readonly field: PlannedField | null;
  /** Go's name of the innermost struct around the value. */
  readonly struct: string;
}

/**
 * Decodes an object as Go's encoding/json and its encoder together would have it: unknown fields gone, empty values left out or written as
 * Go writes them, fields in the order of the schema.
 * @param head makes the object with the fields that stand first, and what they have until the value brings its own
 * @param known what decoding gave before, if the value may hold parts of it: those are taken as they are
 */
export function decodeObject(
  value: Readonly<Record<string, unknown>>,
  definition: string,
  state: DecodeState,
  parent: Place | null = null,
  head: (() => Record<string, unknown>) | null = null,
  known?: unknown,
): Readonly<Record<string, unknown>> {
  const plan = planOf(definition);
  const inPlace = isFields(known) ? decodeInPlace(value, known, plan, state, parent) : null;
  if (inPlace !== null) return inPlace;
  const first = head?.();
  const writer = new FieldWriter(plan, first ?? {}, first === undefined ? [] : Object.keys(first));
  for (const step of Object.keys(value)) {
    const member = value[step];
    // Components inside the process may write undefined for what is not set.
    if (member === undefined) continue;
    const field = plan.fields.get(step);
    if (field === undefined) {
      state.unknownFields.push(pathOf({ parent, step }));
    } else if (member !== null) {
      const before = knownAt(known, step);
      if (before === member && typeof member === "object") {
        writer.write(field, member);
        continue;
      }
      const place = { parent, step, field, struct: plan.struct };
      const result = decodeValue(member, field.type, place, state, before);
      if (field.keepsEmpty || !isOmitted(result, field.type)) writer.write(field, result);
    }
  }
  return writer.finish();
}

/**
 * What a component makes of an object that it has read says the same fields in the same order: then only what differs is decoded, and all else is
 * right as it is. Null when the value has another shape.
 */
function decodeInPlace(
  value: Fields,
  known: Fields,
  plan: DecodePlan,
  state: DecodeState,
  parent: Place | null,
): Fields | null {
  if (!haveSameKeys(value, known)) return null;
  const { typeError } = state;
  const unknownCount = state.unknownFields.length;
  let draft: Record<string, unknown> | null = null;
  for (const step in value) {
    const [member, before] = [value[step], known[step]];
    if (member === before) continue;
    const field = plan.fields.get(step);
    const result =
      field === undefined ? null : decodeMember(member, before, field, plan, state, parent);
    if (result === null) {
      state.typeError = typeError;
      state.unknownFields.length = unknownCount;
      return null;
    }
    if (result !== member) (draft ??= { ...value })[step] = result;
  }
  return draft ?? value;
}

/** Null for a field that would not be written where it stands. */
function decodeMember(
  member: unknown,
  before: unknown,
  field: PlannedField,
  plan: DecodePlan,
  state: DecodeState,
  parent: Place | null,
): unknown {
  if (member === null || member === undefined) return null;
  const place = { parent, step: field.name, field, struct: plan.struct };
  const result = decodeValue(member, field.type, place, state, before);
  return field.keepsEmpty || !isOmitted(result, field.type) ? result : null;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(known: unknown): known is Fields {
  return typeof known === "object" && known !== null && !Array.isArray(known);
}

function haveSameKeys(left: Fields, right: Fields): boolean {
  const keys = Object.keys(right);
  let at = 0;
  for (const key in left) {
    if (keys[at] !== key) return false;
    at += 1;
  }
  return at === keys.length;
}

/** What stands at the same place of what is known. */
function knownAt(known: unknown, step: string | number): unknown {
  return typeof known === "object" && known !== null
    ? (known as Readonly<Record<string, unknown>>)[step]
    : undefined;
}

/** Decodes one value that is not null. A value of a wrong type counts as not set. */
function decodeValue(
  value: unknown,
  type: SchemaType,
  place: Place,
  state: DecodeState,
  known: unknown,
): unknown {
  if (typeof type === "string") {
    if (isCanonicalScalar(value, type)) return value;
    const result = decodeScalar(value, type);
    if (result.ok) return result.value;
    if (result.abort) throw new DecodeAbort(result.message);
    state.typeError ??= result.message ?? typeErrorText(result.kind, type, place);
    return zeroValue(type);
  }
  if ("list" in type) {
    if (!Array.isArray(value)) return wrongType(value, type, place, state);
    return value.map((item: unknown, index) =>
      decodeElement(item, type.list, index, place, state, knownAt(known, index)),
    );
  }
  if (!isRecord(value)) return wrongType(value, type, place, state);
  if ("ref" in type) return decodeObject(value, type.ref, state, place, null, known);
  const decoded: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const element = decodeElement(value[key], type.map, key, place, state, undefined);
    if (key === "__proto__") Object.defineProperty(decoded, key, { value: element, ...PLAIN });
    else decoded[key] = element;
  }
  return decoded;
}

/** A key like any other, though an assignment would not make it one. */
const PLAIN = { enumerable: true, configurable: true, writable: true };

function decodeElement(
  item: unknown,
  type: SchemaType,
  step: string | number,
  parent: Place,
  state: DecodeState,
  known: unknown,
): unknown {
  if (item === null) return zeroValue(type);
  if (item === known && typeof item === "object") return item;
  const place = { parent, step, field: null, struct: parent.struct };
  return decodeValue(item, type, place, state, known);
}

function wrongType(value: unknown, type: SchemaType, place: Place, state: DecodeState): unknown {
  state.typeError ??= typeErrorText(goKind(value), type, place);
  return zeroValue(type);
}

function typeErrorText(kind: string, type: SchemaType, place: Place): string {
  const goType = place.field?.goType ?? goTypeOf(type);
  return `json: cannot unmarshal ${kind} into Go struct field ${place.struct}.${goPathOf(place)} of type ${goType}`;
}

/** As strict decoding names a field: `spec.containers[0].image`. */
function pathOf({ parent, step }: Pick<Place, "parent" | "step">): string {
  const before = parent === null ? "" : pathOf(parent);
  if (typeof step === "number") return `${before}[${String(step)}]`;
  return before === "" ? step : `${before}.${step}`;
}

/** As encoding/json names it, without elements: `spec.containers.image`. */
function goPathOf({ parent, field }: Place): string {
  const before = parent === null ? "" : goPathOf(parent);
  if (field === null) return before;
  return before === "" ? field.name : `${before}.${field.name}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
