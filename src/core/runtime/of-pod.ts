/** What belongs to each pod, in the order it came: a kubelet asks for it at every turn, among thousands of pods. */
export class OfPod<T> {
  readonly #byUid = new Map<string, readonly T[]>();

  of(podUid: string): readonly T[] {
    return this.#byUid.get(podUid) ?? NOTHING;
  }

  clear(): void {
    this.#byUid.clear();
  }

  add(podUid: string, thing: T): void {
    this.#byUid.set(podUid, [...this.of(podUid), thing]);
  }

  remove(podUid: string, thing: T): void {
    const left = this.of(podUid).filter((each) => each !== thing);
    if (left.length === 0) this.#byUid.delete(podUid);
    else this.#byUid.set(podUid, left);
  }
}

const NOTHING: readonly never[] = [];
