import { Engine } from "../../dist/modules/src/core/engine/index.js";
import { report } from "./measure.mjs";

/** Timers fired and process switches a second: everything else stands on these. */
export default function engine() {
  const timers = new Engine({ seed: 1, startMs: 0 });
  const COUNT = 1_000_000;
  const random = timers.random("bench");
  let fired = 0;
  const again = () => {
    fired += 1;
    if (fired + 1000 <= COUNT) timers.after(1 + random.below(10_000), again);
  };
  for (let i = 0; i < 1000; i += 1) timers.after(i, again);
  let begunMs = performance.now();
  timers.runUntil(1e12);
  report("engine timers", fired / ((performance.now() - begunMs) / 1000), "timers/s");

  const processes = new Engine({ seed: 1, startMs: 0 });
  let switches = 0;
  for (let i = 0; i < 1000; i += 1) {
    processes.spawn(
      `p-${i}`,
      (function* () {
        for (let n = 0; n < 500; n += 1) {
          yield 10;
          switches += 1;
        }
      })(),
    );
  }
  begunMs = performance.now();
  processes.runUntil(1e6);
  report(
    "engine process switches",
    switches / ((performance.now() - begunMs) / 1000),
    "switches/s",
  );
}
