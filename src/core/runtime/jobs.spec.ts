import { describe, expect, it } from "vitest";
import { TestMachine } from "./testing/test-machine.js";

describe("jobs, listed where they are not children", () => {
  it.each([
    ["busybox", "sh", 'sleep 100 & [ "$(jobs -p)" = $! ] && echo same', ["same"]],
    ["busybox", "sh", "sleep 100 & kill $(jobs -p); wait $!; echo $?", ["143"]],
    ["busybox", "sh", "sleep 100 & jobs -p | wc -l", ["1"]],
    ["busybox", "sh", 'sleep 100 & echo "[$(true; jobs -p)]"', ["[]"]],
    ["debian", "sh", 'sleep 100 & echo "[$(jobs -p)]"', ["[]"]],
    ["bash", "bash", 'sleep 100 & [ "$(true; jobs -p)" = $! ] && echo same', ["same"]],
    ["bash", "bash", "sleep 100 & kill $(jobs -p); wait $!; echo $?", ["143"]],
  ])("%s %s: %s", (image, shell, script, lines) => {
    const machine = new TestMachine();
    machine.start({ image, command: [shell, "-c", script] });
    machine.advance(10);
    expect(machine.lines.filter((line) => line.startsWith("stdout"))).toEqual(
      lines.map((line) => `stdout ${line}`),
    );
  });
});
