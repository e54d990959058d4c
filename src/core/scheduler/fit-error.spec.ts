import { describe, expect, it } from "vitest";
import { fitErrorMessage, preemptionMessage, preFilterMessage } from "./fit-error.js";
import type { Rejection } from "./filters/index.js";

const rejected = (resolvable: boolean, ...reasons: string[]): Rejection => ({
  plugin: "x",
  reasons,
  resolvable,
});

describe("fitErrorMessage", () => {
  it("SCHED-4: counts each reason and sorts the counted reasons as text", () => {
    const rejections = [
      rejected(true, "Insufficient cpu", "Insufficient memory"),
      rejected(true, "Insufficient cpu"),
      rejected(false, "node(s) had untolerated taint {dedicated: gpu}"),
    ];
    expect(fitErrorMessage(rejections, preemptionMessage(rejections))).toBe(
      "0/3 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient cpu. " +
        "no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    );
  });

  it("SCHED-4: adds nothing while pods are being evicted", () => {
    expect(fitErrorMessage([rejected(true, "Insufficient cpu")], null)).toBe(
      "0/1 nodes are available: 1 Insufficient cpu.",
    );
  });

  it("SCHED-4, VOL-2: ends with the error of a plugin that was not asked, when no node was looked at", () => {
    expect(preFilterMessage(2, 'persistentvolumeclaim "data" not found')).toBe(
      '0/2 nodes are available: persistentvolumeclaim "data" not found. not found',
    );
  });
});
