import { describe, expect, it } from "vitest";
import type { Pod, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from "../../api/index.js";
import { rejectionOf } from "../filters/index.js";
import { podInfoOf, type NodeInfo, type PodInfo } from "../node-info.js";
import { preempt } from "../preemption.js";
import { interPodAffinityScore } from "../scores/inter-pod-affinity.js";
import { topologySpread } from "../scores/topology-spread.js";
import { aNode, aPod } from "../testing/simple-objects.js";
import { AffinityCounts } from "./affinity-counts.js";
import { SpreadCounts } from "./spread-counts.js";
import { spreadConstraintsOf } from "./spread-constraints.js";

const ZONE = "zone";
const HOST = "kubernetes.io/hostname";
const WEB = { matchLabels: { app: "web" } };
const NAMESPACES: Record<string, Record<string, string>> = {
  default: {},
  blue: { team: "blue" },
};

const app = (name: string, namespace = "default"): Pod =>
  aPod({}, { labels: { app: name }, namespace });
const apps = (name: string, count: number): Pod[] => Array.from({ length: count }, () => app(name));

const prepared = (pod: Pod, nodes: readonly NodeInfo[]): PodInfo => {
  const info = podInfoOf(pod);
  const namespaceLabels = (namespace: string): Record<string, string> | undefined =>
    NAMESPACES[namespace];
  const spread = SpreadCounts.of(pod, nodes);
  const neighbours = AffinityCounts.of(info, nodes, namespaceLabels);
  return {
    ...info,
    ...(spread === null ? {} : { spread }),
    ...(neighbours === null ? {} : { neighbours }),
    softSpread: spreadConstraintsOf(pod, "ScheduleAnyway"),
    namespaceLabels,
  };
};

const AFFINITY = "node(s) didn't match pod affinity rules";
const ANTI = "node(s) didn't match pod anti-affinity rules";
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules";
const SKEW = "node(s) didn't match pod topology spread constraints";
const NO_LABEL = `${SKEW} (missing required label)`;

/** What keeps a pod from each node; null where it may go. */
const verdicts = (pod: Pod, nodes: readonly NodeInfo[]): (string | null)[] => {
  const info = prepared(pod, nodes);
  return nodes.map((node) => rejectionOf(info, node)?.reasons.join() ?? null);
};

const near = (...terms: Partial<PodAffinityTerm>[]): Partial<PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms.map(term) } },
});
const apart = (...terms: Partial<PodAffinityTerm>[]): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms.map(term) },
  },
});
const term = (partial: Partial<PodAffinityTerm>): PodAffinityTerm => ({
  topologyKey: ZONE,
  labelSelector: WEB,
  ...partial,
});

const east = (...pods: Pod[]): NodeInfo =>
  aNode(`east-${String(pods.length)}`, { zone: "east" }, pods);
const west = (...pods: Pod[]): NodeInfo =>
  aNode(`west-${String(pods.length)}`, { zone: "west" }, pods);
const nowhere = (...pods: Pod[]): NodeInfo => aNode("nowhere", {}, pods);

describe("what pods want beside them, and what not", () => {
  it.each<readonly [string, Pod, readonly NodeInfo[], readonly (string | null)[]]>([
    [
      "goes to the zone of the pod it needs, on any of its nodes",
      aPod(near({})),
      [east(app("web")), east(), west(), nowhere()],
      [null, null, AFFINITY, AFFINITY],
    ],
    [
      "has no place where what it needs is not there",
      aPod(near({})),
      [east(app("db")), west()],
      [AFFINITY, AFFINITY],
    ],
    [
      "is the first of its kind, and goes where the label is",
      aPod(near({}), { labels: { app: "web" } }),
      [east(app("db")), nowhere()],
      [null, AFFINITY],
    ],
    [
      "needs one pod that is all it asks for, not one for each term",
      aPod(near({}, { labelSelector: { matchLabels: { tier: "front" } } })),
      [east(app("web"), aPod({}, { labels: { tier: "front" } })), west()],
      [AFFINITY, AFFINITY],
    ],
    [
      "stays away from the zone of what it does not want",
      aPod(apart({})),
      [east(app("web")), east(), west(), nowhere()],
      [ANTI, ANTI, null, null],
    ],
    [
      "is not let in by pods that do not want it",
      app("web"),
      [east(aPod(apart({}))), west()],
      [EXISTING, null],
    ],
    [
      "looks in its own namespace unless it says so",
      aPod(apart({})),
      [east(app("web", "blue")), west(app("web"))],
      [null, ANTI],
    ],
    [
      "looks in the namespaces that it names",
      aPod(apart({ namespaces: ["blue"] })),
      [east(app("web", "blue")), west(app("web"))],
      [ANTI, null],
    ],
    [
      "looks in the namespaces that its selector takes",
      aPod(apart({ namespaceSelector: { matchLabels: { team: "blue" } } })),
      [east(app("web", "blue")), west(app("web"))],
      [ANTI, null],
    ],
    [
      "looks in all namespaces by an empty selector",
      aPod(apart({ namespaceSelector: {} })),
      [east(app("web", "blue")), west(app("web"))],
      [ANTI, ANTI],
    ],
    [
      "does not speak of any pod without a selector",
      aPod({
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE }],
          },
        },
      }),
      [east(app("web"))],
      [null],
    ],
  ])("a pod %s", (_name, pod, nodes, expected) => {
    expect(verdicts(pod, nodes)).toEqual(expected);
  });

  it.each<readonly [string, Partial<PodSpec>, Pod | null, Pod | null, boolean]>([
    ["what it needs comes", near({}), null, app("web"), true],
    ["something else comes", near({}), null, app("db"), false],
    ["something becomes what it needs", near({}), app("db"), app("web"), true],
    ["what it does not want goes", apart({}), app("web"), null, true],
    ["what it does not want becomes something else", apart({}), app("web"), app("db"), true],
    ["something else goes", apart({}), app("db"), null, false],
  ])("is tried again when %s", (_name, spec, before, after, expected) => {
    const info = prepared(aPod(spec), [east(app("web"))]);
    expect(info.neighbours?.isHelpedBy({ before, after })).toBe(expected);
  });

  it("is tried again when a pod goes that did not want it", () => {
    const unfriendly = aPod(apart({}));
    const info = prepared(app("web"), [east(unfriendly)]);
    expect(info.neighbours?.isHelpedBy({ before: unfriendly, after: null })).toBe(true);
  });
});

const spreading = (
  more: Partial<TopologySpreadConstraint> = {},
  spec: Partial<PodSpec> = {},
): Pod => {
  const constraint = {
    maxSkew: 1,
    topologyKey: ZONE,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: WEB,
  };
  return aPod(
    { ...spec, topologySpreadConstraints: [{ ...constraint, ...more }] },
    { labels: { app: "web" } },
  );
};

describe("how evenly pods must lie", () => {
  const tainted = aNode("tainted", { zone: "north" }, [], {
    taints: [{ key: "k", effect: "NoSchedule" }],
  });

  it.each<readonly [string, Pod, readonly NodeInfo[], readonly (string | null)[]]>([
    [
      "the fuller zone is closed",
      spreading(),
      [east(app("web")), east(), west()],
      [SKEW, SKEW, null],
    ],
    [
      "within the skew both are open",
      spreading({ maxSkew: 2 }),
      [east(app("web")), west()],
      [null, null],
    ],
    ["a node without the label is no place", spreading(), [east(), nowhere()], [null, NO_LABEL]],
    [
      "other namespaces and pods on their way out do not count",
      spreading(),
      [
        east(
          app("web", "blue"),
          aPod({}, { labels: { app: "web" }, deletionTimestamp: "2026-01-01T00:00:00Z" }),
        ),
        west(),
      ],
      [null, null],
    ],
    [
      "with too few domains, the emptiest is one that is not there",
      spreading({ minDomains: 3 }),
      [east(app("web")), west(app("web"))],
      [SKEW, SKEW],
    ],
    [
      "a zone that its node selector rules out is not the emptiest",
      spreading({}, { nodeSelector: { zone: "east" } }),
      [east(app("web")), west()],
      [null, "node(s) didn't match Pod's node affinity/selector"],
    ],
    [
      "but is with nodeAffinityPolicy Ignore",
      spreading({ nodeAffinityPolicy: "Ignore" }, { nodeSelector: { zone: "east" } }),
      [east(app("web")), west()],
      [SKEW, "node(s) didn't match Pod's node affinity/selector"],
    ],
    [
      "a zone of tainted nodes is the emptiest",
      spreading(),
      [east(app("web")), tainted],
      [SKEW, "node(s) had untolerated taint {k: }"],
    ],
    [
      "but not with nodeTaintsPolicy Honor",
      spreading({ nodeTaintsPolicy: "Honor" }),
      [east(app("web")), tainted],
      [null, "node(s) had untolerated taint {k: }"],
    ],
    [
      "a pod that is none of those it counts adds nothing",
      spreading({ labelSelector: { matchLabels: { app: "db" } } }),
      [east(app("db")), west()],
      [null, null],
    ],
  ])("%s", (_name, pod, nodes, expected) => {
    expect(verdicts(pod, nodes)).toEqual(expected);
  });
});

describe("what makes room", () => {
  const urgent = (spec: Partial<PodSpec>): Pod =>
    aPod({ ...spec, priority: 10 }, { labels: { app: "web" } });
  const victimsOf = (pod: Pod, nodes: readonly NodeInfo[]): readonly string[] | string => {
    const info = prepared(pod, nodes);
    const rejections = new Map(
      nodes.flatMap((node) => {
        const rejection = rejectionOf(info, node);
        return rejection === null ? [] : [[node, rejection] as const];
      }),
    );
    const result = preempt(info, nodes, rejections);
    return result.node === null
      ? result.message
      : result.victims.map(({ metadata }) => metadata.name);
  };

  it("SCHED-10: the pods that it does not want, and no others", () => {
    const [unwanted, other] = [app("web"), app("db")];
    expect(victimsOf(urgent(apart({ topologyKey: HOST })), [east(unwanted, other)])).toEqual([
      unwanted.metadata.name,
    ]);
  });

  it("SCHED-10: the pods that are too many", () => {
    const [first, second] = [app("web"), app("web")];
    const constraint = {
      maxSkew: 1,
      topologyKey: ZONE,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: WEB,
    };
    const pod = urgent({ topologySpreadConstraints: [constraint], nodeSelector: { zone: "east" } });
    const ignoring = {
      ...pod,
      spec: {
        ...pod.spec,
        topologySpreadConstraints: [{ ...constraint, nodeAffinityPolicy: "Ignore" }],
      },
    };
    expect(victimsOf(ignoring, [east(first, second), west()])).toHaveLength(2);
    expect(victimsOf(ignoring, [east(first, second), west(app("web"))])).toHaveLength(1);
  });

  it("SCHED-6: nobody, where what it needs is missing", () => {
    expect(
      victimsOf(urgent(near({ labelSelector: { matchLabels: { app: "db" } } })), [east()]),
    ).toBe("0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
  });
});

const preferring = (
  kind: "podAffinity" | "podAntiAffinity",
  weight: number,
  partial: Partial<PodAffinityTerm> = {},
): Partial<PodSpec> => ({
  affinity: {
    [kind]: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(partial) }],
    },
  },
});

describe("what a pod likes better", () => {
  it.each<readonly [string, Pod, readonly NodeInfo[], readonly number[] | null]>([
    [
      "the zone of what it likes",
      aPod(preferring("podAffinity", 5)),
      [east(app("web")), east(), west()],
      [100, 100, 0],
    ],
    [
      "away from what it dislikes",
      aPod(preferring("podAntiAffinity", 5)),
      [east(app("web")), west()],
      [0, 100],
    ],
    [
      "in proportion",
      aPod(preferring("podAffinity", 5, { topologyKey: HOST })),
      [aNode("a", {}, apps("web", 4)), aNode("b", {}, apps("web", 1)), aNode("c", {}, [])],
      [100, 25, 0],
    ],
    ["where it is liked", app("web"), [east(), west(aPod(preferring("podAffinity", 1)))], [0, 100]],
    ["where it is needed", app("web"), [east(), west(aPod(near({})))], [0, 100]],
    [
      "where nobody dislikes it",
      app("web"),
      [east(), west(aPod(preferring("podAntiAffinity", 1)))],
      [100, 0],
    ],
    ["nothing, where nobody has wishes", app("web"), [east(app("web")), west()], null],
  ])("%s", (_name, pod, nodes, expected) => {
    expect(interPodAffinityScore.rate(prepared(pod, nodes), nodes, nodes)).toEqual(expected);
  });

  it.each<readonly [string, Pod, readonly NodeInfo[], readonly number[] | null]>([
    [
      "the emptier zone",
      spreading({ whenUnsatisfiable: "ScheduleAnyway" }),
      [east(...apps("web", 2)), west()],
      [0, 100],
    ],
    [
      "no node without the label",
      spreading({ whenUnsatisfiable: "ScheduleAnyway" }),
      [east(), nowhere()],
      [100, 0],
    ],
    ["none, where it must be even", spreading(), [east(...apps("web", 2)), west()], null],
  ])("by its own constraints, %s", (_name, pod, nodes, expected) => {
    expect(topologySpread.rate(prepared(pod, nodes), nodes, nodes)).toEqual(expected);
  });
});
