import type { Inode } from "../../../vfs/index.js";
import type { Process } from "../process.js";
import { fixedDirectory, sysFileSystem, TextFile } from "./synthetic.js";

const text = (make: (viewer: Process) => string): TextFile => new TextFile(sysFileSystem, make);
const directory = (entries: Readonly<Record<string, Inode>>) =>
  fixedDirectory(sysFileSystem, entries);

const limitText = (limit: number | null): string =>
  limit === null ? "max\n" : `${String(limit)}\n`;

/** cgroup v2, as a container sees its own. */
const cgroup = directory({
  "cgroup.controllers": text(() => "cpuset cpu io memory hugetlb pids rdma misc\n"),
  "cgroup.procs": text((viewer) =>
    viewer.confinement.pids.processes
      .filter((process) => process.confinement === viewer.confinement && process.isAlive)
      .map((process) => `${String(process.pid)}\n`)
      .join(""),
  ),
  "cgroup.type": text(() => "domain\n"),
  "cpu.max": text(({ confinement }) => {
    const { limit } = confinement.cpu;
    return limit === null ? "max 100000\n" : `${String(limit * 100)} 100000\n`;
  }),
  "cpu.stat": text(({ confinement }) => {
    const microseconds = Math.floor(confinement.cpu.usedMicroseconds);
    return `usage_usec ${String(microseconds)}\nuser_usec ${String(microseconds)}\nsystem_usec 0\n`;
  }),
  "cpu.weight": text(({ confinement }) => `${String(confinement.cpu.weightV2)}\n`),
  "memory.current": text(({ confinement }) => `${String(confinement.memory.totalBytes)}\n`),
  "memory.events": text(({ confinement: { memory } }) => {
    const count = String(memory.outOfMemoryCount);
    return `low 0\nhigh 0\nmax ${count}\noom ${count}\noom_kill ${count}\noom_group_kill ${count}\n`;
  }),
  "memory.max": text(({ confinement }) => limitText(confinement.memory.limitBytes)),
  "memory.oom.group": text(() => "1\n"),
  "memory.peak": text(({ confinement }) => `${String(confinement.memory.peakBytes)}\n`),
  "memory.swap.current": text(() => "0\n"),
  "memory.swap.max": text(() => "0\n"),
  "pids.current": text(({ confinement }) => `${String(confinement.processCount)}\n`),
  "pids.max": text(({ confinement }) => limitText(confinement.pidsLimit)),
});

/** /sys: cgroups, and the little of devices that programs look at. */
export const sysRoot = directory({
  fs: directory({ cgroup }),
  class: directory({
    net: directory({
      eth0: directory({
        address: text((viewer) => `${viewer.confinement.network.hardwareAddress}\n`),
        mtu: text(() => "1500\n"),
        operstate: text(() => "up\n"),
      }),
      lo: directory({
        address: text(() => "00:00:00:00:00:00\n"),
        mtu: text(() => "65536\n"),
        operstate: text(() => "unknown\n"),
      }),
    }),
  }),
  devices: directory({
    system: directory({
      cpu: directory({
        online: text((viewer) => `0-${String(Math.ceil(viewer.kernel.cpu.cores) - 1)}\n`),
        possible: text((viewer) => `0-${String(Math.ceil(viewer.kernel.cpu.cores) - 1)}\n`),
      }),
    }),
  }),
  kernel: directory({
    mm: directory({
      transparent_hugepage: directory({ enabled: text(() => "always [madvise] never\n") }),
    }),
  }),
});
