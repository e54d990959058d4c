/** Keeps what was made of a text, for as many texts as allowed; the least recently used goes first. */
export class BoundedCache<T> {
  readonly #entries = new Map<string, T>();

  constructor(
    private readonly maxEntries: number,
    private readonly maxKeyCharacters = 4096,
  ) {}

  get(key: string, make: () => T): T {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (key.length > this.maxKeyCharacters) return made;
    if (this.#entries.size >= this.maxEntries) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, made);
    return made;
  }
}
