import type { SignalName } from "../../shell/index.js";

/** Signals by number on x86: signal(7). */
export const SIGNAL_NUMBERS: Readonly<Record<SignalName, number>> = Object.freeze({
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
});

const NAMES: readonly (SignalName | undefined)[] = Object.entries(SIGNAL_NUMBERS).reduce<
  (SignalName | undefined)[]
>((names, [name, number]) => {
  names[number] = name as SignalName;
  return names;
}, []);

/** The signal of a number, or null. */
export const signalName = (number: number): SignalName | null => NAMES[number] ?? null;

export const signalBit = (signal: SignalName): number => 1 << (SIGNAL_NUMBERS[signal] - 1);

/** What a signal does to a process that has not said otherwise: signal(7), "Standard signals". */
export const defaultAction = (signal: SignalName): "terminate" | "ignore" | "stop" | "continue" => {
  switch (signal) {
    case "CHLD":
    case "URG":
    case "WINCH":
      return "ignore";
    case "STOP":
    case "TSTP":
    case "TTIN":
    case "TTOU":
      return "stop";
    case "CONT":
      return "continue";
    default:
      return "terminate";
  }
};

/** A signal as images name it: `SIGQUIT`, `QUIT` or a number; null when it is none. */
export const parseSignal = (text: string): SignalName | null => {
  if (/^\d+$/.test(text)) return signalName(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, "");
  return Object.hasOwn(SIGNAL_NUMBERS, name) ? (name as SignalName) : null;
};
