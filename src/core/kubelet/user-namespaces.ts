/** How many IDs a pod's user namespace has. pkg/kubelet/userns/userns_manager.go, 1.34: userNsUnitLength. */
const LENGTH = 65_536;
/** How many pods may have one; the first range of IDs is the node's own. */
const MAX_NAMESPACES = 65_535;

export interface UserNamespace {
  readonly hostId: number;
  readonly length: number;
}

/** Gives pods with `hostUsers: false` ranges of IDs that no other pod of the node has. pkg/kubelet/userns/userns_manager.go, 1.34. */
export class UserNamespaces {
  readonly #byPod = new Map<string, number>();
  readonly #taken = new Set<number>();
  /** No range below it is free. */
  #lowest = 1;

  /** The pod's own, the same each time; null when all are taken. */
  of(podUid: string): UserNamespace | null {
    const index = this.#byPod.get(podUid) ?? this.#take();
    if (index === null) return null;
    this.#byPod.set(podUid, index);
    this.#taken.add(index);
    return { hostId: index * LENGTH, length: LENGTH };
  }

  forget(podUid: string): void {
    const index = this.#byPod.get(podUid);
    if (index !== undefined) {
      this.#taken.delete(index);
      this.#lowest = Math.min(this.#lowest, index);
    }
    this.#byPod.delete(podUid);
  }

  #take(): number | null {
    if (this.#taken.size >= MAX_NAMESPACES) return null;
    while (this.#taken.has(this.#lowest)) this.#lowest += 1;
    return this.#lowest;
  }
}
