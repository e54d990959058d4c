import { describe, expect, it } from "vitest";
import {
  changeMode,
  changeOwner,
  changeTimes,
  fileSystemStat,
  isAccessible,
  LayerBuilder,
  linkStat,
  makeDirectory,
  makeLink,
  makeSymlink,
  MountNamespace,
  NodeFileSystem,
  openFile,
  OverlayRoot,
  readDirectory,
  readLink,
  realPath,
  RegularFile,
  removeDirectory,
  rename,
  ROOT_CREDENTIALS,
  stat,
  SysError,
  truncate,
  unlink,
  type Credentials,
  type View,
} from "./index.js";

const encoder = new TextEncoder();

/** Every operation behaves the same on a file system of its own and over the layers of an image. */
const KINDS = ["tmpfs", "overlay"] as const;

const setUp = (kind: (typeof KINDS)[number]) => {
  const node = new NodeFileSystem(() => 1000, {
    diskBytes: 10 * 2 ** 20,
    diskInodes: 1000,
    memoryBytes: 64 * 2 ** 20,
  });
  const builder = new LayerBuilder(500)
    .directory("/tmp", { mode: 0o1777 })
    .directory("/home/user", { uid: 1000, gid: 1000 })
    .file("/etc/motd", "hello\n")
    .file("/etc/secret", "x", { mode: 0o600 })
    .symlink("etc/motd", "/motd")
    .symlink("loop-b", "/loop-a")
    .symlink("loop-a", "/loop-b")
    .symlink("nowhere/at/all", "/dangling");
  const layers = new LayerBuilder(500, builder.root).file("/etc/upper", "second layer");
  const makeUpper = (lower: typeof layers.root) =>
    lower.copyUp(node.makeDiskFileSystem("overlay", "overlay", 10_000));
  const root =
    kind === "overlay"
      ? new OverlayRoot(layers.root, {
          makeUpper: (lower) => makeUpper(lower as typeof layers.root),
        })
      : copyTree(node, layers.root);
  const mounts = new MountNamespace({
    path: "/",
    root,
    source: kind,
    type: kind,
    isReadOnly: false,
    options: "",
  });
  const as = (credentials: Partial<Credentials>, cwd = "/"): View => ({
    mounts,
    cwd,
    credentials: { ...ROOT_CREDENTIALS, ...credentials },
    nowMs: 1000,
  });
  const user = as({ uid: 1000, gid: 1000, groups: [2000], capabilities: 0 });
  return { node, mounts, root: as({}), user, as, layers };
};

/** The same tree without a layer below. */
const copyTree = (node: NodeFileSystem, from: LayerBuilder["root"]): LayerBuilder["root"] => {
  const upper = from.copyUp(node.makeDiskFileSystem("tmpfs", "tmpfs", 10_000));
  const own = (directory: LayerBuilder["root"]): void => {
    for (const [name] of directory.list()) {
      const child = directory.ownEntry(name);
      if (child?.type === "directory") own(child as LayerBuilder["root"]);
    }
  };
  own(upper);
  return upper;
};

const write = (view: View, path: string, text: string, mode = 0o644): void => {
  const { inode } = openFile(view, path, { write: true, create: true, truncate: true }, mode);
  (inode as RegularFile).write(0, encoder.encode(text), view.nowMs);
};

const read = (view: View, path: string): string => {
  const { inode } = openFile(view, path, { read: true }, 0);
  return new TextDecoder().decode((inode as RegularFile).data.read(0, 1000));
};

const errnoOf = (action: () => unknown): string => {
  try {
    action();
    return "no error";
  } catch (error) {
    if (error instanceof SysError) return error.errno;
    throw error;
  }
};

const names = (view: View, path: string): string[] =>
  readDirectory(view, path)
    .map((entry) => entry.name)
    .sort();

describe.each(KINDS)("files on %s", (kind) => {
  it("reads through layers and links, writes beside them", () => {
    const { root } = setUp(kind);
    expect(read(root, "/motd")).toBe("hello\n");
    expect(read(root, "/etc/upper")).toBe("second layer");
    write(root, "/motd", "changed");
    expect(read(root, "/etc/motd")).toBe("changed");
    expect(names(root, "/etc")).toEqual(["motd", "secret", "upper"]);
    expect(stat(root, "/etc/motd")).toMatchObject({ sizeBytes: 7, mtimeMs: 1000, links: 1 });
  });

  it.each<[string, (set: ReturnType<typeof setUp>) => unknown, string]>([
    ["a missing file", ({ root }) => stat(root, "/nope"), "ENOENT"],
    ["a missing directory", ({ root }) => stat(root, "/nope/x"), "ENOENT"],
    ["a file as directory", ({ root }) => stat(root, "/etc/motd/x"), "ENOTDIR"],
    ["a file with a slash behind", ({ root }) => stat(root, "/etc/motd/"), "ENOTDIR"],
    ["a link to itself", ({ root }) => stat(root, "/loop-a"), "ELOOP"],
    ["a dangling link", ({ root }) => stat(root, "/dangling"), "ENOENT"],
    ["an empty path", ({ root }) => stat(root, ""), "ENOENT"],
    ["a long name", ({ root }) => stat(root, `/${"n".repeat(256)}`), "ENAMETOOLONG"],
    ["a long path", ({ root }) => stat(root, "/a".repeat(3000)), "ENAMETOOLONG"],
    [
      "a directory opened to write",
      ({ root }) => openFile(root, "/etc", { write: true }, 0),
      "EISDIR",
    ],
    [
      "making what is there",
      ({ root }) => {
        makeDirectory(root, "/etc", 0o755);
      },
      "EEXIST",
    ],
    [
      "O_EXCL on what is there",
      ({ root }) => openFile(root, "/motd", { write: true, create: true, exclusive: true }, 0),
      "EEXIST",
    ],
    [
      "removing a full directory",
      ({ root }) => {
        removeDirectory(root, "/etc");
      },
      "ENOTEMPTY",
    ],
    [
      "rmdir of a file",
      ({ root }) => {
        removeDirectory(root, "/etc/motd");
      },
      "ENOTDIR",
    ],
    [
      "rmdir of .",
      ({ root }) => {
        removeDirectory(root, "/etc/.");
      },
      "EINVAL",
    ],
    [
      "unlink of a directory",
      ({ root }) => {
        unlink(root, "/etc");
      },
      "EISDIR",
    ],
    [
      "a directory into itself",
      ({ root }) => {
        rename(root, "/etc", "/etc/x");
      },
      "EINVAL",
    ],
    [
      "a file over a directory",
      ({ root }) => {
        rename(root, "/etc/motd", "/tmp");
      },
      "EISDIR",
    ],
    [
      "a directory over a file",
      ({ root }) => {
        rename(root, "/tmp", "/etc/motd");
      },
      "ENOTDIR",
    ],
    [
      "a directory over a full one",
      ({ root }) => {
        rename(root, "/tmp", "/etc");
      },
      "ENOTEMPTY",
    ],
    [
      "a hard link to a directory",
      ({ root }) => {
        makeLink(root, "/etc", "/x");
      },
      "EPERM",
    ],
    ["readlink of a file", ({ root }) => readLink(root, "/etc/motd"), "EINVAL"],
    [
      "reading without permission",
      ({ user }) => openFile(user, "/etc/secret", { read: true }, 0),
      "EACCES",
    ],
    [
      "making without permission",
      ({ user }) => {
        write(user, "/etc/mine", "");
      },
      "EACCES",
    ],
    [
      "chmod of another's file",
      ({ user }) => {
        changeMode(user, "/etc/motd", 0o777);
      },
      "EPERM",
    ],
    [
      "chown to another",
      ({ user }) => {
        write(user, "/home/user/f", "");
        changeOwner(user, "/home/user/f", 0, null);
      },
      "EPERM",
    ],
    [
      "utimes of another's file",
      ({ user }) => {
        changeTimes(user, "/etc/motd", 1, 1);
      },
      "EPERM",
    ],
    [
      "removing another's file in a sticky directory",
      ({ root, user }) => {
        write(root, "/tmp/f", "");
        unlink(user, "/tmp/f");
      },
      "EPERM",
    ],
    [
      "removing the root",
      ({ root }) => {
        removeDirectory(root, "/");
      },
      "EBUSY",
    ],
  ])("refuses %s", (_name, action, errno) => {
    const set = setUp(kind);
    expect(errnoOf(() => action(set))).toBe(errno);
  });

  it("keeps a file that is open until it is closed", () => {
    const { root, node } = setUp(kind);
    const before = node.disk.usedBytes;
    write(root, "/tmp/f", "x".repeat(5000));
    const { inode } = openFile(root, "/tmp/f", { read: true }, 0);
    const file = inode as RegularFile;
    file.opened();
    unlink(root, "/tmp/f");
    expect(file.data.read(0, 10)).toHaveLength(10);
    expect(file.stat().links).toBe(0);
    expect(node.disk.usedBytes).toBeGreaterThanOrEqual(before + 8192);
    file.closed();
    expect(file.data.sizeBytes).toBe(0);
  });

  it("counts links and gives every name the same content", () => {
    const { root } = setUp(kind);
    makeLink(root, "/etc/motd", "/tmp/second");
    write(root, "/tmp/second", "both");
    expect(read(root, "/etc/motd")).toBe("both");
    expect(stat(root, "/tmp/second").links).toBe(2);
    unlink(root, "/etc/motd");
    expect(stat(root, "/tmp/second").links).toBe(1);
    expect(errnoOf(() => stat(root, "/motd"))).toBe("ENOENT");
  });

  it("renames files and trees, replacing what is there", () => {
    const { root } = setUp(kind);
    rename(root, "/etc", "/configuration");
    expect(names(root, "/configuration")).toEqual(["motd", "secret", "upper"]);
    expect(errnoOf(() => stat(root, "/etc"))).toBe("ENOENT");
    rename(root, "/configuration/upper", "/configuration/motd");
    expect(read(root, "/configuration/motd")).toBe("second layer");
    expect(names(root, "/configuration")).toEqual(["motd", "secret"]);
    write(root, "/configuration/secret", "still writable below");
    expect(read(root, "/configuration/secret")).toBe("still writable below");
  });

  it("a removed directory comes back empty", () => {
    const { root } = setUp(kind);
    for (const name of names(root, "/etc")) unlink(root, `/etc/${name}`);
    removeDirectory(root, "/etc");
    expect(names(root, "/")).not.toContain("etc");
    makeDirectory(root, "/etc", 0o755);
    expect(names(root, "/etc")).toEqual([]);
  });

  it("permits by owner, group and others, and root by capability alone", () => {
    const { root, user, as } = setUp(kind);
    write(root, "/tmp/g", "group", 0o640);
    changeOwner(root, "/tmp/g", 0, 2000);
    expect(read(user, "/tmp/g")).toBe("group");
    expect(isAccessible(user, "/tmp/g", { write: true })).toBe(false);
    expect(isAccessible(as({ capabilities: 0, uid: 1, gid: 1 }), "/tmp/g", { read: true })).toBe(
      false,
    );
    expect(isAccessible(root, "/tmp/g", { execute: true })).toBe(false);
    expect(errnoOf(() => stat(as({ capabilities: 0, uid: 5, gid: 5 }), "/home/user"))).toBe(
      "no error",
    );
    changeMode(root, "/home", 0o700);
    expect(errnoOf(() => stat(user, "/home/user"))).toBe("EACCES");
  });

  it("a setgid directory gives its group to what is made in it", () => {
    const { root, user } = setUp(kind);
    makeDirectory(root, "/shared", 0o777);
    changeOwner(root, "/shared", 0, 3000);
    changeMode(root, "/shared", 0o2777);
    makeDirectory(user, "/shared/sub", 0o755);
    write(user, "/shared/sub/file", "x");
    expect(stat(root, "/shared/sub")).toMatchObject({ gid: 3000, mode: 0o2755, uid: 1000 });
    expect(stat(root, "/shared/sub/file")).toMatchObject({ gid: 3000, mode: 0o644 });
  });

  it("resolves .. and . by directory, not by text", () => {
    const { root, as } = setUp(kind);
    makeDirectory(root, "/tmp/a", 0o755);
    makeSymlink(root, "/tmp/a", "/home/user/link");
    expect(realPath(root, "/home/user/link/../x/..//./a".replace("x/..//./", ""))).toBe("/tmp/a");
    expect(realPath(as({}, "/home/user"), "link/..")).toBe("/tmp");
    expect(realPath(root, "/../../etc")).toBe("/etc");
    expect(linkStat(root, "/home/user/link")).toMatchObject({ type: "symlink", sizeBytes: 6 });
  });

  it("makes what a dangling link points to", () => {
    const { root } = setUp(kind);
    makeSymlink(root, "/tmp/target", "/tmp/link");
    write(root, "/tmp/link", "through");
    expect(read(root, "/tmp/target")).toBe("through");
  });

  it("ENOSPC when the disk is full, after what fitted; space comes back", () => {
    const { root, node } = setUp(kind);
    const { inode } = openFile(root, "/tmp/big", { write: true, create: true }, 0o644);
    const file = inode as RegularFile;
    const block = new Uint8Array(1_048_576);
    expect(
      errnoOf(() => {
        for (let i = 0; i < 100; i += 1) file.write(i * block.length, block, 0);
      }),
    ).toBe("ENOSPC");
    expect(node.disk.usedBytes).toBeGreaterThan(9.9 * 2 ** 20);
    expect(fileSystemStat(root, "/tmp").totalBytes).toBe(10 * 2 ** 20);
    unlink(root, "/tmp/big");
    expect(node.disk.usedBytes).toBeLessThan(2 ** 20);
    truncate(root, "/etc/motd", 2 ** 40);
    expect(stat(root, "/etc/motd")).toMatchObject({ sizeBytes: 2 ** 40, blocks: 8 });
  });

  it("ENOSPC when the inodes are used up", () => {
    const { root } = setUp(kind);
    const made = errnoOf(() => {
      for (let i = 0; i < 2000; i += 1) write(root, `/tmp/${String(i)}`, "");
    });
    expect(made).toBe("ENOSPC");
  });
});
