import { describe, expect, it } from "vitest";
import { labelSelectorFrom, type Node, type Pod } from "../../api/index.js";
import { NodeInfo, podInfoOf, type PodInfo } from "../node-info.js";
import { defaultSpreadConstraints } from "../topology/spread-constraints.js";
import { topologySpread } from "./topology-spread.js";

const aPod = (name: string, app: string, more: Partial<Pod["metadata"]> = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: { app },
    ...more,
  },
  spec: { containers: [{ name: "c" }] },
  status: {},
});

let pods = 0;

/** A node with so many pods of the app. */
const aNode = (name: string, count: number, zone?: string): NodeInfo => {
  const info = new NodeInfo(name);
  const labels = {
    "kubernetes.io/hostname": name,
    ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
  };
  info.setNode({ metadata: { name, labels }, spec: {}, status: {} } as unknown as Node);
  for (let index = 0; index < count; index += 1) info.addPod(aPod(`p-${(pods += 1)}`, "web"));
  return info;
};

const spread: PodInfo = {
  ...podInfoOf(aPod("new", "web")),
  softSpread: defaultSpreadConstraints(labelSelectorFrom({ matchLabels: { app: "web" } })),
};

describe("topologySpread", () => {
  it.each<[string, NodeInfo[], number[]]>([
    ["no pods anywhere", [aNode("a", 0), aNode("b", 0), aNode("c", 0)], [100, 100, 100]],
    ["fewer are better", [aNode("a", 0), aNode("b", 1), aNode("c", 2)], [100, 60, 40]],
    [
      "a zone with fewer, too",
      [aNode("a", 1, "east"), aNode("b", 1, "east"), aNode("c", 1, "west")],
      [90, 90, 100],
    ],
  ])("%s", (_name, nodes, expected) => {
    expect(topologySpread.rate(spread, nodes, nodes)).toEqual(expected);
  });

  it("counts the pods of a zone also where the pod can not go", () => {
    const [a, b] = [aNode("a", 0, "east"), aNode("b", 0, "west")];
    const scores = topologySpread.rate(spread, [a, b], [a, b, aNode("full", 5, "east")]);
    expect(scores?.[0]).toBeLessThan(scores?.[1] ?? 0);
  });

  it("leaves out what goes, what is in other namespaces, and other apps", () => {
    const node = aNode("a", 0);
    node.addPod(aPod("going", "web", { deletionTimestamp: "2026-01-01T00:00:00Z" }));
    node.addPod(aPod("elsewhere", "web", { namespace: "other" }));
    node.addPod(aPod("db", "db"));
    const nodes = [node, aNode("b", 0)];
    expect(topologySpread.rate(spread, nodes, nodes)).toEqual([100, 100]);
  });

  it("has nothing to say of a pod that belongs to nobody", () => {
    const nodes = [aNode("a", 1), aNode("b", 0)];
    expect(topologySpread.rate(podInfoOf(aPod("lone", "web")), nodes, nodes)).toBeNull();
  });
});
