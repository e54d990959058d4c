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

  set(key: ObjectKey, object: KubeObject): void {
    const { uid, ownerReferences } = object.metadata;
    const owners = (ownerReferences ?? []).map((owner) => owner.uid);
    if (owners.length === 0 && !this.#ownersOf.has(uid)) return;
    this.remove(object);
    if (owners.length === 0) return;
    this.#ownersOf.set(uid, owners);
    for (const owner of owners) {
      const dependents = this.#byOwner.get(owner) ?? new Map<string, ObjectKey>();
      this.#byOwner.set(owner, dependents.set(uid, key));
    }
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
