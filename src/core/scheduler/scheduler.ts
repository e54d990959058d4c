import {
  Signal,
  within,
  waitFor,
  type Call,
  type Engine,
  type Process,
  type RandomStream,
} from "../engine/index.js";
import type { Node, Pod, PodCondition } from "../api/index.js";
import { formatTime, isStatusError, objectReference } from "../api/index.js";
import { SeriesEventRecorder, type Client, type WatchEvent } from "../client/index.js";
import { fitErrorMessage, NO_NODES, preFilterMessage } from "./fit-error.js";
import { filters, type ClusterChange, type PodChange, type Rejection } from "./filters/index.js";
import { FLUSH_INTERVAL_MS, UNSCHEDULABLE_FLUSH_MS } from "./limits.js";
import { NodeInfo, podInfoOf, type PodInfo } from "./node-info.js";
import { Nominations } from "./nominations.js";
import { place } from "./placement.js";
import { preempt } from "./preemption.js";
import { claimChangesOf, VolumeCatalogue } from "./pod-volumes.js";
import { bindPodVolumes } from "./volume-binding.js";
import { SchedulingQueue, type Help } from "./scheduling-queue.js";
import { PodTopology } from "./topology/pod-topology.js";

export interface SchedulerOptions {
  readonly engine: Engine;
  readonly client: Client;
}

const SCHEDULER_NAME = "default-scheduler";
/** Where it would run in a real cluster: the end of its events' reportingInstance. */
const HOSTNAME = "control-plane";

/** kube-scheduler: binds each pod as a whole to one node, and tries again when something that may help changes (SCHED-*). */
export class Scheduler {
  readonly #engine: Engine;
  readonly #client: Client;
  readonly #events: SeriesEventRecorder;
  readonly #random: RandomStream;
  readonly #queue = new SchedulingQueue();
  readonly #nodes = new Map<string, NodeInfo>();
  /** Where each known pod with a node is, by uid: also those bound a moment ago whose update is still under way. */
  readonly #placed = new Map<string, string>();
  readonly #nominations = new Nominations();
  readonly #work = new Signal();
  readonly #catalogue: VolumeCatalogue;
  readonly #topology: PodTopology;
  /** Something that a pod with a node waits for may have happened to its claims. */
  readonly #storageChanged = new Signal();
  #existing: readonly NodeInfo[] = [];
  #nextStartIndex = 0;

  constructor({ engine, client }: SchedulerOptions) {
    this.#engine = engine;
    this.#client = client;
    this.#events = new SeriesEventRecorder({
      engine,
      client,
      reportingController: SCHEDULER_NAME,
      hostname: HOSTNAME,
    });
    this.#random = engine.random("scheduler");
    this.#topology = new PodTopology(client);
    this.#catalogue = new VolumeCatalogue(client, (change) => {
      this.#storageChanged.fire();
      this.#changed(change);
    });
  }

  start(): Process<void> {
    this.#topology.start();
    this.#client.watch<Node>("nodes", {}, (event) => {
      this.#onNode(event);
    });
    this.#client.watch<Pod>("pods", {}, (event) => {
      this.#onPod(event);
    });
    this.#catalogue.start();
    return this.#engine.spawn("scheduler", this.#run());
  }

  *#run(): Call<void> {
    for (;;) {
      const pod = this.#queue.pop();
      if (pod !== null) {
        yield* this.#schedule(pod);
      } else if (this.#queue.unschedulableCount === 0) {
        yield* waitFor(this.#work);
      } else {
        yield* within(this.#engine, this.#work, FLUSH_INTERVAL_MS);
        this.#queue.flush(UNSCHEDULABLE_FLUSH_MS, this.#engine.nowMs);
      }
    }
  }

  *#schedule(pod: Pod): Call<void> {
    const volumes = this.#catalogue.volumesOf(pod);
    const plain = podInfoOf(pod);
    const nodes = this.#nominations.withReserved(plain, this.#existing);
    if (nodes.length === 0) {
      yield* this.#refuse(pod, NO_NODES, { changes: ["node-added"] });
      return;
    }
    if (typeof volumes === "string") {
      const changes = claimChangesOf(pod);
      yield* this.#refuse(pod, preFilterMessage(nodes.length, volumes), { changes });
      return;
    }
    const info = {
      ...plain,
      ...(volumes === null ? {} : { volumes }),
      ...this.#topology.of(plain, nodes),
    };
    const placement = place(info, nodes, this.#nextStartIndex, this.#random);
    this.#nextStartIndex = (this.#nextStartIndex + placement.examined) % nodes.length;
    if (placement.node === null) yield* this.#refuseEverywhere(info, nodes, placement.rejections);
    else if (volumes === null) yield* this.#bind(pod, placement.node);
    else this.#bindWithVolumes(pod, placement.node);
  }

  /** Other pods do not wait until a volume is made: schedule_one.go, 1.34, bindingCycle. */
  #bindWithVolumes(pod: Pod, nodeName: string): void {
    this.#place(pod, nodeName);
    this.#engine.spawn(`scheduler/bind/${pod.metadata.uid}`, this.#bindVolumes(pod, nodeName));
  }

  *#bindVolumes(pod: Pod, nodeName: string): Call<void> {
    const { uid } = pod.metadata;
    const isStillPlaced = (): boolean => this.#placed.get(uid) === nodeName;
    const outcome = yield* bindPodVolumes(
      { engine: this.#engine, client: this.#client, catalogue: this.#catalogue },
      { pod, node: this.#nodes.get(nodeName)?.node ?? null, isStillPlaced },
      this.#storageChanged,
    );
    if (!isStillPlaced()) return;
    if (outcome === null) {
      yield* this.#bind(pod, nodeName);
      return;
    }
    this.#displace(uid);
    const message = `running PreBind plugin "VolumeBinding": ${outcome}`;
    yield* this.#refuse(pod, message, { changes: [...claimChangesOf(pod), "volume-changed"] });
    // What it waits for may have come before it began to wait.
    this.#changed("volume-changed");
  }

  *#bind(pod: Pod, nodeName: string): Call<void> {
    const { namespace, name, uid } = pod.metadata;
    this.#place(pod, nodeName);
    try {
      yield* this.#client.createSubresource("pods", namespace, name, "binding", {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { namespace, name, uid },
        target: { apiVersion: "v1", kind: "Node", name: nodeName },
      });
    } catch (error) {
      if (!isStatusError(error)) throw error;
      // The pod was deleted or bound by somebody else meanwhile; its watch event tells what holds now.
      this.#displace(uid);
      return;
    }
    this.#emit(
      pod,
      "Normal",
      "Scheduled",
      "Binding",
      `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    );
  }

  *#refuseEverywhere(
    info: PodInfo,
    nodes: readonly NodeInfo[],
    rejections: ReadonlyMap<NodeInfo, Rejection>,
  ): Call<void> {
    const all = [...rejections.values()];
    const plugins = new Set(all.map(({ plugin }) => plugin));
    const rejecting = filters.filter(({ plugin }) => plugins.has(plugin));
    const help: Help = {
      changes: [
        ...rejecting.flatMap((filter) => filter.helpedBy(info)),
        ...claimChangesOf(info.pod),
      ],
      isHelpedByPod: (change) =>
        rejecting.some((filter) => filter.helpedByPod?.(info, change) ?? false),
    };
    const preemption = preempt(info, nodes, rejections);
    const tail = preemption.node === null ? preemption.message : null;
    yield* this.#refuse(info.pod, fitErrorMessage(all, tail), help, preemption.node);
    if (preemption.node === null) return;
    for (const victim of preemption.victims) yield* this.#evict(victim, info.pod, preemption.node);
  }

  *#evict(victim: Pod, preemptor: Pod, nodeName: string): Call<void> {
    if (victim.metadata.deletionTimestamp !== undefined) return;
    const { namespace, name, uid } = victim.metadata;
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: `${preemptor.spec.schedulerName ?? SCHEDULER_NAME}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(this.#engine.nowMs),
    };
    try {
      yield* this.#patchStatus(victim, { conditions: [condition] });
      yield* this.#client.delete("pods", namespace, name, { uid });
    } catch (error) {
      if (!isStatusError(error)) throw error;
      return;
    }
    const note = `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`;
    this.#emit(victim, "Normal", "Preempted", "Preempting", note);
  }

  /** schedule_one.go handleSchedulingFailure, 1.34: event, condition, and back to the queue. */
  *#refuse(
    pod: Pod,
    message: string,
    help: Help,
    nominatedNodeName: string | null = null,
  ): Call<void> {
    this.#queue.addUnschedulable(pod, this.#engine.nowMs, help);
    if (nominatedNodeName !== null) this.#nominations.add(pod, nominatedNodeName);
    this.#emit(pod, "Warning", "FailedScheduling", "Scheduling", message);
    const condition = unschedulableCondition(pod, message, formatTime(this.#engine.nowMs));
    if (condition === null && nominatedNodeName === null) return;
    try {
      yield* this.#patchStatus(pod, {
        ...(condition === null ? {} : { conditions: [condition] }),
        ...(nominatedNodeName === null ? {} : { nominatedNodeName }),
      });
    } catch (error) {
      if (!isStatusError(error)) throw error;
      this.#queue.remove(pod.metadata.uid);
    }
  }

  *#patchStatus({ metadata: { namespace, name, uid } }: Pod, status: unknown): Call<void> {
    const body = { metadata: { uid }, status };
    yield* this.#client.patch("pods", namespace, name, {
      type: "strategic",
      subresource: "status",
      body,
    });
  }

  #onNode({ type, object }: WatchEvent<Node>): void {
    const { name } = object.metadata;
    const info = this.#nodeInfo(name);
    const previous = info.node;
    info.setNode(type === "DELETED" ? null : object);
    if (type === "DELETED" && info.pods.size === 0) this.#nodes.delete(name);
    this.#existing = [...this.#nodes.values()].filter(({ node }) => node !== null);
    if (type === "DELETED") this.#changed("node-gone");
    else if (previous === null) this.#changed("node-added");
    else for (const change of nodeChanges(previous, object)) this.#changed(change);
  }

  #onPod({ type, object: pod }: WatchEvent<Pod>): void {
    const { uid } = pod.metadata;
    if (pod.spec.nodeName || type === "DELETED") this.#nominations.remove(uid);
    const isOver =
      type === "DELETED" || pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
    if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== "") {
      this.#onBoundPod(pod, pod.spec.nodeName, isOver);
    } else if (isOver || pod.metadata.deletionTimestamp !== undefined) {
      this.#queue.remove(uid);
      this.#displace(uid);
    } else if (isOurs(pod) && !this.#placed.has(uid)) {
      this.#queue.update(pod, type === "ADDED" || isSpecNews(pod));
      this.#work.fire();
    }
  }

  #onBoundPod(pod: Pod, nodeName: string, isOver: boolean): void {
    const { uid } = pod.metadata;
    this.#queue.remove(uid);
    if (isOver) {
      if (this.#displace(uid)) this.#podChanged({ before: pod, after: null });
      return;
    }
    const before = this.#boundPod(uid);
    this.#place(pod, nodeName);
    this.#podChanged({ before, after: pod });
  }

  #emit(pod: Pod, type: "Normal" | "Warning", reason: string, action: string, note: string): void {
    this.#events.emit({ regarding: objectReference(pod), type, reason, action, note });
  }

  /** Null also for one that is only about to be bound. */
  #boundPod(uid: string): Pod | null {
    const known = this.#nodes.get(this.#placed.get(uid) ?? "")?.pods.get(uid)?.pod;
    return known?.spec.nodeName === undefined ? null : known;
  }

  #podChanged(change: PodChange): void {
    const { before, after } = change;
    // Most of what happens to a pod is news of its status.
    const isStatusNews =
      before?.spec === after?.spec && before?.metadata.labels === after?.metadata.labels;
    if (before !== null && after !== null && isStatusNews) return;
    if (this.#queue.moveOnPod(change)) this.#work.fire();
  }

  #changed(change: ClusterChange): void {
    if (this.#queue.moveOn(change)) this.#work.fire();
  }

  #place(pod: Pod, nodeName: string): void {
    const { uid } = pod.metadata;
    if (this.#placed.get(uid) !== nodeName) this.#displace(uid);
    this.#placed.set(uid, nodeName);
    this.#nodeInfo(nodeName).addPod(pod);
  }

  /** True when the pod had a place. */
  #displace(uid: string): boolean {
    const nodeName = this.#placed.get(uid);
    if (nodeName === undefined) return false;
    this.#placed.delete(uid);
    const info = this.#nodes.get(nodeName);
    info?.removePod(uid);
    if (info?.node === null && info.pods.size === 0) this.#nodes.delete(nodeName);
    return true;
  }

  #nodeInfo(name: string): NodeInfo {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const info = new NodeInfo(name);
    this.#nodes.set(name, info);
    return info;
  }
}

/** Null when the pod says so already. */
const unschedulableCondition = (pod: Pod, message: string, now: string): PodCondition | null => {
  const current = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  const wasRefused = current?.status === "False";
  if (wasRefused && current.message === message) return null;
  const { generation } = pod.metadata;
  return {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime: (wasRefused ? current.lastTransitionTime : null) ?? now,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
};

const isOurs = (pod: Pod): boolean =>
  (pod.spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME &&
  (pod.spec.schedulingGates ?? []).length === 0;

/** A status update of a waiting pod is our own condition; only a new generation or metadata is worth another try. */
const isSpecNews = (pod: Pod): boolean => {
  const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  return condition?.observedGeneration !== pod.metadata.generation;
};

/** Heartbeats change a node every few minutes; only these parts can make a pod fit. pkg/scheduler/framework/events.go, 1.34 */
const nodeChanges = (previous: Node, next: Node): ClusterChange[] => {
  const differs = (part: (node: Node) => unknown): boolean =>
    part(previous) !== part(next) && JSON.stringify(part(previous)) !== JSON.stringify(part(next));
  const changes: ClusterChange[] = [];
  if (differs(({ status }) => status.allocatable)) changes.push("node-allocatable");
  if (differs(({ metadata }) => metadata.labels)) changes.push("node-labels");
  const { spec: before } = previous;
  const { spec: after } = next;
  const isCordonNews = (before.unschedulable ?? false) !== (after.unschedulable ?? false);
  if (isCordonNews || differs(({ spec }) => spec.taints)) changes.push("node-taints");
  return changes;
};
