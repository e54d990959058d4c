import { describe, expect, it } from "vitest";
import type { Taint, Toleration } from "../../api/index.js";
import { toleratedMs } from "./toleration-time.js";

const unreachable: Taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
const maintenance: Taint = { key: "maintenance", value: "now", effect: "NoExecute" };
const tolerate = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

describe("NODE-6: how long a pod may stay", () => {
  it.each<{ given: string; taints: Taint[]; tolerations: Toleration[]; expected: number }>([
    { given: "no toleration", taints: [unreachable], tolerations: [], expected: 0 },
    {
      given: "a time",
      taints: [unreachable],
      tolerations: [tolerate(unreachable.key, 300)],
      expected: 300_000,
    },
    {
      given: "no time",
      taints: [unreachable],
      tolerations: [tolerate(unreachable.key)],
      expected: Infinity,
    },
    {
      given: "a negative time",
      taints: [unreachable],
      tolerations: [tolerate(unreachable.key, -5)],
      expected: 0,
    },
    {
      given: "one of two taints tolerated",
      taints: [unreachable, maintenance],
      tolerations: [tolerate(unreachable.key, 300)],
      expected: 0,
    },
    {
      given: "two times",
      taints: [unreachable, maintenance],
      tolerations: [tolerate(unreachable.key, 300), tolerate("maintenance", 20)],
      expected: 20_000,
    },
    {
      given: "only NoSchedule taints",
      taints: [{ key: "x", effect: "NoSchedule" }],
      tolerations: [],
      expected: Infinity,
    },
  ])("$given", ({ taints, tolerations, expected }) => {
    expect(toleratedMs(taints, tolerations)).toBe(expected);
  });
});
