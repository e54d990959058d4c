import {
  isStatusError,
  type Node,
  type NodeStatus,
  type NodeSystemInfo,
  type ObjectReference,
} from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import type { ImageStatus } from "../../runtime/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { KubeletNode } from "../kubelet-node.js";
import { isSameValue } from "../status/status-equality.js";
import { NODE_STATUS_REPORT_MS, NODE_STATUS_UPDATE_MS } from "../timing.js";
import { HEALTHY, nodeConditions, type NodeHealth } from "./node-conditions.js";
import { NODE_ANNOTATIONS, nodeLabels, nodeStatus, systemInfo } from "./node-object.js";

/** What a node's status is made from. */
interface Sight {
  readonly node: Node;
  readonly images: readonly ImageStatus[];
  readonly health: NodeHealth;
}

/** Registers the node and keeps its status up to date (NODE-2, NODE-13). pkg/kubelet/kubelet_node_status.go, 1.34. */
export class NodeAgent {
  readonly #info: NodeSystemInfo;
  #lastReportMs = -Infinity;
  /** What the last look saw and left. */
  #lastSeen: Sight | null = null;
  /** What is wrong with the node at the moment. */
  health: NodeHealth = HEALTHY;

  constructor(
    private readonly context: KubeletContext,
    private readonly node: KubeletNode,
  ) {
    const { engine } = context;
    const machine = engine.random(`machine/${node.name}`);
    this.#info = systemInfo({
      machineId: machine.hex(16),
      systemUuid: uuid(machine.hex(16)),
      bootId: uuid(engine.random(`boot/${node.name}/${engine.nowMs}`).hex(16)),
    });
  }

  *run(): Call<void> {
    this.#note("Normal", "Starting", "Starting kubelet.");
    yield* this.#register();
    const text = "Updated Node Allocatable limit across pods";
    this.#note("Normal", "NodeAllocatableEnforced", text);
    for (;;) {
      yield* this.#update();
      yield NODE_STATUS_UPDATE_MS;
    }
  }

  /** Posts the status now, when it is another one. */
  *sync(): Call<void> {
    yield* this.#update();
  }

  *#register(): Call<void> {
    const { client } = this.context;
    try {
      yield* client.create<Node>("nodes", "", {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
          name: this.node.name,
          labels: nodeLabels(this.node),
          annotations: { ...NODE_ANNOTATIONS },
        },
        spec: this.node.taints.length === 0 ? {} : { taints: this.node.taints },
      });
    } catch (error) {
      if (!isStatusError(error, "AlreadyExists")) throw error;
      yield* this.#adopt();
    }
  }

  /** The node was there before this kubelet: it gets the labels that a kubelet sees to. */
  *#adopt(): Call<void> {
    const { client } = this.context;
    const node = yield* client.get<Node>("nodes", "", this.node.name);
    const wanted = {
      labels: { ...node.metadata.labels, ...nodeLabels(this.node) },
      annotations: { ...node.metadata.annotations, ...NODE_ANNOTATIONS },
    };
    const isRight =
      isSameValue(node.metadata.labels, wanted.labels) &&
      isSameValue(node.metadata.annotations, wanted.annotations);
    if (isRight) return;
    yield* client.update<Node>("nodes", { ...node, metadata: { ...node.metadata, ...wanted } });
  }

  /** Posts the status when it is another one, or was not posted for long. */
  *#update(): Call<void> {
    const { client, engine, runtime } = this.context;
    try {
      const node = yield* client.get<Node>("nodes", "", this.node.name);
      const images = runtime.images.listImages();
      const isDue = engine.nowMs - this.#lastReportMs >= NODE_STATUS_REPORT_MS;
      const isAsLeft = this.#isAsLeft({ node, images, health: this.health });
      if (!isDue && isAsLeft) return;
      const { status, isNew } = this.#compute(node, isAsLeft ? null : images);
      let left = node;
      if (isNew || isDue) {
        this.#lastReportMs = engine.nowMs;
        left = yield* client.updateStatus<Node>("nodes", { ...node, status });
      }
      this.#lastSeen = { node: left, images, health: this.health };
    } catch (error) {
      // A node deleted under its kubelet stays away until that is started anew; anything else is tried again next time.
      if (!isStatusError(error)) throw error;
    }
  }

  #isAsLeft({ node, images, health }: Sight): boolean {
    const last = this.#lastSeen;
    return (
      node.metadata.resourceVersion === last?.node.metadata.resourceVersion &&
      health === last.health &&
      images.length === last.images.length &&
      images.every((image, index) => image === last.images[index])
    );
  }

  /** @param images null when nothing is new since the last look, so that only the heartbeats are */
  #compute(
    node: Node,
    images: readonly ImageStatus[] | null,
  ): { readonly status: NodeStatus; readonly isNew: boolean } {
    const before = node.status;
    const { conditions, events, isChanged } = nodeConditions(
      before.conditions ?? [],
      this.health,
      this.context.engine.nowMs,
    );
    this.#noteReboot(before);
    for (const reason of events) {
      this.#note("Normal", reason, `Node ${this.node.name} status is now: ${reason}`);
    }
    if (images === null) return { status: { ...before, conditions }, isNew: isChanged };
    const after = { ...before, ...nodeStatus(this.node, this.#info, images) };
    const isSame = isSameValue(before, after);
    return {
      status: { ...(isSame ? before : after), conditions },
      isNew: isChanged || !isSame,
    };
  }

  /** NODE-10. */
  #noteReboot(before: NodeStatus): void {
    const last = before.nodeInfo?.bootID ?? "";
    if (last === "" || last === this.#info.bootID) return;
    const text = `Node ${this.node.name} has been rebooted, boot id: ${this.#info.bootID}`;
    this.#note("Warning", "Rebooted", text);
  }

  #note(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.emit(nodeReference(this.node.name), type, reason, message);
  }
}

/** The kubelet knows its node by name only, so the name stands in for the UID. pkg/kubelet/kubelet.go, 1.34: nodeRef. */
export const nodeReference = (name: string): ObjectReference => ({
  kind: "Node",
  name,
  uid: name,
});

const uuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
