import type { Inode, MountRoot } from "./inode.js";

/** One mounted file system (or part of one) in a tree. */
export interface Mount {
  /** Absolute, without a slash at the end; "/" for the root. */
  readonly path: string;
  readonly root: MountRoot;
  readonly source: string;
  readonly type: string;
  readonly isReadOnly: boolean;
  /** What /proc/mounts shows beside ro and rw: `relatime,size=65536k`. */
  readonly options: string;
}

/**
 * A mount namespace: which file systems are where. `shared` is a table that many namespaces have in common (proc, sys and dev of every container); what
 * a namespace mounts itself goes over it.
 */
export class MountNamespace {
  #mounts: Mount[];
  /** The last names of all mounts; null until it is asked for, and after a change. */
  #names: Set<string> | null = null;

  constructor(
    root: Mount,
    mounts: readonly Mount[] = [],
    private readonly shared: readonly Mount[] = NO_MOUNTS,
  ) {
    this.#mounts = mounts.length === 0 ? [root] : [root].concat(mounts);
  }

  get root(): Mount {
    return this.#mounts[0] ?? missingRoot();
  }

  /** Whether anything is mounted under a name like this one: nearly every step of a path can be done without a look at the table. */
  hasName(name: string): boolean {
    this.#names ??= new Set([...this.#mounts, ...this.shared].map(({ path }) => lastName(path)));
    return this.#names.has(name);
  }

  /** The topmost mount at exactly this path, or null. */
  at(path: string): Mount | null {
    for (let i = this.#mounts.length - 1; i >= 0; i -= 1) {
      const mount = this.#mounts[i];
      if (mount?.path === path) return mount;
    }
    for (const mount of this.shared) if (mount.path === path) return mount;
    return null;
  }

  /** All, in the order that /proc/mounts lists them. */
  list(): readonly Mount[] {
    const [root, ...rest] = this.#mounts;
    const own = new Set(rest.map((mount) => mount.path));
    const shared = this.shared.filter((mount) => !own.has(mount.path));
    return [...(root === undefined ? [] : [root]), ...shared, ...rest];
  }

  /** Those below a path, not at it. */
  below(path: string): readonly Mount[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    return this.list().filter((mount) => mount.path !== path && mount.path.startsWith(prefix));
  }

  add(mount: Mount): void {
    this.#mounts.push(mount);
    this.#names = null;
  }

  /** Takes away the topmost mount at this path; false when none of this namespace's own is there. */
  remove(path: string): boolean {
    for (let i = this.#mounts.length - 1; i > 0; i -= 1) {
      if (this.#mounts[i]?.path !== path) continue;
      this.#mounts.splice(i, 1);
      this.#names = null;
      return true;
    }
    return false;
  }

  /** Whether something is mounted at the path or below it, so that it may not be renamed or removed. */
  isBusy(path: string): boolean {
    return this.at(path) !== null || this.below(path).length > 0;
  }
}

/** Whose the upper layer of an overlay is. */
export interface UpperLayerOwner {
  /** Gives its root, a copy of the lower one; called once, at the first write. */
  makeUpper(lower: Inode): Inode;
}

/** An overlay's root: the image's own until something is written. */
export class OverlayRoot implements MountRoot {
  #own: Inode | null = null;

  constructor(
    private readonly lower: Inode,
    private readonly owner: UpperLayerOwner,
  ) {}

  get isTouched(): boolean {
    return this.#own !== null;
  }

  current(): Inode {
    return this.#own ?? this.lower;
  }

  own(): Inode {
    return (this.#own ??= this.owner.makeUpper(this.lower));
  }
}

const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const NO_MOUNTS: readonly Mount[] = [];

const missingRoot = (): never => {
  throw new Error("a mount namespace has lost its root");
};
