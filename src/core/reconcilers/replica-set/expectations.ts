import { EXPECTATIONS_TIMEOUT_MS } from "../limits.js";

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly sinceMs: number;
}

/**
 * What a controller has done and not yet seen in its cache: until it has, the cache is no ground to do more. pkg/controller/controller_utils.go
 * UIDTrackingControllerExpectations, 1.34
 */
export class Expectations {
  readonly #expected = new Map<string, Expected>();

  /** Nothing is expected any more, or for too long already. */
  areMet(key: string, nowMs: number): boolean {
    const expected = this.#expected.get(key);
    if (expected === undefined) return true;
    if (expected.creations <= 0 && expected.deletions.size === 0) return true;
    return nowMs - expected.sinceMs > EXPECTATIONS_TIMEOUT_MS;
  }

  expectCreations(key: string, count: number, nowMs: number): void {
    this.#expected.set(key, { creations: count, deletions: new Set(), sinceMs: nowMs });
  }

  expectDeletions(key: string, uids: readonly string[], nowMs: number): void {
    this.#expected.set(key, { creations: 0, deletions: new Set(uids), sinceMs: nowMs });
  }

  creationSeen(key: string, count = 1): void {
    const expected = this.#expected.get(key);
    if (expected !== undefined) expected.creations -= count;
  }

  deletionSeen(key: string, uid: string): void {
    this.#expected.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.#expected.delete(key);
  }
}
