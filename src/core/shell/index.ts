export * from "./syscall.js";
export { findProgram, programNames } from "./commands/registry.js";
export { bytesToString, fromByteString, stringToBytes, toByteString } from "./bytes.js";
export { signalNumber } from "./signal-names.js";
