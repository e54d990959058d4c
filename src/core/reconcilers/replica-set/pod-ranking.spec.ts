import { describe, expect, it } from "vitest";
import { formatTime, type Pod } from "../../api/index.js";
import { podsToDelete } from "./pod-ranking.js";

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const MINUTE_MS = 60_000;

interface Given {
  readonly node?: string;
  readonly phase?: string;
  readonly readyMs?: number;
  readonly createdMs?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly uid?: string;
}

/** A pod that has been there and ready for an hour, but for what is given. */
const aPod = (name: string, given: Given = {}): Pod => {
  const { node = "node-1", phase = "Running", cost, restarts = 0, uid = name } = given;
  const { readyMs = 60 * MINUTE_MS, createdMs = 60 * MINUTE_MS } = given;
  const isReady = Number.isFinite(readyMs);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid,
      resourceVersion: "1",
      creationTimestamp: formatTime(NOW_MS - createdMs),
      ...(cost === undefined
        ? {}
        : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [{ name: "c" }], ...(node === "" ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: [
        isReady
          ? { type: "Ready", status: "True", lastTransitionTime: formatTime(NOW_MS - readyMs) }
          : { type: "Ready", status: "False" },
      ],
      containerStatuses: [
        { name: "c", image: "", imageID: "", ready: isReady, restartCount: restarts },
      ],
    },
  };
};

const UNREADY = Number.POSITIVE_INFINITY;

describe("podsToDelete", () => {
  // In each, the second goes first.
  it.each<[string, Given, Given]>([
    ["no node", { readyMs: UNREADY }, { node: "", phase: "Pending", readyMs: UNREADY }],
    ["Pending before Unknown", { phase: "Unknown" }, { phase: "Pending" }],
    ["Unknown before Running", {}, { phase: "Unknown" }],
    ["not ready", { cost: "-1" }, { readyMs: UNREADY, cost: "5" }],
    ["a lower cost", { cost: "3", restarts: 9 }, { cost: "-2" }],
    ["a cost that is none counts as 0", { cost: "1" }, { cost: "007" }],
    ["a cost that does not fit counts as 0", { cost: "1" }, { cost: "99999999999" }],
    ["ready for less long", { readyMs: 60 * MINUTE_MS }, { readyMs: MINUTE_MS }],
    ["more restarts", { readyMs: UNREADY }, { readyMs: UNREADY, restarts: 2 }],
    [
      "younger",
      { readyMs: UNREADY, createdMs: 60 * MINUTE_MS },
      { readyMs: UNREADY, createdMs: MINUTE_MS },
    ],
    [
      "of ages of one magnitude, chance",
      { readyMs: 40 * MINUTE_MS, uid: "b" },
      { readyMs: 41 * MINUTE_MS, uid: "a" },
    ],
  ])("%s", (_name, stays, goes) => {
    const pods = [aPod("stays", stays), aPod("goes", goes)];
    expect(podsToDelete(pods, pods, 1, NOW_MS).map(({ metadata }) => metadata.name)).toEqual([
      "goes",
    ]);
  });

  it("where many of the same controller are", () => {
    const pods = [aPod("alone", { node: "node-1" }), aPod("crowded", { node: "node-2" })];
    const related = [...pods, aPod("sibling", { node: "node-2" })];
    const gone = aPod("gone", { node: "node-1", phase: "Failed" });
    const chosen = podsToDelete(pods, [...related, gone, gone, gone], 1, NOW_MS);
    expect(chosen.map(({ metadata }) => metadata.name)).toEqual(["crowded"]);
  });

  it("all of them need no order", () => {
    const pods = [aPod("a"), aPod("b", { node: "" })];
    expect(podsToDelete(pods, [], 2, NOW_MS)).toEqual(pods);
  });
});
