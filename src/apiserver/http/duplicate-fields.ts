import { MAX_JSON_DEPTH, MAX_STRICT_ERRORS } from "../limits.js";

/**
 * The fields that a JSON text names twice in one object, as the strict decoder lists them: `duplicate field "spec.containers[0].name"`.
 * sigs.k8s.io/json, 1.34. JSON.parse keeps the last and forgets that there was another, so the text itself is looked at.
 * @param text valid JSON.
 * @returns null when it nests deeper than is allowed.
 */
export function duplicateFields(text: string): readonly string[] | null {
  const scan = new DuplicateScan(text);
  scan.value("", 1);
  return scan.isTooDeep ? null : [...scan.errors].slice(0, MAX_STRICT_ERRORS);
}

class DuplicateScan {
  readonly errors = new Set<string>();
  isTooDeep = false;
  #at = 0;

  constructor(private readonly text: string) {}

  value(path: string, depth: number): void {
    if (depth > MAX_JSON_DEPTH) {
      this.isTooDeep = true;
      this.#at = this.text.length;
    }
    this.#space();
    switch (this.text.charCodeAt(this.#at)) {
      case 0x7b: // {
        this.#object(path, depth);
        return;
      case 0x5b: // [
        this.#array(path, depth);
        return;
      case 0x22: // "
        this.#string();
        return;
      default:
        this.#scalar();
    }
  }

  #object(path: string, depth: number): void {
    const seen = new Set<string>();
    this.#at += 1;
    this.#space();
    while (!this.#take(0x7d) && !this.isTooDeep) {
      this.#take(0x2c);
      this.#space();
      const key = this.#string();
      const child = path === "" ? key : `${path}.${key}`;
      if (seen.has(key)) this.errors.add(`duplicate field ${JSON.stringify(child)}`);
      seen.add(key);
      this.#space();
      this.#at += 1; // :
      this.value(child, depth + 1);
      this.#space();
    }
  }

  #array(path: string, depth: number): void {
    this.#at += 1;
    let index = 0;
    this.#space();
    while (!this.#take(0x5d) && !this.isTooDeep) {
      this.#take(0x2c);
      this.value(`${path}[${index}]`, depth + 1);
      index += 1;
      this.#space();
    }
  }

  #string(): string {
    const start = this.#at + 1;
    let end = this.text.indexOf('"', start);
    while (this.#isEscaped(end)) end = this.text.indexOf('"', end + 1);
    this.#at = end + 1;
    const raw = this.text.slice(start, end);
    return raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
  }

  /** Whether an odd number of backslashes stands before it. */
  #isEscaped(position: number): boolean {
    let before = position - 1;
    while (this.text.charCodeAt(before) === 0x5c) before -= 1;
    return (position - before) % 2 === 0;
  }

  #scalar(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      const isEnd =
        Number.isNaN(code) || code <= 0x20 || code === 0x2c || code === 0x7d || code === 0x5d;
      if (isEnd) return;
      this.#at += 1;
    }
  }

  #space(): void {
    while (this.text.charCodeAt(this.#at) <= 0x20) this.#at += 1;
  }

  #take(code: number): boolean {
    if (this.text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }
}
