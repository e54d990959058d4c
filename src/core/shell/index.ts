export * from "./syscall.js";
