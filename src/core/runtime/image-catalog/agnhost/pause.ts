import { noteSignals, print, waitForStop } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/pause/pause.go */
export const agnhostPause: Subcommand = function* (sys) {
  yield* print(sys, 1, "Paused\n");
  const signal = yield* waitForStop(sys, noteSignals(sys, ["INT", "TERM"]));
  return signal === "INT" ? 1 : 2;
};
