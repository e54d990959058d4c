import { describe, expect, it } from "vitest";
import type { Pod, PodStatus } from "../../api/index.js";
import { canBeDeleted, mergePodStatus, withTimes } from "./status-merge.js";
import { isSameValue } from "./status-equality.js";

const NOW_MS = 1_767_225_600_000;
const NOW = "2026-01-01T00:00:00Z";
const BEFORE = "2025-12-31T00:00:00Z";

describe("what is written of a status", () => {
  it("COND-1: lastTransitionTime changes with the status only; startTime never (NET-2)", () => {
    const before: PodStatus = {
      startTime: BEFORE,
      conditions: [
        { type: "Ready", status: "False", lastTransitionTime: BEFORE },
        { type: "Initialized", status: "True", lastTransitionTime: BEFORE },
      ],
    };
    const after: PodStatus = {
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Initialized", status: "True" },
      ],
    };
    expect(withTimes(after, before, NOW_MS)).toEqual({
      startTime: BEFORE,
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: NOW },
        { type: "Initialized", status: "True", lastTransitionTime: BEFORE },
      ],
    });
  });

  it("COND-1: others' conditions and fields stay as they are in the API", () => {
    const inApi: PodStatus = {
      phase: "Pending",
      nominatedNodeName: "n",
      conditions: [
        { type: "example.com/gate", status: "True" },
        { type: "Ready", status: "True" },
      ],
    };
    const ours: PodStatus = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
    expect(mergePodStatus(inApi, ours, true, NOW_MS)).toEqual({
      phase: "Running",
      nominatedNodeName: "n",
      conditions: [
        { type: "example.com/gate", status: "True" },
        { type: "Ready", status: "False" },
      ],
    });
  });

  it.each([
    { running: true, phase: "Running", reason: undefined },
    { running: false, phase: "Failed", reason: "Evicted" },
  ])(
    "SIDE-11, TERM-9: containers may run: $running, shown is $phase",
    ({ running, phase, reason }) => {
      const merged = mergePodStatus(
        { phase: "Running" },
        { phase: "Failed", reason: "Evicted" },
        running,
        NOW_MS,
      );
      expect([merged.phase, merged.reason]).toEqual([phase, reason]);
    },
  );

  it("COND-5: what is over is not ready", () => {
    const ready = { type: "Ready", status: "True", observedGeneration: 2 };
    const merged = mergePodStatus({}, { phase: "Succeeded", conditions: [ready] }, false, NOW_MS);
    expect(merged.conditions).toEqual([
      {
        type: "Ready",
        status: "False",
        reason: "PodCompleted",
        lastTransitionTime: NOW,
        observedGeneration: 2,
      },
    ]);
  });

  it("COND-7: DisruptionTarget comes with the terminal phase", () => {
    const ours: PodStatus = {
      phase: "Failed",
      conditions: [{ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet" }],
    };
    const typesWhen = (running: boolean): string[] =>
      (mergePodStatus({ phase: "Running" }, ours, running, NOW_MS).conditions ?? []).map(
        ({ type }) => type,
      );
    expect([typesWhen(true), typesWhen(false)]).toEqual([[], ["DisruptionTarget"]]);
  });

  it.each([
    { deletionTimestamp: NOW, phase: "Succeeded", isFinished: true, expected: true },
    { deletionTimestamp: undefined, phase: "Succeeded", isFinished: true, expected: false },
    { deletionTimestamp: NOW, phase: "Running", isFinished: true, expected: false },
    { deletionTimestamp: NOW, phase: "Failed", isFinished: false, expected: false },
  ])("TERM-9: $phase, finished $isFinished, deleted $deletionTimestamp: $expected", (given) => {
    const pod = {
      metadata: { deletionTimestamp: given.deletionTimestamp },
      status: { phase: given.phase },
    } as unknown as Pod;
    expect(canBeDeleted(pod, given.isFinished)).toBe(given.expected);
  });

  it.each([
    [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [[], {}, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
  ])("%o and %o are the same value: %s", (a, b, expected) => {
    expect(isSameValue(a, b)).toBe(expected);
    expect(isSameValue(b, a)).toBe(expected);
  });
});
