import type { Pod } from "../api/index.js";
import type { ClusterChange, PodChange } from "./filters/index.js";

interface UnschedulablePod {
  readonly pod: Pod;
  readonly sinceMs: number;
  readonly changes: ReadonlySet<ClusterChange>;
  readonly isHelpedByPod: (change: PodChange) => boolean;
}

/** What may help a pod that fits nowhere. */
export interface Help {
  readonly changes: Iterable<ClusterChange>;
  /** Without it, nothing that happens to another pod does. */
  readonly isHelpedByPod?: (change: PodChange) => boolean;
}

/**
 * Pods to place: those to try now, by priority and then age (PrioritySort), and those that fit nowhere until something changes. A
 * release of 1.33 or newer tries pods in back-off whenever nothing else is to do (SchedulerPopFromBackoffQ), and here placing takes no time, so a
 * change that may help brings a pod back at once.
 */
export class SchedulingQueue {
  /** By priority, then in the order of arrival (a Map keeps it, also when a newer version replaces a pod). */
  readonly #active = new Map<number, Map<string, Pod>>();
  readonly #unschedulable = new Map<string, UnschedulablePod>();

  get unschedulableCount(): number {
    return this.#unschedulable.size;
  }

  add(pod: Pod): void {
    const { uid } = pod.metadata;
    this.#unschedulable.delete(uid);
    const priority = pod.spec.priority ?? 0;
    const samePriority = this.#active.get(priority) ?? new Map<string, Pod>();
    this.#active.set(priority, samePriority.set(uid, pod));
  }

  addUnschedulable(pod: Pod, sinceMs: number, { changes, isHelpedByPod }: Help): void {
    this.#unschedulable.set(pod.metadata.uid, {
      pod,
      sinceMs,
      changes: new Set(changes),
      isHelpedByPod: isHelpedByPod ?? (() => false),
    });
  }

  /** A newer version of a pod that waits; a changed spec or label is worth a new try. */
  update(pod: Pod, isWorthTrying: boolean): void {
    const unschedulable = this.#unschedulable.get(pod.metadata.uid);
    if (unschedulable === undefined || isWorthTrying) this.add(pod);
    else this.#unschedulable.set(pod.metadata.uid, { ...unschedulable, pod });
  }

  remove(uid: string): void {
    for (const samePriority of this.#active.values()) samePriority.delete(uid);
    this.#unschedulable.delete(uid);
  }

  /** Brings back the pods that this change may help; true when there are any. */
  moveOn(change: ClusterChange): boolean {
    return this.#move((waiting) => waiting.changes.has(change));
  }

  /** Brings back the pods that this change of another may help; true when there are any. */
  moveOnPod(change: PodChange): boolean {
    return this.#move((waiting) => waiting.isHelpedByPod(change));
  }

  /** Brings back what has waited longer than `waitMs`, in case a change went unseen. */
  flush(waitMs: number, nowMs: number): boolean {
    return this.#move((waiting) => nowMs - waiting.sinceMs > waitMs);
  }

  /** The next pod to try, or null. */
  pop(): Pod | null {
    let highest: number | null = null;
    for (const [priority, pods] of this.#active) {
      if (pods.size === 0) this.#active.delete(priority);
      else if (highest === null || priority > highest) highest = priority;
    }
    if (highest === null) return null;
    const pods = this.#active.get(highest);
    const first = pods?.values().next().value ?? null;
    if (first !== null) pods?.delete(first.metadata.uid);
    return first;
  }

  #move(isWanted: (waiting: UnschedulablePod) => boolean): boolean {
    let moved = false;
    for (const waiting of this.#unschedulable.values()) {
      if (!isWanted(waiting)) continue;
      this.add(waiting.pod);
      moved = true;
    }
    return moved;
  }
}
