import { TestMachine } from "../../dist/modules/src/core/runtime/testing/test-machine.js";
import { report } from "./measure.mjs";

const COUNT = 20_000;

/** The command of an exec probe from call to answer, `cat /tmp/healthy`: under 50 µs. */
export default function execProbe() {
  const machine = new TestMachine();
  const id = machine.start({ command: ["sh", "-c", "touch /tmp/healthy; sleep 1000000"] });
  machine.advance(1);
  const probe = () => machine.exec(id, ["cat", "/tmp/healthy"]);
  for (let i = 0; i < 2000; i += 1) probe();
  const begunMs = performance.now();
  for (let i = 0; i < COUNT; i += 1) probe();
  const microseconds = ((performance.now() - begunMs) * 1000) / COUNT;
  report("exec probe cat /tmp/healthy", microseconds, "µs", { bound: 50 });
  if (probe().exitCode !== 0) throw new Error("it failed");
}
