import { describe, expect, it } from "vitest";
import type { Deployment, ReplicaSet } from "../../api/index.js";
import { isScalingEvent, planRollingUpdate, planScaling } from "./scaling.js";
import { aDeployment, aSet, type SetGiven } from "./testing.js";

const planned = (plan: readonly { set: string; replicas: number }[]): [string, number][] =>
  plan.map(({ set, replicas }) => [set, replicas]);

const setsOf = (given: readonly SetGiven[]): { current: ReplicaSet; old: ReplicaSet[] } => {
  const [current, ...old] = given.map((one, index) =>
    aSet(index === 0 ? "new" : `old-${index}`, one),
  );
  if (current === undefined) throw new Error("there is a new set");
  return { current, old };
};

describe("planRollingUpdate", () => {
  it.each<[string, Deployment, readonly SetGiven[], [string, number][]]>([
    [
      "grows the new set as far as the surge allows",
      aDeployment(10, { maxSurge: 3, maxUnavailable: 2 }),
      [{ replicas: 0 }, { replicas: 10, available: 10 }],
      [["new", 3]],
    ],
    [
      "then shrinks the old one as far as enough stay available",
      aDeployment(10, { maxSurge: 3, maxUnavailable: 2 }),
      [{ replicas: 3 }, { replicas: 10, available: 10 }],
      [["old-1", 8]],
    ],
    [
      "new pods that are not available take nothing away",
      aDeployment(10, { maxSurge: 3, maxUnavailable: 2 }),
      [{ replicas: 5 }, { replicas: 8, available: 8 }],
      [],
    ],
    [
      "those that are unavailable go first, of the oldest set",
      aDeployment(10, { maxSurge: 3, maxUnavailable: 2 }),
      [
        { replicas: 5, available: 5 },
        { replicas: 6, available: 3, createdMs: 0 },
        { replicas: 2, available: 0, createdMs: 1000 },
      ],
      [
        ["old-1", 3],
        ["old-2", 0],
      ],
    ],
    [
      "a new set that is too large shrinks at once",
      aDeployment(2, { maxSurge: 1, maxUnavailable: 0 }),
      [
        { replicas: 5, available: 5 },
        { replicas: 1, available: 1 },
      ],
      [["new", 2]],
    ],
    [
      "percentages: the surge is rounded up, what may be missing down",
      aDeployment(3, { maxSurge: "25%", maxUnavailable: "25%" }),
      [{ replicas: 0 }, { replicas: 3, available: 3 }],
      [["new", 1]],
    ],
    [
      "percentages of nothing still let one go",
      aDeployment(1, { maxSurge: 0, maxUnavailable: "1%" }),
      [{ replicas: 0 }, { replicas: 1, available: 1 }],
      [["old-1", 0]],
    ],
    [
      "nothing is left to do",
      aDeployment(3, { maxSurge: 1, maxUnavailable: 1 }),
      [{ replicas: 3, available: 3 }, { replicas: 0 }],
      [],
    ],
  ])("%s", (_name, deployment, given, expected) => {
    const { current, old } = setsOf(given);
    expect(planned(planRollingUpdate(deployment, current, old))).toEqual(expected);
  });
});

describe("planScaling", () => {
  it.each<[string, Deployment, readonly SetGiven[], [string, number][]]>([
    ["a single set gets all", aDeployment(5), [{ replicas: 3 }, { replicas: 0 }], [["new", 5]]],
    ["none at all: the newest", aDeployment(5), [{ replicas: 0 }, { replicas: 0 }], [["new", 5]]],
    [
      "a new set that has all makes old ones go",
      aDeployment(5),
      [{ replicas: 5, available: 5, desired: 5 }, { replicas: 2 }],
      [["old-1", 0]],
    ],
    [
      "several share by size",
      aDeployment(15, { maxSurge: 3, maxUnavailable: 2 }),
      [
        { replicas: 5, max: 13 },
        { replicas: 8, max: 13 },
      ],
      [
        ["old-1", 11],
        ["new", 7],
      ],
    ],
    [
      "what rounding leaves goes to the largest",
      aDeployment(6, { maxSurge: 0, maxUnavailable: 1 }),
      [
        { replicas: 2, max: 5, createdMs: 1000 },
        { replicas: 3, max: 5, createdMs: 0 },
      ],
      [
        ["old-1", 4],
        ["new", 2],
      ],
    ],
    [
      "downwards as well",
      aDeployment(5, { maxSurge: 0, maxUnavailable: 1 }),
      [
        { replicas: 4, max: 10 },
        { replicas: 6, max: 10 },
      ],
      [
        ["old-1", 3],
        ["new", 2],
      ],
    ],
    [
      "to nothing",
      aDeployment(0, { maxSurge: 1, maxUnavailable: 1 }),
      [
        { replicas: 4, max: 11 },
        { replicas: 6, max: 11 },
      ],
      [
        ["old-1", 0],
        ["new", 0],
      ],
    ],
    [
      "without what they were, nothing can be shared but the rest",
      aDeployment(6, { maxSurge: 0, maxUnavailable: 1 }),
      [{ replicas: 2 }, { replicas: 3 }],
      [
        ["old-1", 4],
        ["new", 2],
      ],
    ],
  ])("%s", (_name, deployment, given, expected) => {
    expect(planned(planScaling(deployment, setsOf(given)))).toEqual(expected);
  });
});

describe("isScalingEvent", () => {
  it.each<[string, SetGiven, boolean]>([
    ["wanted as before", { replicas: 3, desired: 4 }, false],
    ["wanted otherwise", { replicas: 3, desired: 3 }, true],
    ["of a set without pods nobody asks", { replicas: 0, desired: 3 }, false],
    ["of one that says nothing neither", { replicas: 3 }, false],
  ])("%s", (_name, given, expected) => {
    expect(isScalingEvent(aDeployment(4), setsOf([given]))).toBe(expected);
  });
});
