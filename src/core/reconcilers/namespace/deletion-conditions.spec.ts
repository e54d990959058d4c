import { describe, expect, it } from "vitest";
import { deletionConditions } from "./deletion-conditions.js";

describe("deletionConditions", () => {
  it("says in Kubernetes' words what remains", () => {
    const remaining = {
      objects: new Map([
        ["pods", 2],
        ["leases.coordination.k8s.io", 1],
      ]),
      finalizers: new Map([["example.com/hold", 1]]),
    };
    const conditions = deletionConditions([], remaining, "now");
    expect(conditions.map(({ type, status }) => `${type}=${status}`)).toEqual([
      "NamespaceDeletionDiscoveryFailure=False",
      "NamespaceDeletionGroupVersionParsingFailure=False",
      "NamespaceDeletionContentFailure=False",
      "NamespaceContentRemaining=True",
      "NamespaceFinalizersRemaining=True",
    ]);
    expect(conditions[3]?.message).toBe(
      "Some resources are remaining: leases.coordination.k8s.io has 1 resource instances, pods. has 2 resource instances",
    );
    expect(conditions[4]?.message).toBe(
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );
  });

  it("keeps a condition that says the same, with its time", () => {
    const empty = { objects: new Map<string, number>(), finalizers: new Map<string, number>() };
    const first = deletionConditions([], empty, "first");
    const second = deletionConditions(first, empty, "second");
    second.forEach((condition, index) => {
      expect(condition).toBe(first[index]);
    });
  });
});
