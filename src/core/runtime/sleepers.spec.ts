import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { TestMachine } from "./testing/test-machine.js";

const COUNT = 10_000;
/** Issue 3: ten thousand containers blocked in sleep cost under 6 KB each, all told. */
const BYTES_EACH = 6 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const usedBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

describe("containers that sleep", () => {
  it("cost little memory, with their sandboxes", () => {
    const machine = new TestMachine({ podCidr: "10.0.0.0/8" });
    const start = (index: number): string =>
      machine.start(
        { command: ["sleep", "1000000"] },
        machine.sandbox({ podUid: `pod-${String(index)}` }),
      );
    for (let i = 0; i < 200; i += 1) start(i);
    const before = usedBytes();
    for (let i = 0; i < COUNT; i += 1) start(1000 + i);
    machine.advance(10);
    const each = (usedBytes() - before) / COUNT;
    expect(machine.runtime.listContainers("pod-5000")[0]?.state).toBe("running");
    expect(each).toBeLessThan(BYTES_EACH);
  }, 60_000);
});
