import type { KubeObject } from "../../api/index.js";

/** Where an object is. */
export interface ObjectKey {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Who names whom as owner, by the owner's uid: the part of upstream's graph that is needed when an owner goes. */
export class Dependents {
  readonly #byOwner = new Map<string, Map<string, ObjectKey>>();
  readonly #ownersOf = new Map<string, readonly string[]>();

  /** @returns whether it has owners that were not known before */
  set(key: ObjectKey, object: KubeObject): boolean {
    const { uid, ownerReferences = [] } = object.metadata;
    const known = this.#ownersOf.get(uid) ?? NOBODY;
    const isKnown = ownerReferences.every((owner, index) => owner.uid === known[index]);
    if (isKnown && known.length === ownerReferences.length) return false;
    this.remove(object);
    if (ownerReferences.length === 0) return false;
    const owners = ownerReferences.map((owner) => owner.uid);
    this.#ownersOf.set(uid, owners);
    for (const owner of owners) {
      const dependents = this.#byOwner.get(owner) ?? new Map<string, ObjectKey>();
      this.#byOwner.set(owner, dependents.set(uid, key));
    }
    return true;
  }

  remove({ metadata: { uid } }: KubeObject): void {
    for (const owner of this.#ownersOf.get(uid) ?? []) {
      const dependents = this.#byOwner.get(owner);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#byOwner.delete(owner);
    }
    this.#ownersOf.delete(uid);
  }

  of(ownerUid: string): readonly ObjectKey[] {
    return [...(this.#byOwner.get(ownerUid)?.values() ?? [])];
  }
}

const NOBODY: readonly string[] = [];
