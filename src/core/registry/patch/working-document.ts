import { draftOf, fieldOf, isJsonList, isJsonObject, setField } from "./json-value.js";
import type { JsonObject, JsonObjectDraft, JsonValue } from "./json-value.js";
import { MAX_DOCUMENT_DEPTH, MAX_JSON_PATCH_COPY_BYTES } from "./limits.js";
import { unprocessablePatch } from "./refusals.js";

/**
 * A document under the operations of a JSON patch. Containers of the given document are copied when they are first changed and changed in place
 * from then on, so that ten thousand operations on one large object cost one copy of it.
 *
 * Every method throws StatusError 422 when the path does not lead where it must.
 */
export class WorkingDocument {
  private readonly owned = new WeakSet<object>();
  private copiedBytes = 0;

  constructor(private root: JsonValue) {}

  /** The document as it is now; refused when operations have piled it up too high. */
  result(): JsonValue {
    if (isDeeperThan(this.root, MAX_DOCUMENT_DEPTH)) {
      throw unprocessablePatch();
    }
    return this.root;
  }

  add(path: string | null, value: JsonValue): void {
    const { container, key } = this.place(path);
    if (!Array.isArray(container)) {
      setField(container, key, value);
    } else if (key === "-") {
      container.push(value);
    } else {
      container.splice(indexIn(key, container.length + 1), 0, value);
    }
  }

  remove(path: string | null): void {
    const { container, key } = this.place(path);
    memberOf(container, key);
    if (Array.isArray(container)) {
      container.splice(indexIn(key, container.length), 1);
    } else {
      Reflect.deleteProperty(container, key);
    }
  }

  /** The document itself can only be replaced by an object or a list. */
  replace(path: string | null, value: JsonValue): void {
    if (path === "") {
      this.root = containerOf(value);
      return;
    }
    const { container, key } = this.place(path);
    memberOf(container, key);
    setIn(container, key, value);
  }

  valueAt(path: string | null): JsonValue {
    const { parents, key } = splitPath(path);
    return [...parents, key].reduce<JsonValue>(memberOf, this.root);
  }

  /** As `valueAt`, but a field that is not there counts as null, and '' is the document itself. */
  testedValue(path: string | null): JsonValue {
    if (path === "") {
      return this.root;
    }
    const { parents, key } = splitPath(path);
    const container = parents.reduce<JsonValue>(memberOf, this.root);
    return isJsonObject(container) ? (fieldOf(container, key) ?? null) : memberOf(container, key);
  }

  /** A value that shares nothing with the document; what all clones together hold is bounded. */
  cloneOf(path: string | null): JsonValue {
    return this.clone(this.valueAt(path), 0);
  }

  private clone(value: JsonValue, depth: number): JsonValue {
    if (typeof value !== "object" || value === null) {
      this.charge(JSON.stringify(value).length);
      return value;
    }
    if (depth > MAX_DOCUMENT_DEPTH) {
      throw unprocessablePatch();
    }
    if (isJsonList(value)) {
      this.charge(2 + value.length);
      const list = value.map((item) => this.clone(item, depth + 1));
      this.owned.add(list);
      return list;
    }
    const draft: JsonObjectDraft = {};
    this.charge(2);
    for (const [key, field] of Object.entries(value)) {
      this.charge(key.length + 4);
      setField(draft, key, this.clone(field, depth + 1));
    }
    this.owned.add(draft);
    return draft;
  }

  private charge(bytes: number): void {
    this.copiedBytes += bytes;
    if (this.copiedBytes > MAX_JSON_PATCH_COPY_BYTES) {
      throw unprocessablePatch();
    }
  }

  /** The container that the path's last step is in, made ours to change. */
  private place(path: string | null): { container: DraftContainer; key: string } {
    const { parents, key } = splitPath(path);
    let container = this.own(this.root);
    this.root = container;
    for (const parent of parents) {
      const member = memberOf(container, parent);
      const owned = this.own(member);
      if (owned !== member) {
        setIn(container, parent, owned);
      }
      container = owned;
    }
    return { container, key };
  }

  private own(value: JsonValue): DraftContainer {
    const container = containerOf(value);
    if (this.owned.has(container)) {
      // Nobody else has seen it: it was made here.
      return container as DraftContainer;
    }
    const draft = isJsonList(container) ? [...container] : draftOf(container);
    this.owned.add(draft);
    return draft;
  }
}

type Container = readonly JsonValue[] | JsonObject;
type DraftContainer = JsonValue[] | JsonObjectDraft;

function splitPath(path: string | null): { parents: string[]; key: string } {
  const [, ...steps] = (path ?? "").split("/").map(decodeStep);
  const key = steps.pop();
  if (key === undefined) {
    throw unprocessablePatch();
  }
  return { parents: steps, key };
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
function decodeStep(step: string): string {
  return step.includes("~") ? step.replaceAll("~1", "/").replaceAll("~0", "~") : step;
}

function containerOf(value: JsonValue): Container {
  if (isJsonList(value) || isJsonObject(value)) {
    return value;
  }
  throw unprocessablePatch();
}

function memberOf(value: JsonValue, key: string): JsonValue {
  const container = containerOf(value);
  const member = isJsonList(container)
    ? container[indexIn(key, container.length)]
    : fieldOf(container, key);
  if (member === undefined) {
    throw unprocessablePatch();
  }
  return member;
}

function setIn(container: DraftContainer, key: string, value: JsonValue): void {
  if (Array.isArray(container)) {
    container[indexIn(key, container.length)] = value;
  } else {
    setField(container, key, value);
  }
}

/** Where in a list of this length the key points; throws when that is outside of it. */
function indexIn(key: string, length: number): number {
  if (!/^[+-]?[0-9]+$/.test(key)) {
    throw unprocessablePatch();
  }
  const index = Number(key);
  const fromStart = index < 0 ? index + length : index;
  if (fromStart < 0 || fromStart >= length) {
    throw unprocessablePatch();
  }
  return fromStart;
}

/** Walks level by level: a document that is too deep to recurse into must not be recursed into. */
function isDeeperThan(document: JsonValue, maxDepth: number): boolean {
  let containers = [document].filter(isContainer);
  for (let depth = 0; containers.length > 0; depth += 1) {
    if (depth === maxDepth) {
      return true;
    }
    containers = containers.flatMap((container) =>
      Object.values<JsonValue>(container as JsonObject).filter(isContainer),
    );
  }
  return false;
}

function isContainer(value: JsonValue): value is Container {
  return typeof value === "object" && value !== null;
}
