import { describe, expect, it } from "vitest";
import { formatTime, type DeploymentCondition, type DeploymentStatus } from "../../api/index.js";
import { findCondition, newCondition, withCondition } from "./deployment-conditions.js";
import { nextDeploymentStatus, nextRolloutStatus, untilStuckMs } from "./deployment-status.js";
import { aDeployment, aSet, type SetGiven } from "./testing.js";

const NOW_MS = Date.UTC(2026, 0, 1);

const progressing = (
  reason: string,
  agoSeconds: number,
  status: "True" | "False" | "Unknown" = "True",
): DeploymentCondition =>
  newCondition("Progressing", status, reason, "", NOW_MS - agoSeconds * 1000);

interface Given {
  readonly current: SetGiven;
  readonly old?: SetGiven;
  readonly before?: DeploymentStatus;
}

const wanted = 3;

const statusOf = ({ current, old, before = {} }: Given): DeploymentStatus => {
  const deployment = { ...aDeployment(wanted), status: before };
  const sets = {
    current: aSet("new", current),
    old: old === undefined ? [] : [aSet("old", old)],
  };
  return nextRolloutStatus(deployment, sets, NOW_MS);
};

describe("nextRolloutStatus", () => {
  it.each<[string, Given, Partial<DeploymentCondition> | undefined]>([
    [
      "more new pods are progress",
      { current: { replicas: 1 }, old: { replicas: 3, available: 3 } },
      { status: "True", reason: "ReplicaSetUpdated", message: 'ReplicaSet "new" is progressing.' },
    ],
    [
      "progress keeps the time of the last transition, not that of the update",
      {
        current: { replicas: 2, available: 1 },
        before: { conditions: [progressing("NewReplicaSetCreated", 30)] },
      },
      {
        reason: "ReplicaSetUpdated",
        lastUpdateTime: formatTime(NOW_MS),
        lastTransitionTime: formatTime(NOW_MS - 30_000),
      },
    ],
    [
      "all of the new and none of the old are done",
      { current: { replicas: 3, available: 3 }, old: { replicas: 0 } },
      {
        status: "True",
        reason: "NewReplicaSetAvailable",
        message: 'ReplicaSet "new" has successfully progressed.',
      },
    ],
    [
      "what was done stays done, though pods fail later",
      {
        current: { replicas: 3, available: 1 },
        before: {
          replicas: 3,
          updatedReplicas: 3,
          availableReplicas: 3,
          readyReplicas: 3,
          conditions: [progressing("NewReplicaSetAvailable", 900)],
        },
      },
      { status: "True", reason: "NewReplicaSetAvailable" },
    ],
    [
      "standing still is nothing to tell of before the deadline",
      {
        current: { replicas: 1 },
        before: {
          replicas: 1,
          updatedReplicas: 1,
          conditions: [progressing("ReplicaSetUpdated", 60)],
        },
      },
      { status: "True", reason: "ReplicaSetUpdated" },
    ],
    [
      "and is after it",
      {
        current: { replicas: 1 },
        before: {
          replicas: 1,
          updatedReplicas: 1,
          conditions: [progressing("ReplicaSetUpdated", 61)],
        },
      },
      {
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: 'ReplicaSet "new" has timed out progressing.',
      },
    ],
    [
      "one that was paused gets its time from its resumption",
      {
        current: { replicas: 1 },
        before: {
          replicas: 1,
          updatedReplicas: 1,
          conditions: [progressing("DeploymentResumed", 30, "Unknown")],
        },
      },
      { status: "Unknown", reason: "DeploymentResumed" },
    ],
  ])("Progressing: %s", (_name, given, expected) => {
    const condition = findCondition(statusOf(given).conditions ?? [], "Progressing");
    expect(condition).toMatchObject(expected ?? {});
  });

  it("a failure of the new set comes before that of an old one", () => {
    const failing = (name: string, reason: string) => {
      const set = aSet(name, { replicas: 1 });
      const lastTransitionTime = formatTime(NOW_MS);
      const condition = { type: "ReplicaFailure", status: "True", reason, lastTransitionTime };
      return { ...set, status: { ...set.status, conditions: [condition] } };
    };
    const sets = {
      current: failing("new", "FailedCreate"),
      old: [failing("old", "FailedDelete")],
    };
    const failureOf = (current: typeof sets.current | null) =>
      findCondition(
        nextRolloutStatus(aDeployment(wanted), { ...sets, current }, NOW_MS).conditions ?? [],
        "ReplicaFailure",
      );
    expect(failureOf(sets.current)).toEqual({
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      lastTransitionTime: formatTime(NOW_MS),
      lastUpdateTime: formatTime(NOW_MS),
    });
    expect(failureOf(null)?.reason).toBe("FailedDelete");
  });
});

describe("nextDeploymentStatus", () => {
  it("counts pods of all sets, and those that the sets still lack", () => {
    const sets = {
      current: { ...aSet("new", { replicas: 2, available: 1 }) },
      old: [aSet("old", { replicas: 3, available: 3 })],
    };
    expect(nextDeploymentStatus(aDeployment(4), sets, NOW_MS)).toMatchObject({
      replicas: 5,
      updatedReplicas: 2,
      readyReplicas: 4,
      availableReplicas: 4,
      unavailableReplicas: 1,
      observedGeneration: 1,
      conditions: [{ type: "Available", status: "True" }],
    });
    expect(nextDeploymentStatus(aDeployment(5), sets, NOW_MS).conditions).toMatchObject([
      { type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
    ]);
  });
});

describe("withCondition", () => {
  it("leaves one of the same status and reason, and keeps the transition of one of the same status", () => {
    const before = [progressing("ReplicaSetUpdated", 30)];
    expect(withCondition(before, progressing("ReplicaSetUpdated", 0))).toBe(before);
    expect(withCondition(before, progressing("NewReplicaSetAvailable", 0))).toMatchObject([
      {
        reason: "NewReplicaSetAvailable",
        lastUpdateTime: formatTime(NOW_MS),
        lastTransitionTime: formatTime(NOW_MS - 30_000),
      },
    ]);
    expect(withCondition(before, progressing("X", 0, "False"))).toMatchObject([
      { lastTransitionTime: formatTime(NOW_MS) },
    ]);
  });
});

describe("untilStuckMs", () => {
  it.each<[string, DeploymentStatus, DeploymentStatus, number | null]>([
    ["not known to progress", {}, {}, null],
    ["timed out", { conditions: [progressing("ProgressDeadlineExceeded", 5, "False")] }, {}, null],
    [
      "a second after the deadline",
      { conditions: [progressing("ReplicaSetUpdated", 20)] },
      {},
      41_000,
    ],
    ["overdue: in a second", { conditions: [progressing("ReplicaSetUpdated", 90)] }, {}, 1000],
    [
      "done",
      { conditions: [progressing("ReplicaSetUpdated", 20)] },
      { replicas: 3, updatedReplicas: 3, availableReplicas: 3, observedGeneration: 1 },
      null,
    ],
  ])("%s", (_name, before, status, expected) => {
    const deployment = { ...aDeployment(wanted), status: before };
    expect(untilStuckMs(deployment, status, NOW_MS)).toBe(expected);
  });
});
