import { describe, expect, it } from "vitest";
import { Engine } from "../../engine/index.js";
import type { Sys } from "../../shell/index.js";
import { SUSTAINED_STEPS_PER_SECOND } from "../limits.js";
import { aContainer, TestMachine } from "../testing/test-machine.js";
import { imageProgram } from "./image-sys.js";

const limits = (cpuRequestMilli: number, cpuLimitMilli: number | null) => ({
  limits: { ...aContainer().limits, cpuRequestMilli, cpuLimitMilli },
});

/** How long `cpuMs` of computing take in each of some containers that begin at once. */
const durations = (
  cores: number,
  cpuMs: number,
  containers: readonly ReturnType<typeof limits>[],
): number[] => {
  const machine = new TestMachine({ capacity: { cpuMilli: cores * 1000 } });
  const program = machine.program(
    "burn",
    imageProgram(function* (sys) {
      yield* sys.sleep(60_000 - sys.nowMs());
      for (let used = 0; used < cpuMs; used += 10) yield* sys.compute(10);
      return 0;
    }),
  );
  const ids = containers.map((more) => machine.start({ ...program, ...more }));
  machine.advance(600);
  return ids.map((id) => (machine.status(id).finishedAtMs ?? 0) - 60_000);
};

describe("CPU time", () => {
  it.each<[string, number, readonly ReturnType<typeof limits>[], readonly number[]]>([
    ["a core each", 2, [limits(0, null), limits(0, null)], [1000, 1000]],
    ["half a core each when there is one", 1, [limits(0, null), limits(0, null)], [2000, 2000]],
    ["no more than the limit", 4, [limits(100, 250)], [4000]],
    [
      "by request when there is not enough",
      1,
      [limits(300, null), limits(100, null)],
      [1333, 2000],
    ],
  ])("gives %s", (_name, cores, containers, expected) => {
    const seen = durations(cores, 1000, containers);
    for (const [index, duration] of seen.entries()) {
      expect(duration).toBeGreaterThan((expected[index] ?? 0) * 0.9);
      expect(duration).toBeLessThan((expected[index] ?? 0) * 1.1);
    }
  });

  it("an endless loop lets time pass and does bounded work", () => {
    const machine = new TestMachine();
    let steps = 0;
    machine.run(
      function* (sys): ReturnType<Parameters<Sys["fork"]>[1]> {
        for (;;) {
          if (!sys.tryCharge(1)) yield* sys.charge(1);
          steps += 1;
        }
      },
      {},
      30,
    );
    const before = steps;
    machine.advance(100);
    expect(steps - before).toBeGreaterThan(0);
    expect(steps - before).toBeLessThan(100 * SUSTAINED_STEPS_PER_SECOND * 1.1);
  });

  it("short work runs at the speed of a core", () => {
    const machine = new TestMachine();
    let tookMs = 0;
    machine.run(function* (sys) {
      const begun = sys.nowMs();
      for (let i = 0; i < 10_000; i += 1) if (!sys.tryCharge(1)) yield* sys.charge(1);
      tookMs = sys.nowMs() - begun;
      return 0;
    });
    expect(tookMs).toBeGreaterThanOrEqual(15);
    expect(tookMs).toBeLessThan(60);
  });

  it("a busy container does not hold up others", () => {
    const machine = new TestMachine();
    machine.start({ command: ["sh", "-c", "while :; do :; done"] });
    const { lines } = machine.sh("while true; do echo tick; sleep 1; done", {}, 10.5);
    expect(lines.length).toBeGreaterThanOrEqual(10);
  });

  it("a chain of processes that each make the next takes its time", () => {
    const machine = new TestMachine();
    let made = 0;
    machine.run(
      function* (sys) {
        const next = (own: Sys): void => {
          made += 1;
          own.fork("next", function* (child) {
            next(child);
            return 0;
          });
        };
        next(sys);
        for (;;) yield* sys.wait(-1);
      },
      {},
      1,
    );
    expect(made).toBeLessThan(20_000);
  });

  it("all busy containers of a cluster share one budget", () => {
    const engine = new Engine({ seed: 1, startMs: 0 });
    const machines = [1, 2].map(
      (index) =>
        new TestMachine({
          engine,
          nodeName: `node-${String(index)}`,
          podCidr: `10.244.${String(index)}.0/24`,
        }),
    );
    let steps = 0;
    for (const machine of machines) {
      for (let i = 0; i < 15; i += 1) {
        machine.start(
          machine.program(`spin-${String(i)}`, function* (sys): ReturnType<
            Parameters<Sys["fork"]>[1]
          > {
            for (;;) {
              yield* sys.charge(1);
              steps += 1;
            }
          }),
        );
      }
    }
    engine.runUntil(60_000);
    const before = steps;
    engine.runUntil(70_000);
    expect(steps - before).toBeLessThan(10 * 30_000 * 1.2);
    expect(steps - before).toBeGreaterThan(10 * 30_000 * 0.5);
  });
});
