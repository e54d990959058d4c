/** A parsed JSON value. Never changed in place: every patch builds new containers and shares what stayed the same. */
export type JsonValue = JsonScalar | JsonList | JsonObject;
export type JsonScalar = string | number | boolean | null;
export type JsonList = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON object under construction. */
export type JsonObjectDraft = Record<string, JsonValue>;

export function isJsonList(value: unknown): value is JsonList {
  return Array.isArray(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own field: names such as `constructor` are ordinary keys of a ConfigMap. */
export function fieldOf(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a field of a draft; assignment alone would lose a key called `__proto__`. */
export function setField(draft: JsonObjectDraft, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(draft, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    return;
  }
  draft[key] = value;
}

/** A draft with the fields of the object; the caller changes the draft before anybody else sees it. */
export function draftOf(object: JsonObject): JsonObjectDraft {
  return { ...object };
}

/** Changes of one object, collected; `result` is the object itself when none of them changed anything. */
export class ObjectEdit {
  private draft: JsonObjectDraft | null = null;

  constructor(private readonly object: JsonObject) {}

  get(key: string): JsonValue | undefined {
    return fieldOf(this.draft ?? this.object, key);
  }

  set(key: string, value: JsonValue): void {
    if (this.get(key) !== value) {
      this.draft ??= draftOf(this.object);
      setField(this.draft, key, value);
    }
  }

  remove(key: string): void {
    if (this.get(key) !== undefined) {
      this.draft ??= draftOf(this.object);
      Reflect.deleteProperty(this.draft, key);
    }
  }

  keys(): string[] {
    return Object.keys(this.draft ?? this.object);
  }

  result(): JsonObject {
    return this.draft ?? this.object;
  }
}

/** The object without one field. */
export function withoutField(object: JsonObject, key: string): JsonObject {
  const draft = draftOf(object);
  Reflect.deleteProperty(draft, key);
  return draft;
}

/** Equality of JSON values, whatever the order of the fields. Shared subtrees cost nothing. */
export function jsonEquals(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (isJsonList(left)) {
    return isJsonList(right) && listsEqual(left, right);
  }
  return isJsonObject(left) && isJsonObject(right) && objectsEqual(left, right);
}

function listsEqual(left: JsonList, right: JsonList): boolean {
  if (left.length !== right.length) {
    return false;
  }
  for (let index = 0; index < left.length; index += 1) {
    if (!jsonEquals(left[index], right[index])) {
      return false;
    }
  }
  return true;
}

function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  let count = 0;
  for (const key in left) {
    if (!Object.hasOwn(right, key) || !jsonEquals(left[key], right[key])) {
      return false;
    }
    count += 1;
  }
  return count === Object.keys(right).length;
}

/** Order of strings by code unit, as every order of Kubernetes that is not said otherwise. */
export function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
