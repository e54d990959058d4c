import { describe, expect, it } from "vitest";
import type { Node, NodeSpec, Pod, PodSpec } from "../../api/index.js";
import { NodeInfo, podInfoOf } from "../node-info.js";
import { filters, type ClusterChange, type PodChange } from "./index.js";

const meta = { uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
let uid = 0;

const aPod = (spec: Partial<PodSpec> = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { ...meta, name: "p", namespace: "default", uid: `pod-${++uid}` },
  spec: { containers: [{ name: "c", image: "i" }], ...spec },
  status: {},
});

const requesting = (requests: Record<string, string>): Partial<PodSpec> => ({
  containers: [{ name: "c", image: "i", resources: { requests } }],
});

const onPort = (hostPort: number, hostIP?: string): Partial<PodSpec> => ({
  containers: [
    {
      name: "c",
      image: "i",
      ports: [{ containerPort: 80, hostPort, ...(hostIP === undefined ? {} : { hostIP }) }],
    },
  ],
});

interface Given {
  readonly given: string;
  readonly pod?: Partial<PodSpec>;
  readonly node?: NodeSpec;
  readonly labels?: Record<string, string>;
  readonly others?: readonly Partial<PodSpec>[];
  readonly expected: readonly string[];
  readonly resolvable?: boolean;
}

const reject = ({
  pod,
  node = {},
  labels = {},
  others = [],
}: Given): readonly [readonly string[], boolean?] => {
  const info = new NodeInfo("node-1");
  const object: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...meta, name: "node-1", labels },
    spec: node,
    status: { allocatable: { cpu: "2", memory: "4Gi", pods: "3" } },
  };
  info.setNode(object);
  for (const other of others) info.addPod(aPod(other));
  for (const filter of filters) {
    const rejection = filter.check(podInfoOf(aPod(pod)), info);
    if (rejection !== null) return [rejection.reasons, rejection.resolvable];
  }
  return [[]];
};

const UNSCHEDULABLE = {
  key: "node.kubernetes.io/unschedulable",
  operator: "Exists",
  effect: "NoSchedule",
};
const affinity = (key: string, operator: string, ...values: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }],
      },
    },
  },
});
const AFFINITY = ["node(s) didn't match Pod's node affinity/selector"];
const PORTS = ["node(s) didn't have free ports for the requested pod ports"];

describe("filters", () => {
  it.each<Given>([
    { given: "nothing special", expected: [] },
    {
      given: "SCHED-9: a cordoned node",
      node: { unschedulable: true },
      expected: ["node(s) were unschedulable"],
    },
    {
      given: "SCHED-9: a cordoned node, tolerated",
      node: { unschedulable: true },
      pod: { tolerations: [UNSCHEDULABLE] },
      expected: [],
    },
    {
      given: "SCHED-5: a taint without value",
      node: { taints: [{ key: "dedicated", effect: "NoSchedule" }] },
      expected: ["node(s) had untolerated taint {dedicated: }"],
    },
    {
      given: "SCHED-5: a NoExecute taint",
      node: { taints: [{ key: "k", value: "v", effect: "NoExecute" }] },
      expected: ["node(s) had untolerated taint {k: v}"],
    },
    {
      given: "SCHED-9: a PreferNoSchedule taint",
      node: { taints: [{ key: "k", effect: "PreferNoSchedule" }] },
      expected: [],
    },
    {
      given: "SCHED-8: a selector that matches",
      pod: { nodeSelector: { disk: "ssd" } },
      labels: { disk: "ssd" },
      expected: [],
    },
    {
      given: "SCHED-8: a selector that does not",
      pod: { nodeSelector: { disk: "ssd" } },
      labels: { disk: "hdd" },
      expected: AFFINITY,
    },
    {
      given: "SCHED-8: In",
      pod: affinity("zone", "In", "a", "b"),
      labels: { zone: "b" },
      expected: [],
    },
    {
      given: "SCHED-8: NotIn",
      pod: affinity("zone", "NotIn", "b"),
      labels: { zone: "b" },
      expected: AFFINITY,
    },
    {
      given: "SCHED-8: NotIn without the label",
      pod: affinity("zone", "NotIn", "b"),
      expected: [],
    },
    { given: "SCHED-8: Exists", pod: affinity("zone", "Exists"), expected: AFFINITY },
    { given: "SCHED-8: DoesNotExist", pod: affinity("zone", "DoesNotExist"), expected: [] },
    {
      given: "SCHED-8: Gt",
      pod: affinity("cores", "Gt", "8"),
      labels: { cores: "16" },
      expected: [],
    },
    {
      given: "SCHED-8: Lt of what is no number",
      pod: affinity("cores", "Lt", "8"),
      labels: { cores: "many" },
      expected: AFFINITY,
    },
    {
      given: "a taken host port",
      pod: onPort(8080),
      others: [onPort(8080)],
      expected: PORTS,
      resolvable: true,
    },
    {
      given: "a host port on another address",
      pod: onPort(8080, "10.0.0.1"),
      others: [onPort(8080, "10.0.0.2")],
      expected: [],
    },
    {
      given: "a host port on all addresses",
      pod: onPort(8080, "10.0.0.1"),
      others: [onPort(8080)],
      expected: PORTS,
      resolvable: true,
    },
    { given: "too many pods", others: [{}, {}, {}], expected: ["Too many pods"], resolvable: true },
    {
      given: "SCHED-5: two resources short",
      pod: requesting({ cpu: "1500m", memory: "3Gi" }),
      others: [requesting({ cpu: "1", memory: "2Gi" })],
      expected: ["Insufficient cpu", "Insufficient memory"],
      resolvable: true,
    },
    {
      given: "more than the node ever has",
      pod: requesting({ cpu: "3" }),
      expected: ["Insufficient cpu"],
    },
    {
      given: "an extended resource",
      pod: requesting({ "example.com/gpu": "1" }),
      expected: ["Insufficient example.com/gpu"],
    },
    {
      given: "SCHED-2: an init container larger than the sum",
      pod: {
        ...requesting({ cpu: "1" }),
        initContainers: [{ name: "i", image: "i", resources: { requests: { cpu: "2" } } }],
      },
      others: [requesting({ cpu: "500m" })],
      expected: ["Insufficient cpu"],
      resolvable: true,
    },
  ])("$given", (given) => {
    const [reasons, resolvable] = reject(given);
    expect(reasons).toEqual(given.expected);
    if (reasons.length > 0) expect(resolvable).toBe(given.resolvable ?? false);
  });
});

describe("SCHED-12: what a rejected pod is tried again for", () => {
  const helps = (plugin: string, spec: Partial<PodSpec>): readonly ClusterChange[] =>
    filters.find((filter) => filter.plugin === plugin)?.helpedBy(podInfoOf(aPod(spec))) ?? [];
  const helpsPod = (plugin: string, spec: Partial<PodSpec>, change: PodChange): boolean =>
    filters
      .find((filter) => filter.plugin === plugin)
      ?.helpedByPod?.(podInfoOf(aPod(spec)), change) ?? false;

  it.each<readonly [string, ClusterChange, boolean]>([
    ["NodeUnschedulable", "node-taints", true],
    ["NodeUnschedulable", "node-labels", false],
    ["TaintToleration", "node-taints", true],
    ["TaintToleration", "node-allocatable", false],
    ["NodeAffinity", "node-labels", true],
    ["NodeAffinity", "node-taints", false],
    ["NodeResourcesFit", "node-allocatable", true],
    ["NodeResourcesFit", "node-labels", false],
  ])("%s, %s: %s", (plugin, change, expected) => {
    expect(helps(plugin, {}).includes(change)).toBe(expected);
  });

  it.each([
    [8080, "10.0.0.1", true],
    [8081, undefined, false],
  ] as const)("NodePorts: a pod is gone that had port %s", (port, address, expected) => {
    const change = { before: aPod(onPort(port, address)), after: null };
    expect(helpsPod("NodePorts", onPort(8080), change)).toBe(expected);
  });

  it.each<readonly [string, PodChange, boolean]>([
    ["one is gone", { before: aPod(), after: null }, true],
    ["one has come", { before: null, after: aPod() }, false],
    [
      "one takes less of it",
      { before: aPod(requesting({ cpu: "1" })), after: aPod(requesting({ cpu: "500m" })) },
      true,
    ],
    [
      "one takes less of something else",
      {
        before: aPod(requesting({ memory: "2Gi" })),
        after: aPod(requesting({ memory: "1Gi" })),
      },
      false,
    ],
  ])("NodeResourcesFit: %s", (_name, change, expected) => {
    expect(helpsPod("NodeResourcesFit", requesting({ cpu: "1" }), change)).toBe(expected);
  });
});
