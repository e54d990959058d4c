import { describe, expect, it } from "vitest";
import { resourceByStorage, type Event, type Node, type Pod } from "../api/index.js";
import type { JournalEntry } from "../store/index.js";
import { Cluster } from "./cluster.js";
import type { MachineAction } from "./machine.js";

const START_MS = Date.UTC(2026, 0, 1);

const aCluster = (
  names = ["node-1", "node-2"],
  onCommit: (entry: JournalEntry) => void = () => undefined,
) => {
  const nodes = names.map((name) => ({ name, capacity: {}, labels: {}, taints: [] }));
  const cluster = new Cluster({ seed: 1, startMs: START_MS, nodes, pullTimeScale: 0, onCommit });
  const { engine } = cluster;
  const advance = (seconds: number) => engine.runUntil(engine.nowMs + seconds * 1000);
  const list = (storage: string, namespace = ""): readonly unknown[] => {
    const outcome = cluster.execute({
      type: "api",
      request: { verb: "list", resource: resourceByStorage(storage), namespace, options: {} },
    });
    if (!("response" in outcome)) throw new Error("no list");
    return (outcome.response.body as unknown as { items: readonly unknown[] }).items;
  };
  const create = (name: string, nodeName: string, spec: object = {}) => {
    const outcome = cluster.execute({
      type: "api",
      request: {
        verb: "create",
        resource: resourceByStorage("pods"),
        namespace: "kube-system",
        body: {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name },
          spec: {
            nodeName,
            containers: [{ name: "c", image: "busybox", command: ["sleep", "100000"] }],
            ...spec,
          },
        },
        options: {},
      },
    });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.status));
  };
  const remove = (name: string) =>
    cluster.execute({
      type: "api",
      request: {
        verb: "delete",
        resource: resourceByStorage("pods"),
        namespace: "kube-system",
        name,
        options: {},
      },
    });
  const act = (name: string, action: MachineAction) => {
    const outcome = cluster.execute({ type: "act-on-node", name, action });
    return outcome.ok ? ("machine" in outcome ? outcome.machine : null) : outcome.status;
  };
  const node = (name = "node-1") =>
    (list("nodes") as readonly Node[]).find(({ metadata }) => metadata.name === name);
  const ready = (name = "node-1") =>
    node(name)?.status.conditions?.find(({ type }) => type === "Ready");
  const pod = (name: string) =>
    (list("pods") as readonly Pod[]).find(({ metadata }) => metadata.name === name) ?? null;
  const events = () =>
    (list("events") as readonly Event[]).map(({ reason, message }) => `${reason}: ${message}`);
  advance(10);
  return { cluster, advance, create, remove, act, node, ready, pod, events };
};

const taintsOf = (node: Node | undefined) =>
  (node?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();

describe("a machine without power", () => {
  it("NODE-3, NODE-4, NODE-6, NODE-7: is silent, Unknown, tainted; its pods are evicted after 300 s and end when it is back", () => {
    const { advance, create, act, node, ready, pod, events } = aCluster();
    create("p", "node-1");
    advance(10);
    expect(pod("p")?.status.phase).toBe("Running");
    expect(act("node-1", "poweroff")).toEqual({ name: "node-1", state: "off", isReachable: false });
    advance(30);
    expect(ready()?.status).toBe("True");
    advance(35);
    expect(ready()).toMatchObject({ status: "Unknown", reason: "NodeStatusUnknown" });
    expect(taintsOf(node())).toEqual([
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/unreachable:NoSchedule",
    ]);
    expect(pod("p")?.metadata.deletionTimestamp).toBeUndefined();
    advance(310);
    expect(pod("p")?.metadata.deletionTimestamp).toBeDefined();
    act("node-1", "heal");
    advance(60);
    expect(pod("p")).toBeNull();
    expect(ready()?.status).toBe("True");
    expect(taintsOf(node())).toEqual([]);
    expect(events().some((text) => text.startsWith("Rebooted: "))).toBe(true);
  });

  it("NODE-10: has lost what ran on it, and starts it again after a reboot", () => {
    const { advance, create, act, pod, cluster } = aCluster();
    create("p", "node-1");
    advance(10);
    const before = pod("p")?.status;
    expect(act("node-1", "reboot")).toMatchObject({ state: "booting" });
    const exec = () =>
      cluster.execute({
        type: "exec",
        action: {
          kind: "check",
          query: {
            namespace: "kube-system",
            pod: "p",
            command: ["ls"],
            stdin: false,
            stdout: true,
            stderr: true,
            tty: false,
          },
        },
      });
    expect(exec()).toMatchObject({ exec: { accepted: false, by: "node" } });
    advance(35);
    expect(exec()).toMatchObject({ exec: { accepted: true } });
    const after = pod("p")?.status;
    expect(after).toMatchObject({
      phase: "Running",
      containerStatuses: [
        { restartCount: 1, lastState: { terminated: { exitCode: 255, reason: "Unknown" } } },
      ],
    });
    expect(after?.containerStatuses?.[0]?.containerID).not.toBe(
      before?.containerStatuses?.[0]?.containerID,
    );
  });

  it("NODE-10: what is not started again still says as whom it ran", () => {
    const { advance, create, act, pod } = aCluster();
    create("p", "node-1", { restartPolicy: "Never" });
    advance(10);
    const user = { linux: { uid: 0, gid: 0, supplementalGroups: [0, 10] } };
    expect(pod("p")?.status.containerStatuses).toMatchObject([{ user }]);
    act("node-1", "reboot");
    advance(35);
    expect(pod("p")?.status.containerStatuses).toMatchObject([
      { user, state: { terminated: { exitCode: 255 } } },
    ]);
  });

  it("starts nothing more of what its kubelet was about to start", () => {
    const { advance, create, act, pod, events } = aCluster();
    create("p", "node-1");
    advance(0.2);
    expect(pod("p")?.status.containerStatuses?.[0]?.state?.waiting).toBeDefined();
    act("node-1", "poweroff");
    advance(30);
    expect(pod("p")?.status.phase).toBe("Pending");
    expect(events()).not.toContain("Started: Started container c");
  });

  it("RESTART-8: the count of restarts goes on after two reboots, also of a container that waits", () => {
    const { advance, create, act, pod } = aCluster();
    const slow = { name: "slow", image: "busybox", command: ["sleep", "60"] };
    create("p", "node-1", { initContainers: [slow] });
    advance(70);
    act("node-1", "reboot");
    advance(40);
    act("node-1", "reboot");
    advance(120);
    expect(pod("p")?.status).toMatchObject({
      phase: "Running",
      initContainerStatuses: [{ restartCount: 2 }],
      containerStatuses: [{ restartCount: 1 }],
    });
  });

  it("PHASE-11, NODE-8: its pods keep their phase, and are Terminating once they are evicted: nobody says NodeLost any more", () => {
    const { advance, create, act, pod, ready } = aCluster();
    create("p", "node-1");
    advance(10);
    act("node-1", "poweroff");
    for (let passed = 0; passed < 600; passed += 20) {
      advance(20);
      expect(pod("p")?.status.phase).toBe("Running");
      expect(pod("p")?.status.reason).toBeUndefined();
    }
    expect(ready()?.status).toBe("Unknown");
    expect(pod("p")?.metadata.deletionTimestamp).toBeDefined();
  });

  it("frees its addresses: what listened there is gone", () => {
    const { advance, create, act, pod } = aCluster();
    const server = { name: "c", image: "busybox", command: ["httpd", "-f", "-p", "80"] };
    create("server", "node-1", { containers: [server] });
    advance(10);
    const address = pod("server")?.status.podIP ?? "";
    const client = (name: string) =>
      create(name, "node-2", {
        restartPolicy: "Never",
        containers: [
          { name: "c", image: "busybox", command: ["nc", "-z", "-w", "2", address, "80"] },
        ],
      });
    client("before");
    advance(10);
    expect(pod("before")?.status.phase).toBe("Succeeded");
    act("node-1", "poweroff");
    client("after");
    advance(10);
    expect(pod("after")?.status.phase).toBe("Failed");
  });
});

describe("a machine that is cut off", () => {
  it("NODE-3, NODE-6: goes on running its pods, is Unknown meanwhile, and does what it missed when it is healed", () => {
    const { advance, create, act, ready, pod } = aCluster();
    create("stays", "node-1", {
      tolerations: [{ operator: "Exists" }],
    });
    create("goes", "node-1");
    advance(10);
    const id = pod("stays")?.status.containerStatuses?.[0]?.containerID;
    expect(act("node-1", "partition")).toMatchObject({ state: "running", isReachable: false });
    advance(60);
    expect(ready()?.status).toBe("Unknown");
    advance(320);
    expect(pod("goes")?.metadata.deletionTimestamp).toBeDefined();
    expect(act("node-1", "heal")).toMatchObject({ state: "running", isReachable: true });
    advance(60);
    expect(pod("goes")).toBeNull();
    expect(ready()?.status).toBe("True");
    expect(pod("stays")?.status.containerStatuses).toMatchObject([
      { containerID: id, restartCount: 0, ready: true },
    ]);
  });
});

describe("a machine that is cut off", () => {
  const CRASHES = {
    tolerations: [{ operator: "Exists" }],
    containers: [{ name: "c", image: "busybox", command: ["sh", "-c", "sleep 20; exit 1"] }],
  };

  it("NODE-5, RESTART-4: goes on restarting containers, with the volumes and variables it has seen", () => {
    const { advance, create, act, pod } = aCluster();
    create("p", "node-1", CRASHES);
    advance(10);
    act("node-1", "partition");
    // Ends at 20 s and 41 s, then after 10, 20, 40, 80 and 160 s in back-off: six times.
    advance(455);
    act("node-1", "heal");
    advance(5);
    expect(pod("p")?.status.containerStatuses).toMatchObject([{ restartCount: 6 }]);
  });
});

describe("a node that comes and goes", () => {
  it("EVT-6: is told of by the node controller", () => {
    const { cluster, advance, events } = aCluster();
    expect(events()).toContain(
      "RegisteredNode: Node node-1 event: Registered Node node-1 in Controller",
    );
    cluster.execute({ type: "remove-node", name: "node-1" });
    advance(10);
    expect(events()).toContain(
      "RemovingNode: Node node-1 event: Removing Node node-1 from Controller",
    );
  });
});

describe("a machine that is back", () => {
  it("tells how its pods are now, not how they were when it was cut off", () => {
    const seen: string[] = [];
    const { advance, create, act, pod } = aCluster(["node-1"], (entry) => {
      if (entry.kind !== "revision" || entry.resource !== "pods") return;
      const [status] = (entry.object as Pod).status.containerStatuses ?? [];
      seen.push(`${status?.restartCount ?? 0} ${Object.keys(status?.state ?? {}).join("")}`);
    });
    create("p", "node-1", {
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "c", image: "busybox", command: ["sh", "-c", "sleep 20; exit 1"] }],
    });
    advance(10);
    act("node-1", "partition");
    advance(300);
    seen.length = 0;
    act("node-1", "heal");
    advance(0.5);
    const [now] = pod("p")?.status.containerStatuses ?? [];
    expect(new Set(seen)).toEqual(
      new Set([`${now?.restartCount ?? 0} ${Object.keys(now?.state ?? {}).join("")}`]),
    );
  });

  it("NODE-12: has heard of a deletion, also when it had no news of its own to write", () => {
    const { advance, create, remove, act, pod } = aCluster();
    const pulls = {
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "c", image: "nginx:doesnotexist" }],
    };
    // The write of the first one's status hangs while that of the second goes there and back.
    create("other", "node-1", pulls);
    create("p", "node-1", pulls);
    advance(20);
    const reason = () => pod("p")?.status.containerStatuses?.[0]?.state?.waiting?.reason;
    expect(reason()).toBe("ImagePullBackOff");
    act("node-1", "partition");
    advance(60);
    remove("p");
    advance(60);
    expect(pod("p")?.metadata.deletionTimestamp).toBeDefined();
    act("node-1", "heal");
    advance(60);
    expect(pod("p")).toBeNull();
  });
});

describe("events of a machine that does not reach the API server", () => {
  const ends = (seconds: number) => ({
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: "c",
        image: "busybox",
        command: ["sh", "-c", `sleep ${seconds}`],
        livenessProbe: {
          exec: { command: ["test", "-f", "/never"] },
          initialDelaySeconds: 20,
          failureThreshold: 1,
        },
      },
    ],
  });
  const told = (events: readonly string[]) => events.filter((text) => text.startsWith("Unhealthy"));

  it("EVT-1: are held, and told when it is back", () => {
    const { advance, create, act, events } = aCluster();
    create("p", "node-1", ends(1000));
    advance(10);
    act("node-1", "partition");
    advance(60);
    expect(told(events())).toEqual([]);
    act("node-1", "heal");
    advance(60);
    expect(told(events())).toHaveLength(1);
  });

  it("EVT-1: are dropped one after another when that takes too long", () => {
    const { advance, create, act, events } = aCluster();
    create("p", "node-1", { ...ends(1000), tolerations: [{ operator: "Exists" }] });
    advance(10);
    act("node-1", "partition");
    advance(10 * 60);
    act("node-1", "heal");
    advance(60);
    expect(told(events())).toEqual([]);
    expect(events()).toContain("Killing: Stopping container c");
  });

  it("EVT-1: are lost with it when it goes off", () => {
    const { advance, create, act, events } = aCluster();
    create("p", "node-1", ends(1000));
    advance(10);
    act("node-1", "partition");
    advance(60);
    act("node-1", "poweroff");
    act("node-1", "heal");
    advance(60);
    expect(told(events())).toEqual([]);
  });
});

describe("a machine that is shut down", () => {
  const TRAPS = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"];

  it("EVICT-5: says so, ends its pods, critical ones last, and is off", () => {
    const { advance, create, act, ready, pod, events } = aCluster();
    create("plain", "node-1", { containers: [{ name: "c", image: "busybox", command: TRAPS }] });
    create("critical", "node-1", { priorityClassName: "system-node-critical" });
    advance(10);
    act("node-1", "shutdown");
    advance(1);
    expect(ready()).toMatchObject({
      status: "False",
      reason: "KubeletNotReady",
      message: "node is shutting down",
    });
    expect(events()).toContain("NodeShutdown: Shutdown manager detected shutdown event");
    create("late", "node-1", { tolerations: [{ operator: "Exists" }] });
    advance(1);
    expect(pod("late")?.status).toMatchObject({
      phase: "Failed",
      reason: "NodeShutdown",
      message: "Pod was rejected: Pod was rejected as the node is shutting down.",
    });
    advance(16);
    expect(pod("plain")?.status.phase).toBe("Running");
    expect(pod("critical")?.status.phase).toBe("Running");
    advance(14);
    for (const name of ["plain", "critical"]) {
      const status = pod(name)?.status;
      expect(status).toMatchObject({
        phase: "Failed",
        reason: "Terminated",
        message: "Pod was terminated in response to imminent node shutdown.",
      });
      expect(status?.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
        status: "True",
        reason: "TerminationByKubelet",
        message: "Pod was terminated in response to imminent node shutdown.",
      });
    }
    const endOf = (name: string) =>
      pod(name)?.status.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? "";
    expect(endOf("plain") < endOf("critical")).toBe(true);
    advance(30);
    expect(act("node-1", "shutdown")).toMatchObject({ state: "off" });
  });

  it("takes new pods when it is back", () => {
    const { advance, create, act, ready, pod } = aCluster();
    act("node-1", "shutdown");
    advance(60);
    act("node-1", "heal");
    advance(40);
    expect(ready()?.status).toBe("True");
    create("p", "node-1");
    advance(10);
    expect(pod("p")?.status.phase).toBe("Running");
  });
});

it("there is nothing to do to a machine that is not there", () => {
  expect(aCluster().act("node-9", "heal")).toMatchObject({ code: 404 });
});
