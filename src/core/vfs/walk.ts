import { EXECUTE, isPermitted, type Credentials } from "./credentials.js";
import { Directory } from "./directory.js";
import { SysError, type Errno } from "./errno.js";
import type { Inode } from "./inode.js";
import { NAME_BYTES, PATH_BYTES, SYMLINKS_PER_PATH } from "./limits.js";
import type { Mount, MountNamespace } from "./mounts.js";
import { SymbolicLink } from "./special-files.js";

/** Who looks at files, from where. A process is one. */
export interface View {
  readonly mounts: MountNamespace;
  /** Absolute, with links resolved. */
  readonly cwd: string;
  readonly credentials: Credentials;
  readonly nowMs: number;
}

/** Where a path led: its last name, in a directory that is there, whether or not the name itself is. */
export interface Place {
  readonly mounts: MountNamespace;
  /** The mount that the file is in. */
  readonly mount: Mount;
  /** The directory that has the name; itself for "/". */
  readonly directory: Directory;
  /** Absolute, with links resolved; where the name is or would be. */
  readonly path: string;
  /** "" for "/". */
  readonly name: string;
  readonly inode: Inode | null;
}

/** As `find`, but throws what went wrong, also when the file itself is missing. */
export const locate = (view: View, path: string, follow = true): Place & { inode: Inode } => {
  const place = locateName(view, path, follow);
  if (place.inode === null) throw new SysError("ENOENT");
  return place as Place & { inode: Inode };
};

/** As `find`, but throws what went wrong on the way; the last name may be missing. */
export const locateName = (view: View, path: string, follow = true): Place => {
  const place = find(view, path, follow);
  if (typeof place === "string") throw new SysError(place);
  return place;
};

/** The file at a path, or why not. @param follow whether a symbolic link at the end is followed. */
export const findInode = (view: View, path: string, follow = true): Inode | Errno => {
  const place = find(view, path, follow);
  if (typeof place === "string") return place;
  return place.inode ?? "ENOENT";
};

/** Resolves a path (path_resolution(7)) without throwing: looking in vain is common, so it must be cheap. */
export const find = (view: View, path: string, follow = true): Place | Errno => {
  if (path === "") return "ENOENT";
  if (path.length > PATH_BYTES) return "ENAMETOOLONG";
  return new Walk(view, path, follow).run();
};

/** One step of the way: a directory that was entered. */
interface Entered {
  readonly inode: Directory;
  readonly mount: Mount;
  readonly path: string;
  /** From where; null at the root. */
  readonly above: Entered | null;
}

class Walk {
  #mounts: MountNamespace;
  #at: Entered;
  #names: string[];
  /** Where in the names only slashes follow. A `.` behind the last name makes it a directory like any other on the way. */
  #end: number;
  #next = 0;
  #links = 0;
  readonly #mustBeDirectory: boolean;

  constructor(
    private readonly view: View,
    path: string,
    private readonly follow: boolean,
  ) {
    this.#mounts = view.mounts;
    this.#mustBeDirectory = path.endsWith("/");
    const full = path.startsWith("/") || view.cwd === "/" ? path : `${view.cwd}/${path}`;
    this.#names = full.split("/");
    this.#end = endOf(this.#names);
    this.#at = this.#root();
  }

  run(): Place | Errno {
    for (;;) {
      const name = this.#names[this.#next++];
      if (name === undefined) return this.#atDirectory();
      if (name === "" || name === ".") {
        const failure = this.#searchable();
        if (failure !== null) return failure;
        continue;
      }
      if (name === "..") {
        const failure = this.#searchable();
        if (failure !== null) return failure;
        this.#at = this.#at.above ?? this.#at;
        continue;
      }
      const outcome = this.#step(name);
      if (outcome !== null) return outcome;
    }
  }

  /** Enters `name`; gives an outcome when the walk is over. */
  #step(name: string): Place | Errno | null {
    if (name.length > NAME_BYTES) return "ENAMETOOLONG";
    const failure = this.#searchable();
    if (failure !== null) return failure;
    const at = this.#at;
    const path = at.path === "/" ? `/${name}` : `${at.path}/${name}`;
    const mounted = this.#mounts.hasName(name) ? this.#mounts.at(path) : null;
    const isLast = this.#next >= this.#end;
    const inode = mounted === null ? at.inode.lookup(name, this.view) : mounted.root.current();
    const mount = mounted ?? at.mount;
    if (inode instanceof SymbolicLink && this.#isFollowed(isLast))
      return this.#followLink(inode, at, isLast);
    const wrong = this.#whyNotEntered(inode, isLast);
    if (wrong !== null) return wrong;
    if (inode instanceof Directory) this.#at = { inode, mount, path, above: at };
    return isLast ? { mounts: this.#mounts, mount, directory: at.inode, path, name, inode } : null;
  }

  #whyNotEntered(inode: Inode | null, isLast: boolean): Errno | null {
    if (inode === null) return isLast ? null : "ENOENT";
    return inode instanceof Directory || (isLast && !this.#mustBeDirectory) ? null : "ENOTDIR";
  }

  #isFollowed(isLast: boolean): boolean {
    return !isLast || this.follow || this.#mustBeDirectory;
  }

  #followLink(link: SymbolicLink, at: Entered, isLast: boolean): Place | Errno | null {
    this.#links += 1;
    if (this.#links > SYMLINKS_PER_PATH) return "ELOOP";
    const target = link.follow(this.view);
    if (typeof target === "string") {
      const rest = this.#names.slice(this.#next);
      this.#names = [...target.split("/"), ...rest];
      this.#end = endOf(this.#names);
      this.#next = 0;
      if (target.startsWith("/")) this.#at = this.#root();
      return target === "" ? "ENOENT" : null;
    }
    return this.#jump(target.inode, target.tree, at, isLast);
  }

  /** Goes where a magic link of proc leads. */
  #jump(
    inode: Inode,
    tree: { readonly mounts: unknown; readonly path: string } | null,
    at: Entered,
    isLast: boolean,
  ): Place | Errno | null {
    const path = tree?.path ?? "/";
    if (tree !== null) this.#mounts = tree.mounts as MountNamespace;
    const mount = tree === null ? at.mount : mountAbove(this.#mounts, path);
    if (inode instanceof Directory) {
      this.#at = { inode, mount, path, above: null };
      const directory = inode;
      return isLast ? { mounts: this.#mounts, mount, directory, path, name: "", inode } : null;
    }
    if (!isLast) return "ENOTDIR";
    const name = path.slice(path.lastIndexOf("/") + 1);
    return { mounts: this.#mounts, mount, directory: at.inode, path, name, inode };
  }

  /** The path ended in "/", "." or "..". */
  #atDirectory(): Place {
    const { inode, mount, path, above } = this.#at;
    const name = path === "/" ? "" : path.slice(path.lastIndexOf("/") + 1);
    return { mounts: this.#mounts, mount, directory: above?.inode ?? inode, path, name, inode };
  }

  #root(): Entered {
    const mount = this.#mounts.root;
    const inode = mount.root.current();
    if (!(inode instanceof Directory)) throw new Error("the root of a mount tree is no directory");
    return { inode, mount, path: "/", above: null };
  }

  #searchable(): Errno | null {
    return isPermitted(this.#at.inode, EXECUTE, this.view.credentials) ? null : "EACCES";
  }
}

/** Behind the last of the names that is not empty. */
const endOf = (names: readonly string[]): number => {
  let end = names.length;
  while (end > 0 && names[end - 1] === "") end -= 1;
  return end;
};

/** The mount that a path is in. */
const mountAbove = (mounts: MountNamespace, path: string): Mount => {
  for (let at = path; at !== "" && at !== "/"; at = at.slice(0, at.lastIndexOf("/"))) {
    const mount = mounts.at(at);
    if (mount !== null) return mount;
  }
  return mounts.root;
};

/** The private directory behind a place's, copied up with all above it where the shared layer still owns them. */
export const ownDirectory = (place: Place): Directory => {
  if (!place.directory.isFrozen) return place.directory;
  const parent = place.path.slice(0, place.path.lastIndexOf("/")) || "/";
  const own = ownAt(mountAbove(place.mounts, parent), parent);
  if (!(own instanceof Directory)) throw new Error(`${parent} is no directory`);
  return own;
};

/** The private inode at a place, copied up where the shared layer still owns it. */
export const ownInode = (place: Place & { readonly inode: Inode }): Inode =>
  place.inode.isFrozen ? ownAt(place.mount, place.path) : place.inode;

const ownAt = (mount: Mount, path: string): Inode => {
  let inode = mount.root.own();
  const relative = mount.path === "/" ? path.slice(1) : path.slice(mount.path.length + 1);
  if (relative === "") return inode;
  for (const name of relative.split("/")) {
    const next = inode instanceof Directory ? inode.ownEntry(name) : null;
    if (next === null) throw new SysError("ENOENT");
    inode = next;
  }
  return inode;
};
