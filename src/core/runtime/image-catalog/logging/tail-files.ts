import { SysError, type Blocking, type Sys } from "../../../shell/index.js";

/** What has been read of a file so far. */
interface Followed {
  offset: number;
  inode: number;
  rest: string;
}

const READ_BYTES = 65_536;

/** Reads what is new in files whose paths may hold `*`, line by line, as log collectors do. */
export class FileTailer {
  readonly #followed = new Map<string, Followed>();
  readonly #decoder = new TextDecoder();

  constructor(
    private readonly sys: Sys,
    private readonly patterns: readonly string[],
    private readonly fromHead: boolean,
  ) {}

  /** New lines since the last call. */
  *poll(): Blocking<readonly { readonly path: string; readonly line: string }[]> {
    const lines: { path: string; line: string }[] = [];
    for (const path of this.patterns.flatMap((pattern) => expand(this.sys, pattern)))
      for (const line of yield* this.#readNew(path)) lines.push({ path, line });
    return lines;
  }

  *#readNew(path: string): Blocking<readonly string[]> {
    let fd: number;
    try {
      fd = this.sys.open(path, { read: true });
    } catch (error) {
      if (error instanceof SysError) return [];
      throw error;
    }
    try {
      const { inode, sizeBytes } = this.sys.fstat(fd);
      let followed = this.#followed.get(path);
      if (followed === undefined) {
        followed = { offset: this.fromHead ? 0 : sizeBytes, inode, rest: "" };
        this.#followed.set(path, followed);
      } else if (followed.inode !== inode || sizeBytes < followed.offset) {
        // Rotated or cut: it begins anew.
        followed.inode = inode;
        followed.offset = 0;
        followed.rest = "";
      }
      if (sizeBytes <= followed.offset) return [];
      this.sys.seek(fd, followed.offset, "set");
      const bytes = yield* this.sys.read(fd, READ_BYTES);
      followed.offset += bytes.length;
      const parts = (followed.rest + this.#decoder.decode(bytes)).split("\n");
      followed.rest = parts.pop() ?? "";
      return parts;
    } finally {
      this.sys.close(fd);
    }
  }
}

const expand = (sys: Sys, pattern: string): readonly string[] => {
  const slash = pattern.lastIndexOf("/");
  const [head, tail] = pattern.slice(slash + 1).split("*");
  if (tail === undefined) return [pattern];
  const directory = pattern.slice(0, slash) || "/";
  if (!sys.access(directory, { read: true })) return [];
  return sys
    .readDirectory(directory)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(head ?? "") && name.endsWith(tail))
    .sort()
    .map((name) => `${directory}/${name}`);
};
