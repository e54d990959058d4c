import type { Program } from "../../../shell/index.js";
import { noteSignals, waitForStop } from "../program-io.js";

/** build/pause/linux/pause.c, 1.34: waits, reaps what is handed to it, and ends at INT and TERM. */
export const pauseProgram: Program = function* (sys) {
  const stop = noteSignals(sys, ["INT", "TERM"]);
  sys.onSignal("CHLD", "ignore");
  yield* waitForStop(sys, stop);
  return 0;
};
