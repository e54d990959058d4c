import { quote } from "../../../api/index.js";
import { compareText, isJsonObject } from "../json-value.js";
import type { JsonObject, JsonValue } from "../json-value.js";
import { MAX_REMEMBERED_ELEMENT_LENGTH, MAX_REMEMBERED_ELEMENTS } from "../limits.js";
import type { ListStructure } from "../structural-type.js";

/**
 * One step of a field path as FieldsV1 spells it: `f:image`, `k:{"name":"app"}`, `v:"finalizer"`, `i:3`. The text is the identity, so keys are
 * sorted and written without white space. Source: structured-merge-diff fieldpath/serialize-pe.go, v6.
 */
export type PathElement = string;

/** Why an element of a list has no path element. */
export class PathElementError extends Error {}

export function fieldElement(name: string): PathElement {
  return fields.of(name, () => `f:${name}`);
}

/** What was worked out for a text, kept while there is room: objects have the same few fields and elements again and again. */
class Memory<T> {
  readonly #known = new Map<string, T>();

  of(text: string, make: () => T): T {
    const known = this.#known.get(text);
    if (known !== undefined) {
      return known;
    }
    const made = make();
    if (text.length <= MAX_REMEMBERED_ELEMENT_LENGTH) {
      if (this.#known.size >= MAX_REMEMBERED_ELEMENTS) this.#known.clear();
      this.#known.set(text, made);
    }
    return made;
  }
}

const fields = new Memory<PathElement>();

/** How an element of a list that is no atomic one is told apart from the others. */
export function listElement(list: ListStructure, item: JsonValue): PathElement {
  return list.relationship === "map" ? keyElement(list, item) : valueElement(item);
}

function keyElement(list: ListStructure, item: JsonValue): PathElement {
  if (item === null) {
    throw new PathElementError("associative list with keys may not have a null element");
  }
  if (!isJsonObject(item)) {
    throw new PathElementError("associative list with keys may not have non-map elements");
  }
  const [only = ""] = list.keys;
  const name = list.keys.length === 1 ? item[only] : undefined;
  if (typeof name === "string") {
    return elementsBy(only).of(name, () => keyText(list, item));
  }
  return keyText(list, item);
}

/** Elements that are told apart by a text under this key alone, by that text. */
function elementsBy(key: string): Memory<PathElement> {
  const known = byKey.get(key) ?? new Memory<PathElement>();
  byKey.set(key, known);
  return known;
}

const byKey = new Map<string, Memory<PathElement>>();

function keyText(list: ListStructure, item: JsonObject): PathElement {
  let text = "";
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : list.keyDefaults.get(key);
    if (value !== undefined) {
      text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    }
  }
  if (text === "") {
    throw new PathElementError(
      `associative list with keys has an element that omits all key fields [${list.keys.map(quote).join(" ")}] (and doesn't have default values for any key fields)`,
    );
  }
  return `k:{${text}}`;
}

function valueElement(item: JsonValue): PathElement {
  if (item === null) {
    throw new PathElementError(
      "associative list without keys has an element that's an explicit null",
    );
  }
  if (typeof item === "object") {
    throw new PathElementError(
      isJsonObject(item)
        ? "associative list without keys has an element that's a map type"
        : "not supported: associative list with lists as elements",
    );
  }
  return `v:${JSON.stringify(item)}`;
}

/** The element as messages show it: `.image`, `[name="app"]`, `[="finalizer"]`, `[3]`. */
export function printElement(element: PathElement): string {
  const content = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${content}`;
    case "k":
      return `[${Object.entries(parsedKey(content))
        .map(([name, value]) => `${name}=${printValue(value)}`)
        .join(",")}]`;
    case "v":
      return `[=${printValue(parseText(content))}]`;
    default:
      return `[${content}]`;
  }
}

export function printPath(path: readonly PathElement[]): string {
  return path.map(printElement).join("");
}

function printValue(value: JsonValue): string {
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

/** Order within a set: fields, keys, values, indexes; each by name or by value. Source: fieldpath/element.go Compare, v6. */
export function compareElements(left: PathElement, right: PathElement): number {
  if (left === right) {
    return 0;
  }
  if (left.startsWith("f:") && right.startsWith("f:")) {
    return left < right ? -1 : 1;
  }
  const kinds = ELEMENT_KINDS.indexOf(left[0] ?? "") - ELEMENT_KINDS.indexOf(right[0] ?? "");
  if (kinds !== 0) {
    return kinds;
  }
  const [leftContent, rightContent] = [left.slice(2), right.slice(2)];
  switch (left[0]) {
    case "k":
      return compareKeys(
        parsedKeys.of(leftContent, () => parsedKey(leftContent)),
        parsedKeys.of(rightContent, () => parsedKey(rightContent)),
      );
    case "v":
      return compareValues(parseText(leftContent), parseText(rightContent));
    default:
      return Number(leftContent) - Number(rightContent);
  }
}

const ELEMENT_KINDS = "fkvi";

const parsedKeys = new Memory<JsonObject>();

function compareKeys(left: JsonObject, right: JsonObject): number {
  const [leftFields, rightFields] = [Object.entries(left), Object.entries(right)];
  for (const [index, [name, value]] of leftFields.entries()) {
    const other = rightFields[index];
    if (other === undefined) {
      return 1;
    }
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) {
      return order;
    }
  }
  return leftFields.length - rightFields.length;
}

/** Numbers, then strings, then booleans, then everything else. */
function compareValues(left: JsonValue, right: JsonValue): number {
  if (typeof left === "number" && typeof right === "number") {
    return left - right;
  }
  if (typeof left === "string" && typeof right === "string") {
    return compareText(left, right);
  }
  return rankOf(left) - rankOf(right) || Number(left) - Number(right);
}

function rankOf(value: JsonValue): number {
  const rank = ["number", "string", "boolean"].indexOf(typeof value);
  return rank < 0 ? 3 : rank;
}

/**
 * A path element in its one spelling, or null for one of a kind that is not known, which is left out as upstream does.
 *
 * Throws PathElementError when it cannot be read.
 */
export function canonicalElement(text: string): PathElement | null {
  if (text.length < 2) {
    throw new PathElementError("key must be 2 characters long:");
  }
  if (text[1] !== ":") {
    throw new PathElementError(`missing colon: ${text}`);
  }
  const content = text.slice(2);
  switch (text[0]) {
    case "f":
      return text;
    case "v":
      return `v:${JSON.stringify(parseText(content))}`;
    case "k": {
      const key = parseText(content);
      if (!isJsonObject(key)) {
        throw new PathElementError(`not a key: ${text}`);
      }
      const sorted = Object.entries(key).sort(([left], [right]) => compareText(left, right));
      return `k:${JSON.stringify(Object.fromEntries(sorted))}`;
    }
    case "i":
      if (!/^[+-]?[0-9]+$/.test(content)) {
        throw new PathElementError(`not an index: ${text}`);
      }
      return `i:${String(Number(content))}`;
    default:
      return null;
  }
}

function parsedKey(content: string): JsonObject {
  const key = parseText(content);
  return isJsonObject(key) ? key : {};
}

function parseText(content: string): JsonValue {
  try {
    return JSON.parse(content) as JsonValue;
  } catch {
    throw new PathElementError(`cannot read ${content}`);
  }
}
