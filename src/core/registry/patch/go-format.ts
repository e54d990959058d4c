import { compareText, isJsonList, isJsonObject } from "./json-value.js";
import type { JsonObject, JsonValue } from "./json-value.js";

/** A value as Go's `%v` prints it, which is how Kubernetes puts values into its messages: maps with sorted keys. */
export function formatGoValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) {
    return "<nil>";
  }
  if (isJsonList(value)) {
    return `[${value.map(formatGoValue).join(" ")}]`;
  }
  if (isJsonObject(value)) {
    const fields = sortedKeys(value).map((key) => `${key}:${formatGoValue(value[key])}`);
    return `map[${fields.join(" ")}]`;
  }
  return String(value);
}

/** A value as Go's `%#v` prints it. */
export function formatGoSyntax(value: JsonValue): string {
  if (value === null) {
    return "<nil>";
  }
  if (isJsonList(value)) {
    return `[]interface {}{${value.map(formatGoSyntax).join(", ")}}`;
  }
  if (isJsonObject(value)) {
    const fields = sortedKeys(value).map(
      (key) => `${JSON.stringify(key)}:${formatGoSyntax(value[key] ?? null)}`,
    );
    return `map[string]interface {}{${fields.join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The Go type that encoding/json of Kubernetes gives a value. */
export function goTypeName(value: JsonValue | undefined): string {
  if (value === undefined || value === null) {
    return "%!s(<nil>)";
  }
  if (isJsonList(value)) {
    return "[]interface {}";
  }
  if (isJsonObject(value)) {
    return "map[string]interface {}";
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? "int64" : "float64";
  }
  return typeof value === "boolean" ? "bool" : "string";
}

/** The word of encoding/json for the kind of a JSON value, as in `cannot unmarshal object into …`. */
export function jsonKindName(value: JsonValue): string {
  if (value === null) {
    return "null";
  }
  if (isJsonList(value)) {
    return "array";
  }
  if (isJsonObject(value)) {
    return "object";
  }
  return typeof value === "boolean" ? "bool" : typeof value;
}

function sortedKeys(object: JsonObject): string[] {
  return Object.keys(object).sort(compareText);
}
