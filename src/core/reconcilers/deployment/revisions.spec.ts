import { describe, expect, it } from "vitest";
import { MAX_REVISION_HISTORY_CHARACTERS } from "../limits.js";
import { maxRevision, newSetAnnotations, scaleAnnotations } from "./revisions.js";
import { aDeployment, aSet } from "./testing.js";

const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";

const deployment = {
  ...aDeployment(4, { maxSurge: "25%", maxUnavailable: 0 }),
  metadata: {
    ...aDeployment(4).metadata,
    annotations: {
      team: "blue",
      [REVISION]: "7",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    },
  },
};

describe("newSetAnnotations", () => {
  it.each<[string, Record<string, string>, number, Record<string, string>]>([
    ["of a new set", {}, 3, { team: "blue", [REVISION]: "3" }],
    ["one that is the latest stays so", { [REVISION]: "5" }, 3, { team: "blue", [REVISION]: "5" }],
    [
      "rolled back to, it remembers",
      { [REVISION]: "1", own: "kept" },
      4,
      { team: "blue", own: "kept", [REVISION]: "4", [HISTORY]: "1" },
    ],
    [
      "and again",
      { [REVISION]: "4", [HISTORY]: "1" },
      6,
      { team: "blue", [REVISION]: "6", [HISTORY]: "1,4" },
    ],
    [
      "a revision that is no number is left alone",
      { [REVISION]: "first" },
      2,
      { team: "blue", [REVISION]: "first" },
    ],
  ])("%s", (_name, current, revision, expected) => {
    expect(newSetAnnotations(deployment, current, revision)).toEqual(expected);
  });

  it("forgets the oldest revisions where there is no more room", () => {
    const history = "1234,".repeat(MAX_REVISION_HISTORY_CHARACTERS / 5).slice(0, -1);
    const before = { [REVISION]: "9999", [HISTORY]: history };
    const after = newSetAnnotations(deployment, before, 10_000)[HISTORY] ?? "";
    expect(history).toHaveLength(MAX_REVISION_HISTORY_CHARACTERS - 1);
    expect(after).toHaveLength(MAX_REVISION_HISTORY_CHARACTERS - 1);
    expect(after.endsWith(",1234,9999")).toBe(true);
  });
});

describe("what sets remember", () => {
  it("is the size that was wished for, and the most there might have been", () => {
    expect(scaleAnnotations(deployment)).toEqual({
      "deployment.kubernetes.io/desired-replicas": "4",
      "deployment.kubernetes.io/max-replicas": "5",
    });
  });

  it("is their revision, where it is one", () => {
    const sets = ["3", "x", "12"].map((revision) =>
      aSet(revision, { replicas: 0, annotations: { [REVISION]: revision } }),
    );
    expect(maxRevision(sets)).toBe(12);
    expect(maxRevision([])).toBe(0);
  });
});
