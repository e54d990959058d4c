import { ROOT_CREDENTIALS } from "./credentials.js";
import { Directory } from "./directory.js";
import { SysError } from "./errno.js";
import type { FileType } from "./file-stat.js";
import { FileSystem } from "./file-system.js";
import type { Inode } from "./inode.js";
import { HELD_BYTES_PER_FILE_SYSTEM, HELD_BYTES_PER_NODE, INODES_PER_NODE } from "./limits.js";
import { MountNamespace, type Mount } from "./mounts.js";
import type { FileContent, FileOwnership, NodeFiles } from "./node-files.js";
import { changeMode, changeOwner } from "./operations/attributes.js";
import { makeDirectory, makeSpecial, makeSymlink } from "./operations/make.js";
import { openFile } from "./operations/open.js";
import { forgetInode, removeDirectory, unlink } from "./operations/remove.js";
import { rename } from "./operations/rename.js";
import { Quota } from "./quota.js";
import { RegularFile } from "./regular-file.js";
import { SymbolicLink } from "./special-files.js";
import { find, type View } from "./walk.js";

export interface NodeDisk {
  readonly diskBytes: number;
  readonly diskInodes: number;
  readonly memoryBytes: number;
}

/** What a special file is; `device` is the major number times 256 plus the minor one. */
export interface SpecialFileOptions {
  readonly type: "socket" | "character" | "block";
  readonly mode: number;
  readonly device?: number;
}

/** The file systems of one node: its disk, what is mounted on it, and the quotas that containers' layers count against. */
export class NodeFileSystem implements NodeFiles {
  readonly mounts: MountNamespace;
  /** What is written to the node's disk, by whatever container. */
  readonly disk: Quota;
  readonly #memory: Quota;
  readonly #view: View;
  #nextDevice = 0x801;

  constructor(
    nowMs: () => number,
    private readonly machine: NodeDisk,
  ) {
    const held = new Quota(Infinity, INODES_PER_NODE, HELD_BYTES_PER_NODE);
    this.disk = new Quota(machine.diskBytes, machine.diskInodes, HELD_BYTES_PER_NODE, held);
    this.#memory = new Quota(machine.memoryBytes, INODES_PER_NODE, HELD_BYTES_PER_NODE, held);
    const root = this.#makeRoot("ext4", "/dev/sda1", this.disk, nowMs());
    this.mounts = new MountNamespace({
      path: "/",
      root,
      source: "/dev/sda1",
      type: "ext4",
      isReadOnly: false,
      options: "relatime",
    });
    this.#view = {
      mounts: this.mounts,
      cwd: "/",
      credentials: ROOT_CREDENTIALS,
      get nowMs() {
        return nowMs();
      },
    };
  }

  /** A number for st_dev that no other file system of the node has. */
  takeDevice(): number {
    return this.#nextDevice++;
  }

  /** A file system on the node's disk: the writable layer of a container. */
  makeDiskFileSystem(type: string, source: string, firstInode: number): FileSystem {
    const quota = new Quota(Infinity, Infinity, HELD_BYTES_PER_FILE_SYSTEM, this.disk);
    return new FileSystem({ type, source, device: this.takeDevice(), quota, firstInode });
  }

  /** The root of an empty file system in memory. */
  makeMemoryRoot(sizeBytes: number | null, mode = 0o1777): Directory {
    const quota = new Quota(
      sizeBytes ?? Math.floor(this.machine.memoryBytes / 2),
      INODES_PER_NODE,
      HELD_BYTES_PER_FILE_SYSTEM,
      this.#memory,
    );
    const root = this.#makeRoot("tmpfs", "tmpfs", quota, this.#view.nowMs);
    root.mode = mode;
    return root;
  }

  makeDirectory(path: string, options: FileOwnership = {}): void {
    this.#asNode(`mkdir ${path}`, () => {
      const directory = this.#makeDirectories(path);
      // Most are new and the node's: there is nothing to look up again.
      if (options.uid !== undefined || options.gid !== undefined)
        this.changeOwner(path, options.uid ?? null, options.gid ?? null);
      if (options.mode !== undefined && options.mode !== directory.mode)
        this.changeMode(path, options.mode);
    });
  }

  /** What the node itself does may go into the disk's reserve; what fails even so says what it was. */
  #asNode(operation: string, action: () => void): void {
    try {
      this.disk.withReserve(action);
    } catch (error) {
      if (!(error instanceof SysError) || error.detail !== "") throw error;
      throw new SysError(error.errno, operation);
    }
  }

  /** Looks from the end: mostly all but the last are there. */
  #makeDirectories(path: string): Directory {
    const inode = path === "" ? this.mounts.root.root.current() : this.#find(path);
    if (inode instanceof Directory) return inode;
    if (inode !== null) throw new SysError("ENOTDIR", `mkdir ${path}`);
    this.#makeDirectories(path.slice(0, path.lastIndexOf("/")));
    return makeDirectory(this.#view, path, 0o755);
  }

  writeFile(path: string, content: FileContent, options: FileOwnership = {}): void {
    this.#asNode(`open ${path}`, () => {
      this.#writeFile(path, content, options);
    });
  }

  #writeFile(path: string, content: FileContent, options: FileOwnership): void {
    const flags = { write: true, create: true, truncate: true };
    const { inode } = this.#inDirectory(path, () => openFile(this.#view, path, flags, 0o644));
    if (!(inode instanceof RegularFile))
      throw new SysError(inode instanceof Directory ? "EISDIR" : "EINVAL", `open ${path}`);
    if (typeof content === "string") inode.write(0, utf8(content), this.#view.nowMs);
    else if ("read" in content) inode.data.writeLater(() => utf8(content.read()));
    else inode.write(0, content, this.#view.nowMs);
    inode.uid = options.uid ?? inode.uid;
    inode.gid = options.gid ?? inode.gid;
    inode.mode = options.mode ?? inode.mode;
  }

  /** Makes something at a path. Mostly its directory is there, so it is made only after it turned out not to be. */
  #inDirectory<T>(path: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof SysError) || error.errno !== "ENOENT") throw error;
    }
    this.makeDirectory(path.slice(0, path.lastIndexOf("/")));
    return make();
  }

  readFile(path: string): Uint8Array | null {
    const inode = this.#find(path);
    if (!(inode instanceof RegularFile)) return null;
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < inode.sizeBytes) {
      const part = inode.data.read(length, inode.sizeBytes);
      parts.push(part);
      length += part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only.slice() : concatenate(parts, length);
  }

  readText(path: string): string | null {
    const bytes = this.readFile(path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  /** A socket or device that the machine has. */
  makeSpecial(path: string, { type, mode, device }: SpecialFileOptions): void {
    this.#inDirectory(path, () => makeSpecial(this.#view, path, mode, type, device ?? 0));
  }

  symlink(target: string, path: string): void {
    this.#asNode(`symlink ${target} ${path}`, () => {
      this.#inDirectory(path, () => {
        makeSymlink(this.#view, target, path);
      });
    });
  }

  readLink(path: string): string | null {
    const inode = this.#find(path, false);
    return inode instanceof SymbolicLink ? inode.target : null;
  }

  rename(from: string, to: string): void {
    rename(this.#view, from, to);
  }

  remove(path: string): void {
    for (const mount of [...this.mounts.below(path)].reverse()) this.unmount(mount.path);
    this.unmount(path);
    const inode = this.#find(path, false);
    if (inode === null) return;
    if (!(inode instanceof Directory)) {
      unlink(this.#view, path);
      return;
    }
    emptyTree(inode, this.#view.nowMs);
    const parent = this.#find(path.slice(0, path.lastIndexOf("/")));
    if (!(parent instanceof Directory) || parent.fileSystem === inode.fileSystem) {
      removeDirectory(this.#view, path);
      return;
    }
    parent.drop(path.slice(path.lastIndexOf("/") + 1));
    parent.links -= 1;
    inode.fileSystem.quota.release();
  }

  exists(path: string): boolean {
    return this.#find(path) !== null;
  }

  typeOf(path: string): Exclude<FileType, "symlink" | "fifo"> | "other" | null {
    const type = this.#find(path)?.type ?? null;
    return type === "symlink" || type === "fifo" ? "other" : type;
  }

  realPath(path: string): string | null {
    const place = find(this.#view, path);
    return typeof place === "string" || place.inode === null ? null : place.path;
  }

  modeOf(path: string): number | null {
    return this.#find(path)?.mode ?? null;
  }

  list(path: string): readonly string[] {
    const inode = this.#find(path);
    return inode instanceof Directory
      ? inode
          .list()
          .map(([name]) => name)
          .sort()
      : [];
  }

  changeOwner(path: string, uid: number | null, gid: number | null): void {
    changeOwner(this.#view, path, uid, gid);
  }

  changeMode(path: string, mode: number): void {
    changeMode(this.#view, path, mode);
  }

  setGroupOwnership(path: string, gid: number, readOnly: boolean): void {
    const inode = this.#find(path, false);
    if (inode === null) return;
    // pkg/volume/volume_linux.go, 1.34: changeFilePermission, rwMask, roMask and execMask.
    for (const each of treeOf(inode)) {
      each.gid = gid;
      if (each instanceof SymbolicLink) continue;
      each.mode |= readOnly ? 0o440 : 0o660;
      if (each instanceof Directory) each.mode |= 0o2110;
    }
  }

  mountMemory(path: string, sizeBytes: number | null): void {
    this.makeDirectory(path);
    const size = sizeBytes ?? Math.floor(this.machine.memoryBytes / 2);
    this.mounts.add({
      path,
      root: this.makeMemoryRoot(sizeBytes),
      source: "tmpfs",
      type: "tmpfs",
      isReadOnly: false,
      options: `relatime,size=${String(Math.floor(size / 1024))}k`,
    });
  }

  makeMemoryDirectory(path: string, sizeBytes: number): void {
    this.#putRoot(path, () => this.makeMemoryRoot(sizeBytes));
  }

  makeDiskDirectory(path: string, sizeBytes: number, mode: number): void {
    this.#putRoot(path, () => {
      const quota = new Quota(
        sizeBytes,
        this.machine.diskInodes,
        HELD_BYTES_PER_FILE_SYSTEM,
        this.disk,
      );
      const root = this.#makeRoot("ext4", "/dev/sda1", quota, this.#view.nowMs);
      root.mode = mode;
      return root;
    });
  }

  /** A directory that is the root of another file system. */
  #putRoot(path: string, make: () => Directory): void {
    if (this.#find(path) instanceof Directory) return;
    const slash = path.lastIndexOf("/");
    this.#asNode(`mkdir ${path}`, () => {
      const parent = this.#makeDirectories(path.slice(0, slash));
      parent.put(path.slice(slash + 1), make());
      parent.links += 1;
    });
  }

  isMountPoint(path: string): boolean {
    return this.mounts.at(path) !== null;
  }

  unmount(path: string): void {
    const mount = path === "/" ? null : this.mounts.at(path);
    if (mount === null || !this.mounts.remove(path)) return;
    mount.root.current().fileSystem.quota.release();
  }

  usage(path: string): { readonly bytes: number; readonly inodes: number } {
    const inode = this.#find(path, false);
    return inode === null ? { bytes: 0, inodes: 0 } : treeUsage(inode);
  }

  /** What a container mounts for a host path: the file or directory there, and what is mounted below it (rbind). */
  bindSources(path: string): { readonly inode: Inode; readonly below: readonly Mount[] } | null {
    const place = find(this.#view, path);
    if (typeof place === "string" || place.inode === null) return null;
    return { inode: place.inode, below: this.mounts.below(place.path) };
  }

  #find(path: string, follow = true): Inode | null {
    const place = find(this.#view, path, follow);
    return typeof place === "string" ? null : place.inode;
  }

  #makeRoot(type: string, source: string, quota: Quota, nowMs: number): Directory {
    const fileSystem = new FileSystem({ type, source, device: this.takeDevice(), quota });
    return new Directory(fileSystem, fileSystem.takeInode(), 0o755, 0, 0, nowMs);
  }
}

/** Every inode of a tree, once, each directory before what is in it. A container may have made it deeper than any path or stack. */
const treeOf = (root: Inode): Set<Inode> => {
  const seen = new Set([root]);
  for (const inode of seen)
    if (inode instanceof Directory) for (const [, child] of inode.list()) seen.add(child);
  return seen;
};

const treeUsage = (root: Inode): { bytes: number; inodes: number } => {
  const tree = treeOf(root);
  let bytes = 0;
  for (const inode of tree) bytes += inode.allocatedBytes;
  return { bytes, inodes: tree.size };
};

/** Takes all names out of the directories of a tree, the deepest first. */
const emptyTree = (root: Directory, nowMs: number): void => {
  for (const directory of [...treeOf(root)].reverse()) {
    if (!(directory instanceof Directory)) continue;
    for (const [name, child] of directory.list()) {
      directory.drop(name);
      if (child instanceof Directory) directory.links -= 1;
      // A memory directory is gone with its file system.
      if (child.fileSystem === directory.fileSystem) forgetInode(child, nowMs);
      else child.fileSystem.quota.release();
    }
  }
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const concatenate = (parts: readonly Uint8Array[], length: number): Uint8Array => {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
