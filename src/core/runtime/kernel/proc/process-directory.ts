import {
  findInode,
  ROOT_CREDENTIALS,
  SysError,
  type Inode,
  type LinkedPlace,
} from "../../../vfs/index.js";
import { DESCRIPTORS_PER_PROCESS } from "../../limits.js";
import { namespaceKinds, namespaceNumber, type NamespaceKind } from "../namespace-numbers.js";
import type { Process } from "../process.js";
import { pidFor } from "../process-calls.js";
import { mountInfoLines, mountLines } from "./mount-lines.js";
import { statLine, statusText } from "./process-status.js";
import { procFileSystem, MagicLink, SyntheticDirectory, TextFile } from "./synthetic.js";
import { netFiles } from "./net-files.js";

/** /proc/<pid>. Made for each look: a process that nobody looks at has none. */
export const processDirectory = (process: Process): SyntheticDirectory =>
  directoryOf(process, NAMES);

/** /proc/<pid>/task/<tid> has no tasks of its own: a walk through proc would never end (fs/proc/base.c, tid_base_stuff). */
const threadDirectory = (process: Process): SyntheticDirectory =>
  directoryOf(process, THREAD_NAMES);

const directoryOf = (process: Process, names: readonly string[]): SyntheticDirectory =>
  new SyntheticDirectory(
    procFileSystem,
    (name, viewer) => (names.includes(name) ? entry(process, name, viewer) : null),
    (viewer) =>
      names.flatMap((name): [string, Inode][] => {
        const inode = entry(process, name, viewer);
        return inode === null ? [] : [[name, inode]];
      }),
    0o555,
    process.credentials.uid,
    process.credentials.gid,
    numberOf(process, 0),
  );

const NAMES: readonly string[] = [
  "cgroup",
  "cmdline",
  "comm",
  "cwd",
  "environ",
  "exe",
  "fd",
  "gid_map",
  "io",
  "limits",
  "loginuid",
  "mountinfo",
  "mounts",
  "net",
  "ns",
  "oom_adj",
  "oom_score",
  "oom_score_adj",
  "root",
  "stat",
  "statm",
  "status",
  "task",
  "uid_map",
];
const THREAD_NAMES = NAMES.filter((name) => name !== "task");

/** Texts that need nothing but the process. */
const TEXTS: Readonly<Record<string, (process: Process, viewer: Process) => string>> = {
  // Control groups have a namespace of their own.
  cgroup: () => "0::/\n",
  cmdline: (process) =>
    process.state === "zombie" ? "" : process.argv.map((word) => `${word}\0`).join(""),
  comm: (process) => `${process.command}\n`,
  gid_map: (process) => process.confinement.idMap,
  io: () =>
    "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n",
  limits: () => limitsText,
  loginuid: () => "4294967295",
  mountinfo: (process) => mountInfoLines(process),
  mounts: (process) => mountLines(process),
  oom_adj: () => "0\n",
  oom_score: (process) =>
    `${String(Math.max(0, 666 + Math.floor((process.confinement.oomScoreAdjust * 2) / 3)))}\n`,
  oom_score_adj: (process) => `${String(process.confinement.oomScoreAdjust)}\n`,
  stat: (process, viewer) => statLine(process, viewer),
  statm: (process) => {
    const pages = String(Math.ceil(process.memoryBytes / 4096));
    return `${pages} ${pages} 0 0 0 ${pages} 0\n`;
  },
  status: (process, viewer) => statusText(process, viewer),
  uid_map: (process) => process.confinement.idMap,
};

const entry = (process: Process, name: string, viewer: Process): Inode | null => {
  const make = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  const number = numberOf(process, NAMES.indexOf(name) + 1);
  const { uid, gid } = process.credentials;
  if (make !== undefined)
    return new TextFile(
      procFileSystem,
      (reader) => make(process, reader),
      0o444,
      null,
      uid,
      gid,
      false,
      number,
    );
  switch (name) {
    case "environ":
      return new TextFile(
        procFileSystem,
        () => [...process.environment].map(([key, value]) => `${key}=${value}\0`).join(""),
        0o400,
        null,
        uid,
        gid,
        false,
        number,
      );
    case "cwd":
      return placeLink(process, viewer, number, () => process.cwd);
    case "root":
      return placeLink(process, viewer, number, () => "/");
    case "exe":
      return placeLink(process, viewer, number, () => process.executable);
    case "fd":
      return descriptorDirectory(process, viewer, number);
    case "net":
      return netFiles;
    case "ns":
      return namespaceDirectory(process, number);
    case "task":
      return taskDirectory(process, number);
    default:
      return null;
  }
};

/** Looking through another's root or descriptors needs the same user, or CAP_SYS_PTRACE: ptrace_may_access. */
const requireAccess = (process: Process, viewer: Process): void => {
  const isSame = viewer.credentials.uid === process.credentials.uid;
  const isRoot = viewer.credentials.uid === 0;
  if (!isSame && !isRoot) throw new SysError("EACCES");
};

const placeLink = (
  process: Process,
  viewer: Process,
  number: number,
  path: () => string,
): MagicLink =>
  new MagicLink(
    procFileSystem,
    () => {
      requireAccess(process, viewer);
      return path();
    },
    () => {
      requireAccess(process, viewer);
      return placeIn(process, path());
    },
    number,
  );

/** A directory in the tree of a process, for whoever follows a link there. */
const placeIn = (process: Process, path: string): LinkedPlace | null => {
  const inode = findInode(
    { mounts: process.mounts, cwd: "/", credentials: ROOT_CREDENTIALS, nowMs: process.nowMs },
    path,
  );
  return typeof inode === "string" ? null : { inode, tree: { mounts: process.mounts, path } };
};

const descriptorDirectory = (
  process: Process,
  viewer: Process,
  number: number,
): SyntheticDirectory => {
  const link = (fd: number): MagicLink | null => {
    const description = process.descriptors.find(fd);
    if (description === null) return null;
    requireAccess(process, viewer);
    return new MagicLink(
      procFileSystem,
      () => description.path,
      () => ({ inode: description.inode, tree: null }),
      numberOf(process, 100 + fd),
    );
  };
  return new SyntheticDirectory(
    procFileSystem,
    (name) => (/^\d+$/.test(name) ? link(Number(name)) : null),
    () =>
      [...process.descriptors.entries()].flatMap(([fd]): [string, Inode][] => {
        const inode = link(fd);
        return inode === null ? [] : [[String(fd), inode]];
      }),
    0o500,
    process.credentials.uid,
    process.credentials.gid,
    number,
  );
};

const namespaceDirectory = (process: Process, number: number): SyntheticDirectory => {
  const link = (kind: NamespaceKind): MagicLink =>
    new MagicLink(
      procFileSystem,
      (viewer) => {
        requireAccess(process, viewer);
        return `${kind}:[${String(namespaceNumber(process, kind))}]`;
      },
      null,
      numberOf(process, 60 + namespaceKinds.indexOf(kind)),
    );
  return new SyntheticDirectory(
    procFileSystem,
    (name) => {
      const kind = namespaceKinds.find((each) => each === name);
      return kind === undefined ? null : link(kind);
    },
    () => namespaceKinds.map((kind): [string, Inode] => [kind, link(kind)]),
    0o511,
    process.credentials.uid,
    process.credentials.gid,
    number,
  );
};

/** Simulated processes have one thread each. */
const taskDirectory = (process: Process, number: number): SyntheticDirectory =>
  new SyntheticDirectory(
    procFileSystem,
    (name, viewer) => (name === String(pidFor(viewer, process)) ? threadDirectory(process) : null),
    (viewer) => [[String(pidFor(viewer, process)), threadDirectory(process)]],
    0o555,
    process.credentials.uid,
    process.credentials.gid,
    number,
  );

/** Inode numbers that follow from the process, so that they are the same in every run. */
const numberOf = (process: Process, index: number): number => process.hostPid * 2048 + index;

const limitsText = [
  "Limit                     Soft Limit           Hard Limit           Units     ",
  ...[
    ["Max cpu time", "unlimited", "unlimited", "seconds"],
    ["Max file size", "unlimited", "unlimited", "bytes"],
    ["Max data size", "unlimited", "unlimited", "bytes"],
    ["Max stack size", "8388608", "unlimited", "bytes"],
    ["Max core file size", "unlimited", "unlimited", "bytes"],
    ["Max resident set", "unlimited", "unlimited", "bytes"],
    ["Max processes", "unlimited", "unlimited", "processes"],
    ["Max open files", String(DESCRIPTORS_PER_PROCESS), "524288", "files"],
    ["Max locked memory", "8388608", "8388608", "bytes"],
    ["Max address space", "unlimited", "unlimited", "bytes"],
    ["Max file locks", "unlimited", "unlimited", "locks"],
    ["Max pending signals", "31724", "31724", "signals"],
    ["Max msgqueue size", "819200", "819200", "bytes"],
    ["Max nice priority", "0", "0", ""],
    ["Max realtime priority", "0", "0", ""],
    ["Max realtime timeout", "unlimited", "unlimited", "us"],
  ].map(
    ([name = "", soft = "", hard = "", unit = ""]) =>
      `${name.padEnd(26)}${soft.padEnd(21)}${hard.padEnd(21)}${unit.padEnd(10)}`,
  ),
  "",
].join("\n");
