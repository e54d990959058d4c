import type { Program } from "../../../shell/index.js";

/** build/pause/linux/pause.c, 1.34: waits, reaps what is handed to it, and ends at INT and TERM. */
export const pauseProgram: Program = function* (sys) {
  let isOver = false;
  const stop = (): void => {
    isOver = true;
  };
  sys.onSignal("INT", stop);
  sys.onSignal("TERM", stop);
  sys.onSignal("CHLD", "ignore");
  while (!isOver) yield* sys.pause();
  return 0;
};
