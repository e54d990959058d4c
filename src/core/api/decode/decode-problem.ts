/** A value whose own UnmarshalJSON refuses it ends decoding at once, unlike one of a wrong type. */
export class DecodeAbort extends Error {}

/** What encoding/json calls a JSON value in its messages. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}
