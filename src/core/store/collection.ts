import type { KubeObject } from "../api/index.js";
import type { ObjectKey } from "./object-key.js";
import { SortedSlots, type Slot } from "./sorted-slots.js";

/** What a resource is indexed by beside its key; '' means not indexed. */
export type IndexValue = (object: KubeObject) => string;

/** The current objects of one resource. */
export class Collection {
  readonly #slots = new Map<ObjectKey, Slot>();
  readonly #sorted = new SortedSlots();
  readonly #byIndexValue = new Map<string, SortedSlots>();

  constructor(readonly indexValue: IndexValue | null) {}

  get size(): number {
    return this.#sorted.size;
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#slots.get(key)?.object;
  }

  /** In key order. `prefix` is `<namespace>/` for one namespace, '' for all; `indexValue` narrows by the index. */
  list(prefix: string, indexValue?: string): KubeObject[] {
    const objects: KubeObject[] = [];
    const slots = indexValue === undefined ? this.#sorted : this.#byIndexValue.get(indexValue);
    slots?.collect(prefix, objects);
    return objects;
  }

  add(key: ObjectKey, object: KubeObject): void {
    if (this.#slots.has(key)) throw new Error(`${key} is there already`);
    const slot: Slot = { key, object };
    this.#slots.set(key, slot);
    this.#sorted.insert(slot);
    this.#enterIndex(slot, this.#indexValueOf(object));
  }

  replace(key: ObjectKey, object: KubeObject): void {
    const slot = this.#slotAt(key);
    const before = this.#indexValueOf(slot.object);
    const after = this.#indexValueOf(object);
    if (before !== after) this.#leaveIndex(key, before);
    slot.object = object;
    if (before !== after) this.#enterIndex(slot, after);
  }

  remove(key: ObjectKey): void {
    const slot = this.#slotAt(key);
    this.#slots.delete(key);
    this.#sorted.remove(key);
    this.#leaveIndex(key, this.#indexValueOf(slot.object));
  }

  #slotAt(key: ObjectKey): Slot {
    const slot = this.#slots.get(key);
    if (slot === undefined) throw new Error(`${key} is not there`);
    return slot;
  }

  #indexValueOf(object: KubeObject): string {
    return this.indexValue === null ? "" : this.indexValue(object);
  }

  #enterIndex(slot: Slot, value: string): void {
    if (value === "") return;
    let slots = this.#byIndexValue.get(value);
    if (slots === undefined) this.#byIndexValue.set(value, (slots = new SortedSlots()));
    slots.insert(slot);
  }

  #leaveIndex(key: ObjectKey, value: string): void {
    const slots = this.#byIndexValue.get(value);
    if (value === "" || slots === undefined) return;
    slots.remove(key);
    if (slots.size === 0) this.#byIndexValue.delete(value);
  }
}
