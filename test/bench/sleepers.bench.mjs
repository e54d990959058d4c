import { TestMachine } from "../../dist/modules/src/core/runtime/testing/test-machine.js";
import { report } from "./measure.mjs";

const COUNT = 10_000;

const usedBytes = () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** 10,000 containers blocked in `sleep`, each in a sandbox of its own: under 6 KB each, kernel, files and logs included. */
export default function sleepers() {
  const machine = new TestMachine({ podCidr: "10.0.0.0/8" });
  const start = (podUid) =>
    machine.start({ command: ["sleep", "1000000"] }, machine.sandbox({ podUid }));
  for (let i = 0; i < 200; i += 1) start(`warm-${i}`);
  const before = usedBytes();
  for (let i = 0; i < COUNT; i += 1) start(`pod-${i}`);
  machine.advance(10);
  report("memory of a container in sleep", (usedBytes() - before) / COUNT, "bytes", {
    bound: 6144,
  });
  if (machine.runtime.listContainers("pod-0")[0]?.state !== "running") throw new Error("it ended");
}
