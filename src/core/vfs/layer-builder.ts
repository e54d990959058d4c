import { Directory } from "./directory.js";
import { FileData } from "./file-data.js";
import { FileSystem } from "./file-system.js";
import type { Inode } from "./inode.js";
import { UNLIMITED } from "./quota.js";
import { RegularFile } from "./regular-file.js";
import { SpecialFile, SymbolicLink } from "./special-files.js";

export interface LayerEntryOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Pads the file with zeros to this size: what it would have on a real disk. */
  readonly sizeBytes?: number;
}

/** Builds the tree of an image, or of a few layers over another: frozen from the start, shared by every container. */
export class LayerBuilder {
  readonly #fileSystem: FileSystem;
  readonly root: Directory;
  #sizeBytes = 0;

  /**
   * @param base what this one lies on
   * @param timeMs the modification time of everything in it
   */
  constructor(
    private readonly timeMs: number,
    base: Directory | null = null,
    firstInode = 100,
  ) {
    this.#fileSystem = new FileSystem({
      type: "overlay",
      source: "overlay",
      device: 0,
      isFrozen: true,
      firstInode,
    });
    this.root =
      base === null
        ? new Directory(this.#fileSystem, this.#fileSystem.takeInode(), 0o755, 0, 0, timeMs)
        : base.copyUp(this.#fileSystem);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  directory(path: string, options: LayerEntryOptions = {}): this {
    const directory = this.#directoryAt(path.split("/").filter(Boolean));
    directory.mode = options.mode ?? directory.mode;
    directory.uid = options.uid ?? directory.uid;
    directory.gid = options.gid ?? directory.gid;
    return this;
  }

  file(path: string, content: string | Uint8Array, options: LayerEntryOptions = {}): this {
    const data = new FileData(UNLIMITED);
    data.write(0, typeof content === "string" ? encode(content) : content);
    if (options.sizeBytes !== undefined && options.sizeBytes > data.sizeBytes) {
      data.extents.add(0, options.sizeBytes);
      data.truncate(options.sizeBytes);
    }
    this.#sizeBytes += data.sizeBytes;
    const { mode = 0o644, uid = 0, gid = 0 } = options;
    this.#put(path, (fileSystem, number) => {
      return new RegularFile(fileSystem, number, mode, uid, gid, this.timeMs, data);
    });
    return this;
  }

  /** Adds to the end of a text file that the layers below have. */
  append(path: string, text: string): this {
    const [parent, name] = this.#parentOf(path);
    const before = parent.lookup(name);
    if (!(before instanceof RegularFile)) throw new Error(`no ${path} to append to`);
    const old = new TextDecoder().decode(before.data.read(0, before.sizeBytes));
    const { mode, uid, gid } = before;
    return this.file(path, old + text, { mode, uid, gid });
  }

  symlink(target: string, path: string): this {
    this.#put(path, (fileSystem, number) => {
      return new SymbolicLink(fileSystem, number, 0, 0, this.timeMs, target);
    });
    return this;
  }

  /** A further name for a file that is there. */
  link(existing: string, path: string): this {
    const [parent, name] = this.#parentOf(existing);
    const inode = parent.ownEntry(name);
    if (inode === null) throw new Error(`no ${existing} to link ${path} to`);
    inode.links += 1;
    const [linkParent, linkName] = this.#parentOf(path);
    linkParent.put(linkName, inode);
    return this;
  }

  device(
    path: string,
    type: "character" | "block",
    major: number,
    minor: number,
    mode = 0o666,
  ): this {
    this.#put(path, (fileSystem, number) => {
      return new SpecialFile(
        fileSystem,
        number,
        mode,
        0,
        0,
        this.timeMs,
        type,
        major * 256 + minor,
      );
    });
    return this;
  }

  #put(path: string, make: (fileSystem: FileSystem, number: number) => Inode): void {
    const [parent, name] = this.#parentOf(path);
    parent.put(name, make(this.#fileSystem, this.#fileSystem.takeInode()));
  }

  #parentOf(path: string): [Directory, string] {
    const names = path.split("/").filter(Boolean);
    const name = names.pop();
    if (name === undefined) throw new Error("the root of an image is no entry of it");
    return [this.#directoryAt(names), name];
  }

  #directoryAt(names: readonly string[]): Directory {
    let directory = this.root;
    for (const name of names) {
      let next = directory.ownEntry(name);
      if (next === null) {
        const number = this.#fileSystem.takeInode();
        next = new Directory(this.#fileSystem, number, 0o755, 0, 0, this.timeMs);
        directory.put(name, next);
        directory.links += 1;
      }
      if (!(next instanceof Directory)) throw new Error(`${names.join("/")}: not a directory`);
      directory = next;
    }
    return directory;
  }
}

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);
