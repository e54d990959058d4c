import type { Inode } from "../../../vfs/index.js";
import type { Process } from "../process.js";
import { findVisible, pidFor, visibleProcesses } from "../process-calls.js";
import { processDirectory } from "./process-directory.js";
import { machineFiles } from "./machine-files.js";
import { sysctlDirectory } from "./sysctl-directory.js";
import { fixedDirectory, MagicLink, procFileSystem, SyntheticDirectory } from "./synthetic.js";

const self = new MagicLink(procFileSystem, (viewer) => String(pidFor(viewer, viewer)));
const threadSelf = new MagicLink(procFileSystem, (viewer) => {
  const pid = String(pidFor(viewer, viewer));
  return `${pid}/task/${pid}`;
});

const FIXED: Readonly<Record<string, Inode>> = {
  ...machineFiles,
  mounts: new MagicLink(procFileSystem, () => "self/mounts"),
  net: new MagicLink(procFileSystem, () => "self/net"),
  self,
  "thread-self": threadSelf,
  sys: sysctlDirectory,
  irq: fixedDirectory(procFileSystem, {}),
  bus: fixedDirectory(procFileSystem, {}),
  tty: fixedDirectory(procFileSystem, {}),
};

/** /proc. One tree for every container: what is in it depends on who looks. */
export const procRoot = new SyntheticDirectory(
  procFileSystem,
  (name, viewer) => {
    if (Object.hasOwn(FIXED, name)) return FIXED[name] ?? null;
    if (!/^[1-9]\d{0,6}$/.test(name)) return null;
    const process = findVisible(viewer, Number(name));
    return process === null ? null : processDirectory(process);
  },
  (viewer: Process) => [
    ...visibleProcesses(viewer).map((process): [string, Inode] => [
      String(pidFor(viewer, process)),
      processDirectory(process),
    ]),
    ...Object.entries(FIXED),
  ],
);
