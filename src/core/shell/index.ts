export * from "./syscall.js";
export { takeNotedWork } from "./work.js";
export { findProgram, programNames } from "./commands/registry.js";
export { bytesToString, stringToBytes } from "./bytes.js";
