import type { Blocking, Sys } from "../../../shell/index.js";
import { noteSignals, waitForStop } from "../program-io.js";

/** What stands for a program that is not simulated: it runs, and ends of TERM as most servers do, with 0. */
export function* runUntilStopped(sys: Sys): Blocking<number> {
  yield* waitForStop(sys, noteSignals(sys, ["TERM", "INT"]));
  return 0;
}
