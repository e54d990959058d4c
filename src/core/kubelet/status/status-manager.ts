import { isStatusError, type ContainerStatus, type Pod, type PodStatus } from "../../api/index.js";
import { Signal, waitFor, within, type Call } from "../../engine/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import { STATUS_SYNC_MS } from "../timing.js";
import { capTerminationMessages } from "./termination-messages.js";
import { finalStatus } from "./final-status.js";
import { containersReadyCondition, foreignConditions, readyCondition } from "./pod-conditions.js";
import { isSameValue } from "./status-equality.js";
import { canBeDeleted, mergePodStatus, withTimes } from "./status-merge.js";

interface Entry {
  readonly namespace: string;
  readonly name: string;
  status: PodStatus;
  /** resourceVersion of the pod as this manager last left it. */
  writtenVersion: string;
  /** All containers are down, volumes too: nothing will change any more. */
  isFinished: boolean;
}

/**
 * The only writer of pod statuses: keeps the newest one of each pod and brings it to the API in a process of its own, so that a worker
 * never waits for a write. Takes the pod out of the API in the end (TERM-9). pkg/kubelet/status/status_manager.go, 1.34.
 */
export class StatusManager {
  readonly #entries = new Map<string, Entry>();
  readonly #dirty = new Set<string>();
  readonly #wake = new Signal();

  constructor(
    private readonly context: KubeletContext,
    private readonly couldHaveRunningContainers: (uid: string) => boolean,
  ) {}

  start(): void {
    this.context.processes.spawn("status", this.#run());
  }

  /** The status last set; null before the first. */
  get(uid: string): PodStatus | null {
    return this.#entries.get(uid)?.status ?? null;
  }

  /** Takes a new status and returns it as it will be written, with its times. */
  set(pod: Pod, status: PodStatus): PodStatus {
    const { uid, namespace, name } = pod.metadata;
    const before = this.get(uid) ?? pod.status;
    const next = capTerminationMessages(withTimes(status, before, this.context.engine.nowMs));
    const entry = this.#entries.get(uid);
    if (entry !== undefined && isSameValue(entry.status, next)) return entry.status;
    this.#entries.set(uid, {
      namespace,
      name,
      status: next,
      writtenVersion: entry?.writtenVersion ?? "",
      isFinished: entry?.isFinished ?? false,
    });
    this.#markDirty(uid);
    return next;
  }

  /** Takes over a pod that was over before: there is nothing to write, but it may be deleted. */
  adopt({ metadata, status }: Pod): void {
    const { uid, namespace, name } = metadata;
    this.#entries.set(uid, { namespace, name, status, writtenVersion: "", isFinished: false });
  }

  /** True when the pod as seen in the API is as this manager left it. */
  isOwnWrite({ metadata }: Pod): boolean {
    return this.#entries.get(metadata.uid)?.writtenVersion === metadata.resourceVersion;
  }

  /**
   * Changes what a probe found, without waiting for the pod's worker, and with it the conditions that rest on it.
   * status_manager.go, 1.34: SetContainerReadiness, SetContainerStartup.
   */
  updateContainers(
    pod: Pod,
    change: (list: ContainerStatus[] | undefined) => ContainerStatus[] | undefined,
  ): void {
    const status = this.get(pod.metadata.uid);
    if (status === null) return;
    const init = change(status.initContainerStatuses);
    const app = change(status.containerStatuses);
    this.set(
      pod,
      withReadiness(pod, {
        ...status,
        ...(init === undefined ? {} : { initContainerStatuses: init }),
        ...(app === undefined ? {} : { containerStatuses: app }),
      }),
    );
  }

  /**
   * The pod is over: its last status may be written and, if it is being deleted, the pod taken away. Returns that status; null when the
   * kubelet never had one.
   */
  finish(pod: Pod): PodStatus | null {
    const { uid } = pod.metadata;
    const before = this.get(uid);
    if (before === null) return null;
    const status = this.set(pod, finalStatus(pod, before));
    const entry = this.#entries.get(uid);
    if (entry !== undefined) entry.isFinished = true;
    this.#markDirty(uid);
    return status;
  }

  /** Looks again what there is to do: somebody else wrote the status, or the deletion came after the end. */
  recheck(uid: string): void {
    if (this.#entries.has(uid)) this.#markDirty(uid);
  }

  forget(uid: string): void {
    this.#entries.delete(uid);
    this.#dirty.delete(uid);
  }

  #markDirty(uid: string): void {
    this.#dirty.add(uid);
    this.#wake.fire();
  }

  *#run(): Call<void> {
    for (;;) {
      const failed = yield* this.#writeAll();
      if (this.#dirty.size > failed.length) continue;
      if (failed.length === 0) yield* waitFor(this.#wake);
      else yield* within(this.context.engine, this.#wake, STATUS_SYNC_MS);
    }
  }

  /** Returns the pods whose write failed; they stay dirty. */
  *#writeAll(): Call<readonly string[]> {
    const failed: string[] = [];
    for (const uid of [...this.#dirty]) {
      this.#dirty.delete(uid);
      const entry = this.#entries.get(uid);
      if (entry === undefined) continue;
      const isWritten = yield* this.#write(uid, entry);
      if (!isWritten) failed.push(uid);
    }
    for (const uid of failed) if (this.#entries.has(uid)) this.#dirty.add(uid);
    return failed;
  }

  *#write(uid: string, { namespace, name }: Entry): Call<boolean> {
    const { client, engine } = this.context;
    try {
      const pod = yield* client.get<Pod>("pods", namespace, name);
      // The answer may have been long in coming: what was to be written then is of no interest any more.
      const entry = this.#entries.get(uid);
      if (pod.metadata.uid !== uid || entry === undefined) return true;
      const merged = mergePodStatus(
        pod.status,
        entry.status,
        this.couldHaveRunningContainers(uid),
        engine.nowMs,
      );
      const written = isSameValue(pod.status, merged)
        ? pod
        : yield* client.updateStatus<Pod>("pods", { ...pod, status: merged });
      entry.writtenVersion = written.metadata.resourceVersion;
      if (canBeDeleted(written, entry.isFinished)) {
        yield* client.delete("pods", namespace, name, { gracePeriodSeconds: 0, uid });
      }
      return true;
    } catch (error) {
      return isGone(error);
    }
  }
}

/** Ready and ContainersReady anew; the other conditions stay as they are. */
function withReadiness(pod: Pod, status: PodStatus): PodStatus {
  const conditions = status.conditions ?? [];
  const judgedOn = {
    spec: pod.spec,
    statuses: [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])],
    phase: status.phase ?? "Pending",
    conditions: [...foreignConditions(pod), ...conditions],
  };
  const containersReady = containersReadyCondition(judgedOn);
  const fresh = [containersReady, readyCondition(containersReady, judgedOn)];
  return {
    ...status,
    conditions: conditions.map((condition) => {
      const next = fresh.find(({ type }) => type === condition.type);
      if (next === undefined) return condition;
      const { lastTransitionTime, lastProbeTime, observedGeneration } = condition;
      return {
        ...next,
        ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
        ...(lastProbeTime === undefined ? {} : { lastProbeTime }),
        ...(observedGeneration === undefined ? {} : { observedGeneration }),
      };
    }),
  };
}

/** The pod is away, so its status is of no more interest. Any other refusal is tried again. */
function isGone(error: unknown): boolean {
  if (!isStatusError(error)) throw error;
  return error.reason === "NotFound";
}
