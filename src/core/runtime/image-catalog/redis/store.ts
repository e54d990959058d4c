/** What a key of Redis holds. */
export type RedisValue = string | string[] | Map<string, string> | Set<string>;

/** Redis' data: keys, values, expiry. Times are virtual milliseconds. */
export class RedisStore {
  readonly #values = new Map<string, RedisValue>();
  readonly #expiry = new Map<string, number>();
  /** What the values take, about: for the kernel's memory accounting. */
  bytes = 0;

  constructor(private readonly nowMs: () => number) {}

  get size(): number {
    return this.keys().length;
  }

  keys(): string[] {
    return [...this.#values.keys()].filter((key) => this.get(key) !== null);
  }

  get(key: string): RedisValue | null {
    const due = this.#expiry.get(key);
    if (due !== undefined && due <= this.nowMs()) this.delete(key);
    return this.#values.get(key) ?? null;
  }

  set(key: string, value: RedisValue): void {
    this.#forget(key);
    this.#values.set(key, value);
    this.bytes += key.length + sizeOf(value) + 64;
  }

  delete(key: string): boolean {
    this.#forget(key);
    this.#expiry.delete(key);
    return this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#expiry.clear();
    this.bytes = 0;
  }

  /** Null takes the expiry away. */
  expireAt(key: string, dueMs: number | null): void {
    if (dueMs === null) this.#expiry.delete(key);
    else this.#expiry.set(key, dueMs);
  }

  /** Milliseconds left; null without expiry. */
  timeToLive(key: string): number | null {
    const due = this.#expiry.get(key);
    return due === undefined ? null : due - this.nowMs();
  }

  /** All of it as text, for the snapshot on disk. */
  save(): string {
    const entries = this.keys().map((key) => [
      key,
      plain(this.#values.get(key)),
      this.#expiry.get(key) ?? null,
    ]);
    return JSON.stringify(entries);
  }

  load(text: string): void {
    this.clear();
    for (const [key, value, due] of JSON.parse(text) as [string, PlainValue, number | null][]) {
      this.set(key, revive(value));
      if (due !== null) this.expireAt(key, due);
    }
  }

  #forget(key: string): void {
    const before = this.#values.get(key);
    if (before !== undefined) this.bytes -= key.length + sizeOf(before) + 64;
  }
}

type PlainValue =
  | { readonly s: string }
  | { readonly l: string[] }
  | { readonly h: [string, string][] }
  | { readonly set: string[] };

const plain = (value: RedisValue | undefined): PlainValue => {
  if (value instanceof Map) return { h: [...value] };
  if (value instanceof Set) return { set: [...value] };
  return Array.isArray(value) ? { l: value } : { s: value ?? "" };
};

const revive = (value: PlainValue): RedisValue => {
  if ("h" in value) return new Map(value.h);
  if ("set" in value) return new Set(value.set);
  return "l" in value ? value.l : value.s;
};

const sizeOf = (value: RedisValue): number => {
  if (typeof value === "string") return value.length;
  let bytes = 0;
  if (value instanceof Map)
    for (const [name, text] of value) bytes += name.length + text.length + 32;
  else for (const text of value) bytes += text.length + 16;
  return bytes;
};
