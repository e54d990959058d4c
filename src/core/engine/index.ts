export { Engine, type EngineOptions, type RunOutcome } from "./engine.js";
export { Interrupt, Process, TIMED_OUT, type Call, type Wait, type Waitable } from "./process.js";
export { RandomSource, type RandomStream } from "./random.js";
export { Signal, waitFor, within } from "./signal.js";
export type { Timer } from "./timer-queue.js";
export { Trace } from "./trace.js";
