import type { Process } from "../process.js";
import { pidFor, stateLetter } from "../process-calls.js";
import { SIGNAL_NUMBERS, type SignalName } from "../../../shell/index.js";

const STATE_WORDS = { R: "running", S: "sleeping", T: "stopped", Z: "zombie" } as const;

/** /proc/<pid>/status. */
export const statusText = (process: Process, viewer: Process): string => {
  const { credentials, confinement } = process;
  const state = stateLetter(process);
  const kib = Math.ceil(process.memoryBytes / 1024);
  const ids = (id: number): string => Array<number>(4).fill(id).join("\t");
  const pid = String(pidFor(viewer, process));
  const memory =
    state === "Z"
      ? []
      : [
          `VmPeak:\t${padded(kib)} kB`,
          `VmSize:\t${padded(kib)} kB`,
          `VmHWM:\t${padded(kib)} kB`,
          `VmRSS:\t${padded(kib)} kB`,
        ];
  const lines = [
    `Name:\t${process.command}`,
    `Umask:\t${process.umask.toString(8).padStart(4, "0")}`,
    `State:\t${state} (${STATE_WORDS[state]})`,
    `Tgid:\t${pid}`,
    "Ngid:\t0",
    `Pid:\t${pid}`,
    `PPid:\t${String(pidFor(viewer, process.parent))}`,
    "TracerPid:\t0",
    `Uid:\t${ids(credentials.uid)}`,
    `Gid:\t${ids(credentials.gid)}`,
    "FDSize:\t64",
    `Groups:\t${credentials.groups.map((group) => `${String(group)} `).join("")}`,
    `NStgid:\t${pid}`,
    `NSpid:\t${pid}`,
    ...memory,
    "Threads:\t1",
    "SigQ:\t0/31724",
    "SigPnd:\t0000000000000000",
    "ShdPnd:\t0000000000000000",
    "SigBlk:\t0000000000000000",
    `SigIgn:\t${mask(process.ignored)}`,
    `SigCgt:\t${mask(caught(process))}`,
    "CapInh:\t0000000000000000",
    `CapPrm:\t${capabilities(credentials.capabilities)}`,
    `CapEff:\t${capabilities(credentials.capabilities)}`,
    `CapBnd:\t${capabilities(confinement.bounding)}`,
    "CapAmb:\t0000000000000000",
    `NoNewPrivs:\t${confinement.mayGainPrivileges ? "0" : "1"}`,
    "Seccomp:\t0",
    "voluntary_ctxt_switches:\t1",
    "nonvoluntary_ctxt_switches:\t0",
  ];
  return `${lines.join("\n")}\n`;
};

/** /proc/<pid>/stat: 52 fields, of which those that tools look at are true. */
export const statLine = (process: Process, viewer: Process): string => {
  const ticks = String(Math.floor(process.usedMicroseconds / 10_000));
  const started = Math.floor((process.startedAtMs - process.kernel.bootedAtMs) / 10);
  const before = [
    pidFor(viewer, process),
    `(${process.command})`,
    stateLetter(process),
    pidFor(viewer, process.parent),
    process.processGroup,
    process.session,
    0,
    -1,
    4_194_560,
    0,
    0,
    0,
    0,
    ticks,
    0,
    0,
    0,
    20 + process.nice,
    process.nice,
    1,
    0,
    started,
    process.memoryBytes,
    Math.ceil(process.memoryBytes / 4096),
    "18446744073709551615",
  ];
  const after = Array<number>(27).fill(0);
  return `${[...before, ...after].join(" ")}\n`;
};

const padded = (value: number): string => String(value).padStart(8);

const mask = (bits: number): string => (bits >>> 0).toString(16).padStart(16, "0");

const capabilities = (set: number): string => set.toString(16).padStart(16, "0");

const caught = (process: Process): number => {
  let bits = 0;
  for (const signal of process.handlers?.keys() ?? ([] as SignalName[]))
    bits |= 1 << (SIGNAL_NUMBERS[signal] - 1);
  return bits;
};
