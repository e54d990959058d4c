import { TestMachine } from "../../dist/modules/src/core/runtime/testing/test-machine.js";
import { report } from "./measure.mjs";

const ITERATIONS = 100_000;

/** 100,000 iterations of a shell loop that writes a line and sleeps a second: under 2 s. */
export default function ticks() {
  const machine = new TestMachine();
  const id = machine.start({ command: ["sh", "-c", "while true; do echo tick; sleep 1; done"] });
  machine.advance(100);
  const written = machine.lines.length;
  const begunMs = performance.now();
  while (machine.lines.length - written < ITERATIONS) machine.advance(1000);
  const seconds = (performance.now() - begunMs) / 1000;
  report("100,000 iterations of echo and sleep", seconds, "s", { bound: 2 });
  if (machine.status(id).state !== "running") throw new Error("it ended");
}
