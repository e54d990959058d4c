import { describe, expect, it } from "vitest";
import { labelSelectorFrom, type KubeObject, type ObjectMeta } from "../api/index.js";
import { claimOf, type Claim } from "./controller-reference.js";

const object = (metadata: Partial<ObjectMeta>): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "a",
    uid: "a",
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...metadata,
  },
});

const owned = (uid: string, controller = true) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "o", uid, controller }],
});
const fits = { labels: { app: "web" } };
const going = { deletionTimestamp: "2026-01-01T00:00:00Z" };

describe("claimOf", () => {
  it.each<[string, Partial<ObjectMeta>, Partial<ObjectMeta>, Claim]>([
    ["its own that matches", { ...fits, ...owned("o") }, {}, "own"],
    ["its own on its way out", { ...fits, ...owned("o"), ...going }, {}, "own"],
    ["its own that matches no more", owned("o"), {}, "release"],
    ["nothing is released by who goes", owned("o"), going, "ignore"],
    ["another's", { ...fits, ...owned("p") }, {}, "ignore"],
    ["an orphan that matches", fits, {}, "adopt"],
    ["an owner that is no controller", { ...fits, ...owned("p", false) }, {}, "adopt"],
    ["an orphan that does not match", {}, {}, "ignore"],
    ["an orphan on its way out", { ...fits, ...going }, {}, "ignore"],
    ["nothing is adopted by who goes", fits, going, "ignore"],
  ])("%s", (_name, given, owner, expected) => {
    const selector = labelSelectorFrom({ matchLabels: fits.labels });
    expect(claimOf(object(given), object({ uid: "o", ...owner }), selector)).toBe(expected);
  });
});
