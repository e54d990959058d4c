import {
  amountsOf,
  isStatusError,
  podRequests,
  wholeAmount,
  ZERO_QUANTITY,
  type Node,
  type Pod,
} from "../../api/index.js";
import { Signal, within, type Call } from "../../engine/index.js";
import { rejectionOf, type NodeConditionsForAdmission } from "../admission.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import { RESIZE_RETRY_MS } from "../timing.js";
import { pendingOrder } from "./pending-order.js";
import type { ResizeNote } from "./resize-conditions.js";

/** What the rest of the kubelet has to do with resizes. */
export interface ResizeHost {
  /** Handles of the pods that take up room on the node. */
  activePods(): readonly PodHandle[];
  conditions(): NodeConditionsForAdmission;
  capacity(): Readonly<Record<string, string>>;
  /** Something about the pod's resize is new: it is to be synced. */
  wake(handle: PodHandle): void;
}

/**
 * Grants what pods want to be resized to, as soon as there is room. pkg/kubelet/allocation/allocation_manager.go, 1.34.
 */
export class ResizeManager {
  readonly #pending = new Map<string, PodHandle>();
  readonly #wake = new Signal();
  #isDue = false;

  constructor(
    private readonly context: KubeletContext,
    private readonly host: ResizeHost,
  ) {}

  /** The pod was changed in the API. */
  noteUpdate(handle: PodHandle): void {
    if (handle.isAllocated && handle.resize.pending === null) return;
    this.#pending.set(handle.uid, handle);
    this.retry();
  }

  /** There may be room that was not there before. */
  retry(): void {
    if (this.#pending.size === 0) return;
    this.#isDue = true;
    this.#wake.fire();
  }

  forget(uid: string): void {
    this.#pending.delete(uid);
  }

  *run(): Call<void> {
    for (;;) {
      if (!this.#isDue) yield* within(this.context.engine, this.#wake, RESIZE_RETRY_MS);
      this.#isDue = false;
      if (this.#pending.size > 0) yield* this.#retryAll();
    }
  }

  *#retryAll(): Call<void> {
    const node = yield* this.#node();
    if (node === null) return;
    for (const handle of pendingOrder([...this.#pending.values()])) {
      if (!this.#pending.has(handle.uid)) continue;
      const before = handle.resize;
      this.#evaluate(handle, node);
      if (handle.resize.pending?.reason !== "Deferred") this.#pending.delete(handle.uid);
      if (handle.resize !== before) this.host.wake(handle);
    }
  }

  #evaluate(handle: PodHandle, node: Node): void {
    const atMs = this.context.engine.nowMs;
    if (handle.isAllocated) {
      handle.resize = { ...handle.resize, pending: null };
      return;
    }
    const { generation } = handle.wanted.metadata;
    const refusal = this.#refusal(handle, node);
    if (refusal === null) {
      handle.allocate();
      handle.resize = { pending: null, inProgress: { reason: "", message: "", generation, atMs } };
    } else if (!isSameNote(handle.resize.pending, { ...refusal, generation, atMs })) {
      handle.resize = { ...handle.resize, pending: { ...refusal, generation, atMs } };
    }
  }

  /** allocation_manager.go, 1.34: canResizePod. */
  #refusal({ uid, wanted }: PodHandle, node: Node): Pick<ResizeNote, "reason" | "message"> | null {
    const infeasible = beyondCapacity(wanted, this.host.capacity());
    if (infeasible !== null) return { reason: "Infeasible", message: infeasible };
    const others = this.host
      .activePods()
      .flatMap((other) => (other.uid === uid ? [] : [other.pod]));
    const rejection = rejectionOf(wanted, node, others, this.host.conditions());
    return rejection === null ? null : { reason: "Deferred", message: rejection.message };
  }

  *#node(): Call<Node | null> {
    try {
      return yield* this.context.client.get<Node>("nodes", "", this.context.nodeName);
    } catch (error) {
      if (isStatusError(error)) return null;
      throw error;
    }
  }
}

const isSameNote = (before: ResizeNote | null, after: ResizeNote): boolean =>
  before?.reason === after.reason &&
  before.message === after.message &&
  before.generation === after.generation;

function beyondCapacity(pod: Pod, capacity: Readonly<Record<string, string>>): string | null {
  const requests = podRequests(pod);
  const amounts = amountsOf(capacity);
  for (const name of ["memory", "cpu"]) {
    const requested = wholeAmount(name, requests.get(name) ?? ZERO_QUANTITY);
    const available = wholeAmount(name, amounts.get(name) ?? ZERO_QUANTITY);
    if (requested > available) {
      return `Node didn't have enough capacity: ${name}, requested: ${String(requested)}, capacity: ${String(available)}`;
    }
  }
  return null;
}
