import type { SignalName } from "./syscall.js";

/** Linux's numbers on x86 and arm: signal(7). */
export const SIGNAL_NUMBERS: Readonly<Record<SignalName, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
};

const NAMES = Object.keys(SIGNAL_NUMBERS) as SignalName[];
const ALIASES: Readonly<Record<string, SignalName>> = {
  CLD: "CHLD",
  IOT: "ABRT",
  POLL: "IO",
};

export function signalNumber(name: SignalName): number {
  return SIGNAL_NUMBERS[name];
}

export function signalNames(): readonly SignalName[] {
  return NAMES;
}

export function signalByNumber(number: number): SignalName | null {
  return NAMES.find((name) => SIGNAL_NUMBERS[name] === number) ?? null;
}

/** `TERM`, `SIGTERM`, `15`; 0 stays 0 (the shell's EXIT, and `kill -0`). Null for none. */
export function parseSignal(text: string): SignalName | 0 | null {
  if (/^\d+$/.test(text)) return Number(text) === 0 ? 0 : signalByNumber(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (Object.hasOwn(SIGNAL_NUMBERS, name)) return name as SignalName;
  return ALIASES[name] ?? null;
}

/** What a shell prints of a child that a signal ended (strsignal). */
const DESCRIPTIONS: Readonly<Partial<Record<SignalName, string>>> = {
  HUP: "Hangup",
  INT: "Interrupt",
  QUIT: "Quit",
  ILL: "Illegal instruction",
  TRAP: "Trace/breakpoint trap",
  ABRT: "Aborted",
  BUS: "Bus error",
  FPE: "Floating point exception",
  KILL: "Killed",
  USR1: "User defined signal 1",
  SEGV: "Segmentation fault",
  USR2: "User defined signal 2",
  PIPE: "Broken pipe",
  ALRM: "Alarm clock",
  TERM: "Terminated",
  STKFLT: "Stack fault",
  XCPU: "CPU time limit exceeded",
  XFSZ: "File size limit exceeded",
  VTALRM: "Virtual timer expired",
  PROF: "Profiling timer expired",
  IO: "I/O possible",
  PWR: "Power failure",
  SYS: "Bad system call",
};

export function describeSignal(name: SignalName): string {
  return DESCRIPTIONS[name] ?? `Signal ${String(SIGNAL_NUMBERS[name])}`;
}
