import { formatTime, objectReference, type Node, type Pod } from "../../api/index.js";
import { EventRecorder, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import { NODE_MONITOR_PERIOD_MS } from "../limits.js";
import {
  NODE_LEASE_NAMESPACE,
  PODS_BY_NODE,
  type ReconcilerContext,
} from "../reconciler-context.js";
import {
  isSilent,
  observeHealth,
  readyOf,
  unknownConditions,
  type NodeHealth,
} from "./node-health.js";
import { desiredTaints } from "./node-taints.js";

/** The node lifecycle controller: taints follow conditions and cordon, a silent node's conditions become Unknown, its pods unready (NODE-3..5). */
export const startNodeLifecycleReconciler = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const events = new EventRecorder({ engine, client, component: "node-controller" });
  const taints = new WorkQueue(engine);
  const readiness = new WorkQueue(engine);
  informers.nodes.addHandlers({
    onAdd: ({ metadata }) => {
      taints.add(metadata.name);
    },
    onUpdate: (node, previous) => {
      taints.add(node.metadata.name);
      if (readyOf(previous)?.status === "True" && readyOf(node)?.status !== "True")
        readiness.add(node.metadata.name);
    },
  });
  taints.startWorker("node-taints", (name) => reconcileTaints(context, name));
  readiness.startWorker("node-readiness", (name) => markPodsUnready(context, events, name));
  engine.spawn("node-monitor", monitor(context, events));
};

function* reconcileTaints(
  { engine, client, informers }: ReconcilerContext,
  name: string,
): Call<void> {
  const node = informers.nodes.get("", name);
  if (node === undefined) return;
  const taints = desiredTaints(node, formatTime(engine.nowMs));
  const current = node.spec.taints;
  if (taints === current || (current === undefined && taints.length === 0)) return;
  yield* ignoreRefusal(
    client.patch("nodes", "", name, {
      type: "merge",
      body: { metadata: { resourceVersion: node.metadata.resourceVersion }, spec: { taints } },
    }),
  );
}

/** pkg/controller/nodelifecycle/node_lifecycle_controller.go, 1.34: monitorNodeHealth. */
function* monitor(
  { engine, client, informers }: ReconcilerContext,
  events: EventRecorder,
): Call<void> {
  const known = new Map<string, NodeHealth>();
  const registered = new Map<string, Node>();
  for (;;) {
    yield NODE_MONITOR_PERIOD_MS;
    const nodes = informers.nodes.list();
    noteComingAndGoing(events, registered, nodes);
    for (const node of nodes) {
      const { name } = node.metadata;
      const lease = informers.leases.get(NODE_LEASE_NAMESPACE, name);
      const health = observeHealth(known.get(name), node, lease, engine.nowMs);
      known.set(name, health);
      if (!isSilent(health, node, engine.nowMs)) continue;
      const conditions = unknownConditions(node, formatTime(engine.nowMs));
      if (conditions === null) continue;
      yield* ignoreRefusal(
        client.updateStatus("nodes", { ...node, status: { ...node.status, conditions } }),
      );
    }
    for (const name of known.keys())
      if (informers.nodes.get("", name) === undefined) known.delete(name);
  }
}

/** node_lifecycle_controller.go, 1.34: classifyNodes; pkg/controller/util/node/controller_utils.go: RecordNodeEvent. */
function noteComingAndGoing(
  events: EventRecorder,
  registered: Map<string, Node>,
  nodes: readonly Node[],
): void {
  const note = (node: Node, reason: string, what: string): void => {
    const text = `Node ${node.metadata.name} event: ${what}`;
    events.emit(objectReference(node), "Normal", reason, text);
  };
  for (const node of nodes) {
    const { name } = node.metadata;
    if (registered.has(name)) continue;
    registered.set(name, node);
    note(node, "RegisteredNode", `Registered Node ${name} in Controller`);
  }
  const present = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const [name, node] of registered) {
    if (present.has(name)) continue;
    registered.delete(name);
    note(node, "RemovingNode", `Removing Node ${name} from Controller`);
  }
}

/** pkg/controller/util/node/controller_utils.go MarkPodsNotReady, 1.34: the reason stays, only the status turns. */
function* markPodsUnready(
  { engine, client, informers }: ReconcilerContext,
  events: EventRecorder,
  name: string,
): Call<void> {
  const node = informers.nodes.get("", name);
  if (node === undefined || readyOf(node)?.status === "True") return;
  events.emit(
    objectReference(node),
    "Normal",
    "NodeNotReady",
    `Node ${name} status is now: NodeNotReady`,
  );
  for (const pod of informers.pods.byIndex(PODS_BY_NODE, name)) {
    const conditions = withReadyFalse(pod, formatTime(engine.nowMs));
    if (conditions === null) continue;
    yield* ignoreRefusal(
      client.updateStatus("pods", { ...pod, status: { ...pod.status, conditions } }),
    );
    events.emit(objectReference(pod), "Warning", "NodeNotReady", "Node is not ready");
  }
}

const withReadyFalse = (pod: Pod, now: string): Pod["status"]["conditions"] | null => {
  const conditions = pod.status.conditions ?? [];
  if (!conditions.some(({ type, status }) => type === "Ready" && status === "True")) return null;
  return conditions.map((condition) =>
    condition.type === "Ready"
      ? { ...condition, status: "False", lastTransitionTime: now }
      : condition,
  );
};
