import {
  formatMicroTime,
  formatTime,
  type FieldSchema,
  type ScalarType,
  type SchemaType,
} from "../../core/api/index.js";
import { shapeOf, type MessageShape } from "./message-shapes.js";
import { ProtobufError, readFields, type WireField } from "./wire-reader.js";

type Fields = Record<string, unknown>;

/** A message as the JSON object that the same client would have sent. @param type name of its schema. @throws ProtobufError */
export function decodeMessage(type: string, message: Buffer): Fields {
  const into: Fields = {};
  decodeInto(into, shapeOf(type), message);
  return into;
}

function decodeInto(into: Fields, shape: MessageShape, message: Buffer): void {
  for (const wire of readFields(message)) {
    const entry = shape.get(wire.number);
    // A field of a newer release: the JSON decoder drops it too.
    if (entry === undefined) continue;
    if ("embedded" in entry) decodeInto(into, entry.embedded, bytesOf(wire));
    else addField(into, entry.name, entry.field, wire);
  }
}

function addField(into: Fields, name: string, field: FieldSchema, wire: WireField) {
  const { type } = field;
  if (typeof type === "object" && "list" in type) {
    const list = (into[name] ??= []) as unknown[];
    list.push(decodeValue(type.list, wire));
  } else if (typeof type === "object" && "map" in type) {
    const map = (into[name] ??= {}) as Fields;
    const [key, value] = decodeEntry(type.map, bytesOf(wire));
    map[key] = value;
  } else {
    const value = decodeValue(type, wire);
    // Go writes all fields that are no pointers, set or not; JSON leaves the empty ones out.
    if (value !== null && (field.zero !== undefined || !isZero(value))) into[name] = value;
  }
}

function decodeEntry(type: SchemaType, message: Buffer): [string, unknown] {
  let key = "";
  let value: unknown = zeroOf(type);
  for (const wire of readFields(message)) {
    if (wire.number === 1) key = bytesOf(wire).toString("utf8");
    else if (wire.number === 2) value = decodeValue(type, wire);
  }
  return [key, value];
}

/** null for a time that is not set. */
function decodeValue(type: SchemaType, wire: WireField): unknown {
  if (typeof type === "string") return decodeScalar(type, wire);
  if (!("ref" in type)) throw new ProtobufError("proto: a list of lists is not a message");
  const into: Fields = {};
  decodeInto(into, shapeOf(type.ref), bytesOf(wire));
  return into;
}

function decodeScalar(type: ScalarType, wire: WireField): unknown {
  switch (type) {
    case "boolean":
      return varintOf(wire) !== 0n;
    case "int32":
    case "int64":
      return Number(BigInt.asIntN(64, varintOf(wire)));
    case "double":
      return wire.kind === "double" ? wire.value : 0;
    default:
      return decodeBytes(type, bytesOf(wire));
  }
}

function decodeBytes(
  type: Exclude<ScalarType, "boolean" | "double" | "int32" | "int64">,
  bytes: Buffer,
): unknown {
  switch (type) {
    case "string":
      return bytes.toString("utf8");
    case "bytes":
      return bytes.toString("base64");
    case "quantity":
      return textField(bytes, 1) || "0";
    case "int-or-string":
      return decodeIntOrString(bytes);
    case "time":
      return decodeTime(bytes, formatTime);
    case "micro-time":
      return decodeTime(bytes, formatMicroTime);
    case "raw":
      return decodeRaw(bytes);
  }
}

/** apimachinery/pkg/util/intstr/intstr.go: 1 type, 2 intVal, 3 strVal. */
function decodeIntOrString(message: Buffer): number | string {
  let isText = false;
  let number = 0;
  let text = "";
  for (const wire of readFields(message)) {
    if (wire.number === 1) isText = varintOf(wire) === 1n;
    else if (wire.number === 2) number = Number(BigInt.asIntN(64, varintOf(wire)));
    else if (wire.number === 3) text = bytesOf(wire).toString("utf8");
  }
  return isText ? text : number;
}

/** apimachinery/pkg/apis/meta/v1/time_proto.go: 1 seconds, 2 nanos; an empty message is no time. */
function decodeTime(message: Buffer, format: (timeMs: number) => string): string | null {
  if (message.length === 0) return null;
  let timeMs = 0;
  for (const wire of readFields(message)) {
    const value = Number(BigInt.asIntN(64, varintOf(wire)));
    timeMs += wire.number === 1 ? value * 1000 : Math.floor(value / 1_000_000);
  }
  return format(timeMs);
}

/** RawExtension and FieldsV1 hold JSON text in field 1. */
function decodeRaw(message: Buffer): unknown {
  const text = textField(message, 1);
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProtobufError("proto: raw extension is not JSON");
  }
}

function textField(message: Buffer, number: number): string {
  let text = "";
  for (const wire of readFields(message))
    if (wire.number === number) text = bytesOf(wire).toString("utf8");
  return text;
}

function zeroOf(type: SchemaType): unknown {
  if (typeof type === "object") return {};
  if (type === "quantity") return "0";
  return type === "string" || type === "bytes" ? "" : 0;
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

function bytesOf(wire: WireField): Buffer {
  if (wire.kind !== "bytes")
    throw new ProtobufError(`proto: wrong wireType for field ${wire.number}`);
  return wire.value;
}

function varintOf(wire: WireField): bigint {
  if (wire.kind !== "varint")
    throw new ProtobufError(`proto: wrong wireType for field ${wire.number}`);
  return wire.value;
}
