export { parseSignal, SIGNAL_NUMBERS, signalByNumber } from "./signal-names.js";
export * from "./syscall.js";
export { takeNotedWork } from "./work.js";
export { findProgram, gnuProgramName, programNames } from "./commands/registry.js";
export { bytesToString, stringToBytes } from "./bytes.js";
