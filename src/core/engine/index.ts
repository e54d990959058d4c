export { Engine } from "./engine.js";
export { Interrupt, Process, TIMED_OUT, type Call } from "./process.js";
export type { RandomStream } from "./random.js";
export { Signal, waitFor, within } from "./signal.js";
export type { Timer } from "./timer-queue.js";
