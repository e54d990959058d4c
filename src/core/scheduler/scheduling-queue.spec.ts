import { describe, expect, it } from "vitest";
import type { Pod } from "../api/index.js";
import type { PodChange } from "./filters/index.js";
import { SchedulingQueue } from "./scheduling-queue.js";

const aPod = (name: string, priority = 0): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  spec: { containers: [], priority },
  status: {},
});

const drain = (queue: SchedulingQueue): string[] => {
  const names: string[] = [];
  for (let pod = queue.pop(); pod !== null; pod = queue.pop()) names.push(pod.metadata.name);
  return names;
};

describe("SchedulingQueue", () => {
  it("gives out pods by priority, then in the order they came", () => {
    const queue = new SchedulingQueue();
    for (const pod of [
      aPod("a"),
      aPod("urgent", 10),
      aPod("b"),
      aPod("also-urgent", 10),
      aPod("low", -1),
    ])
      queue.add(pod);
    expect(drain(queue)).toEqual(["urgent", "also-urgent", "a", "b", "low"]);
  });

  it("SCHED-12: an unschedulable pod comes back with a change that may help it, not with another", () => {
    const queue = new SchedulingQueue();
    queue.addUnschedulable(aPod("full"), 0, { changes: ["node-allocatable", "node-added"] });
    queue.addUnschedulable(aPod("tainted"), 0, { changes: ["node-taints"] });
    expect([queue.moveOn("node-labels"), drain(queue)]).toEqual([false, []]);
    expect([queue.moveOn("node-allocatable"), drain(queue)]).toEqual([true, ["full"]]);
    expect([queue.moveOn("node-taints"), drain(queue)]).toEqual([true, ["tainted"]]);
  });

  it("SCHED-12: or with what happens to a pod that is in its way", () => {
    const queue = new SchedulingQueue();
    const isHelpedByPod = ({ after }: PodChange): boolean => after === null;
    queue.addUnschedulable(aPod("full"), 0, { changes: [], isHelpedByPod });
    queue.addUnschedulable(aPod("tainted"), 0, { changes: ["node-taints"] });
    expect(queue.moveOnPod({ before: null, after: aPod("other") })).toBe(false);
    expect(queue.moveOnPod({ before: aPod("other"), after: null })).toBe(true);
    expect(drain(queue)).toEqual(["full"]);
  });

  it("SCHED-12: what has waited five minutes comes back in any case", () => {
    const queue = new SchedulingQueue();
    queue.addUnschedulable(aPod("forgotten"), 1000, { changes: [] });
    expect(queue.flush(300_000, 301_000)).toBe(false);
    expect(queue.flush(300_000, 301_001)).toBe(true);
    expect(drain(queue)).toEqual(["forgotten"]);
  });

  it("takes the newest version of a pod, and tries again only what is worth it", () => {
    const queue = new SchedulingQueue();
    queue.addUnschedulable(aPod("waiting"), 0, { changes: [] });
    queue.update(aPod("waiting"), false);
    expect(drain(queue)).toEqual([]);
    queue.update(aPod("waiting"), true);
    expect([drain(queue), queue.unschedulableCount]).toEqual([["waiting"], 0]);
    queue.add(aPod("gone"));
    queue.remove("gone");
    expect(drain(queue)).toEqual([]);
  });
});
