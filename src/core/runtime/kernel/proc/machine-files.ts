import type { Inode } from "../../../vfs/index.js";
import type { Kernel } from "../kernel.js";
import type { Process } from "../process.js";
import { stateLetter } from "../process-calls.js";
import { procFileSystem, TextFile } from "./synthetic.js";

const text = (make: (viewer: Process) => string): TextFile => new TextFile(procFileSystem, make);

const FLAGS =
  "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx rdtscp lm constant_tsc " +
  "rep_good nopl xtopology nonstop_tsc cpuid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx " +
  "f16c rdrand hypervisor lahf_lm abm 3dnowprefetch fsgsbase bmi1 avx2 smep bmi2 erms invpcid rdseed adx smap clflushopt xsaveopt xsavec";

const cpuInfo = (kernel: Kernel): string => {
  const cores = Math.ceil(kernel.cpu.cores);
  let all = "";
  for (let core = 0; core < cores; core += 1) {
    all += `processor\t: ${String(core)}
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: Intel(R) Xeon(R) Processor @ 2.60GHz
stepping\t: 6
microcode\t: 0x1
cpu MHz\t\t: 2600.000
cache size\t: 49152 KB
physical id\t: 0
siblings\t: ${String(cores)}
core id\t\t: ${String(core)}
cpu cores\t: ${String(cores)}
apicid\t\t: ${String(core)}
fpu\t\t: yes
fpu_exception\t: yes
cpuid level\t: 22
wp\t\t: yes
flags\t\t: ${FLAGS}
bogomips\t: 5200.00
clflush size\t: 64
cache_alignment\t: 64
address sizes\t: 46 bits physical, 48 bits virtual

`;
  }
  return all;
};

const memoryInfo = ({ memory }: Kernel): string => {
  const kib = (bytes: number): string => String(Math.floor(bytes / 1024)).padStart(15 - 7);
  const cached = Math.floor(memory.totalBytes / 20);
  const free = Math.max(0, memory.freeBytes - cached);
  const rows: readonly [string, number][] = [
    ["MemTotal:", memory.totalBytes],
    ["MemFree:", free],
    ["MemAvailable:", Math.max(0, memory.freeBytes)],
    ["Buffers:", Math.floor(cached / 16)],
    ["Cached:", cached],
    ["SwapCached:", 0],
    ["Active:", memory.usedBytes],
    ["Inactive:", cached],
    ["SwapTotal:", 0],
    ["SwapFree:", 0],
    ["Dirty:", 0],
    ["Writeback:", 0],
    ["AnonPages:", memory.usedBytes],
    ["Mapped:", Math.floor(cached / 2)],
    ["Shmem:", 0],
    ["Slab:", Math.floor(cached / 8)],
    ["CommitLimit:", Math.floor(memory.totalBytes / 2)],
    ["Committed_AS:", memory.usedBytes],
    ["VmallocTotal:", 35_184_372_087_808],
    ["VmallocUsed:", 0],
  ];
  return rows.map(([name, bytes]) => `${name.padEnd(16)}${kib(bytes)} kB\n`).join("");
};

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

const usedMs = (kernel: Kernel): number => {
  let microseconds = 0;
  for (const { cpu } of kernel.confinements) microseconds += cpu.usedMicroseconds;
  return microseconds / 1000;
};

const uptime = (kernel: Kernel): string => {
  const upMs = kernel.nowMs - kernel.bootedAtMs;
  const idleMs = Math.max(0, upMs * kernel.cpu.cores - usedMs(kernel));
  return `${seconds(upMs)} ${seconds(idleMs)}\n`;
};

const loadAverage = (viewer: Process): string => {
  const { kernel } = viewer;
  let running = 0;
  for (const { pids } of kernel.confinements)
    for (const process of pids.processes) if (stateLetter(process) === "R") running += 1;
  const load = kernel.cpu.busy.toFixed(2);
  return `${load} ${load} ${load} ${String(running)}/${String(kernel.processCount)} ${String(viewer.pid)}\n`;
};

const statistics = (kernel: Kernel): string => {
  const upTicks = Math.floor((kernel.nowMs - kernel.bootedAtMs) / 10);
  const usedTicks = Math.floor(usedMs(kernel) / 10);
  const cores = Math.ceil(kernel.cpu.cores);
  const line = (name: string, used: number, total: number): string =>
    `${name} ${String(used)} 0 0 ${String(Math.max(0, total - used))} 0 0 0 0 0 0\n`;
  let all = line("cpu ", usedTicks, upTicks * cores);
  for (let core = 0; core < cores; core += 1)
    all += line(`cpu${String(core)}`, Math.floor(usedTicks / cores), upTicks);
  const boot = String(Math.floor(kernel.bootedAtMs / 1000));
  return `${all}intr 0\nctxt 0\nbtime ${boot}\nprocesses ${String(kernel.processesMade)}\nprocs_running 1\nprocs_blocked 0\n`;
};

const FILESYSTEMS =
  "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\tdevpts\nnodev\tmqueue\n\text4\nnodev\toverlay\n";

/** The files of /proc that tell of the whole machine. As on a real node, containers see the node's own numbers. */
export const machineFiles: Readonly<Record<string, Inode>> = {
  cmdline: text(() => "BOOT_IMAGE=/boot/vmlinuz-6.8.0-45-generic root=/dev/sda1 ro quiet\n"),
  cpuinfo: text(({ kernel }) => cpuInfo(kernel)),
  filesystems: text(() => FILESYSTEMS),
  loadavg: text(loadAverage),
  meminfo: text(({ kernel }) => memoryInfo(kernel)),
  modules: text(() => ""),
  partitions: text(
    () =>
      "major minor  #blocks  name\n\n   8        0  104857600 sda\n   8        1  104856576 sda1\n",
  ),
  stat: text(({ kernel }) => statistics(kernel)),
  swaps: text(() => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
  uptime: text(({ kernel }) => uptime(kernel)),
  version: text(
    () =>
      "Linux version 6.8.0-45-generic (buildd@lcy02-amd64-080) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) #45-Ubuntu SMP PREEMPT_DYNAMIC\n",
  ),
};
