import { describe, expect, it } from "vitest";
import { fitErrorMessage, preemptionMessage } from "./fit-error.js";
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
        "preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    );
  });
});
