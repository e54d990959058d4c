import { listElement } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { jsonEquals, ObjectEdit } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { areEmpty, asList, asObject, fieldTypeOf, isLeafType } from "./walk.js";
import type { Side } from "./walk.js";

/**
 * The live object with everything that the configuration says; nothing is taken away. What does not change keeps its identity.
 *
 * Throws PathElementError when an element of a list has no identity.
 * Source: structured-merge-diff typed/merge.go, v6.
 */
export function mergeConfiguration(
  live: JsonObject,
  configuration: JsonObject,
  type: MapStructure,
): JsonObject {
  return mergeMaps(live, configuration, type);
}

/** Undefined only when neither side is there. */
function mergeSides(live: Side, applied: Side, type: StructuralType): Side {
  if (applied === undefined || live === applied) {
    return live;
  }
  if (live === undefined) {
    return applied;
  }
  if (isLeafType(type) || areEmpty(live, applied)) {
    return jsonEquals(live, applied) ? live : applied;
  }
  if (type.kind === "map") {
    return mergeMaps(asObject(live) ?? {}, asObject(applied) ?? {}, type);
  }
  return type.kind === "list"
    ? mergeLists(asList(live) ?? [], asList(applied) ?? [], type)
    : applied;
}

function mergeMaps(live: JsonObject, applied: JsonObject, type: MapStructure): JsonObject {
  const edit = new ObjectEdit(live);
  for (const [key, value] of Object.entries(applied)) {
    const merged = mergeSides(edit.get(key), value, fieldTypeOf(type, key));
    if (merged !== undefined) {
      edit.set(key, merged);
    }
  }
  return edit.result();
}

/**
 * Elements of both sides: the configuration's order among those it names, the live one's among the rest, and the rest where it stood between
 * the shared ones.
 */
function mergeLists(live: JsonList, applied: JsonList, type: ListStructure): JsonList {
  const merged = new ListMerger(live, applied, type).run();
  return merged.length === live.length && merged.every((item, index) => item === live[index])
    ? live
    : merged;
}

class ListMerger {
  private readonly liveElements: readonly PathElement[];
  private readonly appliedElements: readonly PathElement[];
  private readonly liveItems: ReadonlyMap<PathElement, JsonValue>;
  private readonly appliedItems: ReadonlyMap<PathElement, JsonValue>;
  /** Elements of both sides in the configuration's order; those before `sharedPlace` are done. */
  private readonly shared: readonly PathElement[];
  private readonly done = new Set<PathElement>();
  private readonly out: JsonValue[] = [];
  private livePlace = 0;
  private sharedPlace = 0;
  private appliedPlace = 0;

  constructor(
    private readonly live: JsonList,
    applied: JsonList,
    private readonly type: ListStructure,
  ) {
    this.liveElements = live.map((item) => listElement(type, item));
    this.appliedElements = applied.map((item) => listElement(type, item));
    this.liveItems = itemsByElement(live, this.liveElements);
    this.appliedItems = itemsByElement(applied, this.appliedElements);
    this.shared = this.appliedElements.filter((element) => this.liveItems.has(element));
  }

  run(): JsonList {
    while (
      this.livePlace < this.liveElements.length ||
      this.appliedPlace < this.appliedElements.length
    ) {
      this.step();
    }
    return this.out;
  }

  private step(): void {
    const liveElement = this.liveElements[this.livePlace];
    const appliedElement = this.appliedElements[this.appliedPlace];
    if (liveElement !== undefined && appliedElement !== undefined) {
      if (liveElement === appliedElement) {
        this.takeShared(liveElement);
        return;
      }
      if (this.isSharedLater(liveElement)) {
        this.livePlace += 1;
        return;
      }
    }
    if (liveElement !== undefined && !this.appliedItems.has(liveElement)) {
      this.out.push(this.live[this.livePlace] ?? null);
      this.livePlace += 1;
      return;
    }
    if (liveElement !== undefined && this.done.has(liveElement)) {
      this.livePlace += 1;
    }
    if (appliedElement !== undefined) {
      this.takeApplied(appliedElement);
    }
  }

  /** A shared element whose turn, by the configuration's order, comes later. */
  private isSharedLater(element: PathElement): boolean {
    const next = this.shared[this.sharedPlace];
    return this.appliedItems.has(element) && next !== undefined && next !== element;
  }

  private takeShared(element: PathElement): void {
    this.takeItem(element);
    this.livePlace += 1;
    this.sharedPlace += 1;
  }

  private takeApplied(element: PathElement): void {
    this.takeItem(element);
    if (this.shared[this.sharedPlace] === element) {
      this.sharedPlace += 1;
    }
  }

  private takeItem(element: PathElement): void {
    this.done.add(element);
    this.appliedPlace += 1;
    const merged = mergeSides(
      this.liveItems.get(element),
      this.appliedItems.get(element),
      this.type.element,
    );
    if (merged !== undefined) {
      this.out.push(merged);
    }
  }
}

/** Live elements that occur more than once are not merged into: null stands for them. */
function itemsByElement(
  list: JsonList,
  elements: readonly PathElement[],
): ReadonlyMap<PathElement, JsonValue> {
  const items = new Map<PathElement, JsonValue>();
  elements.forEach((element, index) => {
    items.set(element, items.has(element) ? null : (list[index] ?? null));
  });
  return items;
}
