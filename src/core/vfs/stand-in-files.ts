import type { FileOwnership, NodeFiles } from "./node-files.js";

type Entry =
  { type: "file"; bytes: Uint8Array } | { type: "directory" } | { type: "link"; target: string };

/** A first NodeFiles on a flat table of paths, until the real file system is in. */
export class StandInFiles implements NodeFiles {
  readonly #entries = new Map<string, Entry>([["/", { type: "directory" }]]);
  readonly #mounts = new Set<string>();

  makeDirectory(path: string, _options?: FileOwnership): void {
    const parts = path.split("/").filter(Boolean);
    for (let i = 1; i <= parts.length; i += 1) {
      const at = "/" + parts.slice(0, i).join("/");
      if (!this.#entries.has(at)) this.#entries.set(at, { type: "directory" });
    }
  }

  writeFile(path: string, content: string | Uint8Array, _options?: FileOwnership): void {
    this.makeDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
    this.#entries.set(this.#follow(path), {
      type: "file",
      bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
    });
  }

  readFile(path: string): Uint8Array | null {
    const entry = this.#entries.get(this.#follow(path));
    return entry?.type === "file" ? entry.bytes : null;
  }

  readText(path: string): string | null {
    const bytes = this.readFile(path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  symlink(target: string, path: string): void {
    this.#entries.set(path, { type: "link", target });
  }

  readLink(path: string): string | null {
    const entry = this.#entries.get(path);
    return entry?.type === "link" ? entry.target : null;
  }

  rename(from: string, to: string): void {
    this.remove(to);
    for (const [path, entry] of [...this.#entries]) {
      if (path !== from && !path.startsWith(from + "/")) continue;
      this.#entries.delete(path);
      this.#entries.set(to + path.slice(from.length), entry);
    }
  }

  remove(path: string): void {
    for (const key of [...this.#entries.keys()])
      if (key === path || key.startsWith(path + "/")) this.#entries.delete(key);
  }

  exists(path: string): boolean {
    return this.#entries.has(this.#follow(path));
  }

  typeOf(path: string): "file" | "directory" | null {
    const entry = this.#entries.get(this.#follow(path));
    return entry === undefined || entry.type === "link" ? null : entry.type;
  }

  list(path: string): readonly string[] {
    const prefix = (path === "/" ? "" : this.#follow(path)) + "/";
    const names = [...this.#entries.keys()].filter(
      (key) => key.startsWith(prefix) && key !== "/" && !key.slice(prefix.length).includes("/"),
    );
    return names.map((key) => key.slice(prefix.length)).sort();
  }

  changeOwner(): void {
    // Owners come with the real file system.
  }

  changeMode(): void {
    // Modes come with the real file system.
  }

  setGroupOwnership(): void {
    // Owners come with the real file system.
  }

  mountMemory(path: string): void {
    this.makeDirectory(path);
    this.#mounts.add(path);
  }

  isMountPoint(path: string): boolean {
    return this.#mounts.has(path);
  }

  unmount(path: string): void {
    this.#mounts.delete(path);
    this.remove(path);
    this.makeDirectory(path);
  }

  usage(path: string): { readonly bytes: number; readonly inodes: number } {
    let bytes = 0;
    let inodes = 0;
    for (const [key, entry] of this.#entries) {
      if (key !== path && !key.startsWith(path + "/")) continue;
      inodes += 1;
      if (entry.type === "file") bytes += Math.ceil(entry.bytes.length / 4096) * 4096;
    }
    return { bytes, inodes };
  }

  #follow(path: string): string {
    const parts = path.split("/").filter(Boolean);
    let at = "";
    for (const part of parts) {
      at += "/" + part;
      const entry = this.#entries.get(at);
      if (entry?.type !== "link") continue;
      at = entry.target.startsWith("/")
        ? entry.target
        : at.slice(0, at.lastIndexOf("/")) + "/" + entry.target;
    }
    return at === "" ? "/" : at;
  }
}
