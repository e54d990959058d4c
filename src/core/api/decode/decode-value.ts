import type { SchemaType } from "../schema-types.js";
import { DecodeAbort, goKind } from "./decode-problem.js";
import { decodeScalar, isCanonicalScalar } from "./decode-scalar.js";
import {
  FieldOrder,
  FieldWriter,
  goTypeOf,
  planOf,
  type DecodePlan,
  type PlannedField,
} from "./plan.js";
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
 * Go writes them, fields in the order of the schema. A value that is so already is given back itself.
 * @param known what decoding gave before, if the value may hold parts of it: those are taken as they are
 */
export function decodeObject(
  value: Fields,
  definition: string,
  state: DecodeState,
  parent: Place | null = null,
  known?: unknown,
): Fields {
  const plan = planOf(definition);
  const inPlace = isFields(known) ? decodeInPlace(value, known, plan, state, parent) : null;
  if (inPlace !== null) return inPlace;
  const order = new FieldOrder(plan);
  const keys = Object.keys(value);
  let writer: FieldWriter | null = null;
  for (let at = 0; at < keys.length; at += 1) {
    const step = keys[at] ?? "";
    const member = value[step];
    const field = plan.fields.get(step);
    if (field === undefined) noteUnknown(member, { parent, step }, state);
    const result = field && decodeMember(member, knownAt(known, step), field, plan, state, parent);
    if (writer === null && isSame(result, member) && order.accepts(field)) continue;
    writer ??= writerOf(value, keys.slice(0, at), plan);
    writer.write(field, result);
  }
  if (writer === null && order.isComplete) return value;
  return (writer ?? writerOf(value, keys, plan)).finish();
}

const isSame = (result: unknown, member: unknown): boolean =>
  result !== undefined && result === member;

/** Components inside the process may write undefined for what is not set. */
function noteUnknown(
  member: unknown,
  place: Pick<Place, "parent" | "step">,
  state: DecodeState,
): void {
  if (member !== undefined) state.unknownFields.push(pathOf(place));
}

/** A copy of what was right so far. */
function writerOf(value: Fields, keys: readonly string[], plan: DecodePlan): FieldWriter {
  const writer = new FieldWriter(plan);
  for (const key of keys) writer.write(plan.fields.get(key), value[key]);
  return writer;
}

/** The member as it is to be written; undefined for one that is not. */
function decodeMember(
  member: unknown,
  before: unknown,
  field: PlannedField,
  plan: DecodePlan,
  state: DecodeState,
  parent: Place | null,
): unknown {
  const { type } = field;
  if (member === undefined) return undefined;
  // A time that is not set is written so.
  if (member === null) return field.isWritten && zeroValue(type) === null ? null : undefined;
  if (typeof type === "string" && isCanonicalScalar(member, type)) {
    return field.keepsEmpty || !isOmitted(member, type) ? member : undefined;
  }
  if (member === before && typeof member === "object") return member;
  const place = { parent, step: field.name, field, struct: plan.struct };
  const result = decodeValue(member, type, place, state, before);
  return field.keepsEmpty || !isOmitted(result, type) ? result : undefined;
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
      field === undefined ? undefined : decodeMember(member, before, field, plan, state, parent);
    if (result === undefined) {
      state.typeError = typeError;
      state.unknownFields.length = unknownCount;
      return null;
    }
    if (result !== member) (draft ??= { ...value })[step] = result;
  }
  return draft ?? value;
}

export type Fields = Readonly<Record<string, unknown>>;

function isFields(known: unknown): known is Fields {
  return typeof known === "object" && known !== null && !Array.isArray(known);
}

/** In the same order, too. */
export function haveSameKeys(left: object, right: object): boolean {
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
    const decoded = value.map((item: unknown, index) =>
      decodeElement(item, type.list, index, place, state, knownAt(known, index)),
    );
    return decoded.every((item, index) => item === value[index]) ? (value as unknown[]) : decoded;
  }
  if (!isRecord(value)) return wrongType(value, type, place, state);
  if ("ref" in type) return decodeObject(value, type.ref, state, place, known);
  return decodeMap(value, type.map, place, state);
}

function decodeMap(value: Fields, type: SchemaType, place: Place, state: DecodeState): Fields {
  const decoded: Record<string, unknown> = {};
  let isSame = true;
  for (const key of Object.keys(value)) {
    const element = decodeElement(value[key], type, key, place, state, undefined);
    isSame &&= element === value[key];
    if (key === "__proto__") Object.defineProperty(decoded, key, { value: element, ...PLAIN });
    else decoded[key] = element;
  }
  return isSame ? value : decoded;
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
