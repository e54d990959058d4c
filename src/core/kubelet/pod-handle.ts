import type { Container, Pod, ResourceRequirements } from "../api/index.js";
import type { PodSandboxStatus, RuntimeContainerStatus } from "../runtime/index.js";
import { hasStorageLimits } from "./eviction/storage-limits.js";
import type { KubeletContext } from "./kubelet-context.js";
import type { PodRuntimeStatus } from "./pod-runtime-status.js";
import {
  allocationInStatus,
  allocationOf,
  isAllocated,
  withAllocation,
  type Allocation,
} from "./resize/allocation.js";
import { NO_RESIZE, type ResizeState } from "./resize/resize-conditions.js";
import type { StartFailure } from "./status/container-status.js";
import { TransitionRecorder } from "./transition-recorder.js";

/** What one kubelet keeps of one pod while it is on the node: shared by its worker and by all that act for it. */
export class PodHandle {
  /** Why the last start of a container failed, by container name. */
  readonly startFailures = new Map<string, StartFailure>();
  /** The definition each instance was made from, by container ID. */
  readonly origins = new Map<string, Container>();
  /** Instances whose preStop hook was run: a kill that is begun again with less time does not run it twice. */
  readonly preStopped = new Set<string>();
  readonly transitions: TransitionRecorder;
  /** Such limits cannot be changed, and most pods have none: looked up once. */
  readonly hasStorageLimits: boolean;
  /** As what each instance was last put on record. */
  readonly seenInstances = new Map<string, RuntimeContainerStatus["state"]>();
  /** What ran before the node was started anew, as the API remembers it (NODE-10). */
  lost: LostInstances = NOTHING_LOST;
  /** Kept when the sandbox is gone, as pkg/kubelet/pleg/generic.go (1.34: getPodIPs) does. */
  #lastIps: readonly string[];
  readonly #logTails = new Map<string, string>();
  /** The last attempt of each container. */
  readonly #attempts = new Map<string, number>();
  /** Where its resizes stand. */
  resize: ResizeState = NO_RESIZE;
  #wanted: Pod;
  #pod: Pod;
  #allocation: Allocation;

  constructor(
    private readonly context: KubeletContext,
    pod: Pod,
  ) {
    this.#wanted = pod;
    this.#allocation = allocationInStatus(pod);
    this.#pod = withAllocation(pod, this.#allocation);
    this.transitions = new TransitionRecorder(
      (record) => context.client.record(record),
      context.nodeName,
    );
    this.hasStorageLimits = hasStorageLimits(pod.spec);
    this.#lastIps = (pod.status.podIPs ?? []).map(({ ip }) => ip);
  }

  get uid(): string {
    return this.pod.metadata.uid;
  }

  /** As last seen in the API, but for resources that were not granted (yet). */
  get pod(): Pod {
    return this.#pod;
  }

  set pod(pod: Pod) {
    this.#wanted = pod;
    this.#pod = withAllocation(pod, this.#allocation);
  }

  /** As last seen in the API. */
  get wanted(): Pod {
    return this.#wanted;
  }

  get isAllocated(): boolean {
    return isAllocated(this.#wanted, this.#allocation);
  }

  /** Grants it the resources that it wants. */
  allocate(): void {
    this.#allocation = allocationOf(this.#wanted);
    this.#pod = this.#wanted;
  }

  /** Takes over what the API remembers of an earlier life of the node. */
  lose(lost: LostInstances): void {
    this.lost = lost;
    for (const { name, attempt } of lost.containers) this.noteAttempt(name, attempt);
  }

  /** What the runtime has of this pod now. */
  runtimeStatus(): PodRuntimeStatus {
    const { runtime } = this.context;
    const sandboxes = [...runtime.listPodSandboxes(this.uid), ...this.lost.sandboxes];
    const containers = [...runtime.listContainers(this.uid)].reverse();
    const newest = sandboxes[0];
    if (newest !== undefined && newest.state === "ready" && newest.ip !== "") {
      this.#lastIps = [newest.ip];
    }
    return {
      sandboxes,
      containers: [...containers, ...this.lost.containers],
      ips: this.#lastIps,
    };
  }

  /** What attempt a container with no instance left begins with: log files of earlier ones tell (RESTART-8). */
  firstAttemptOf(container: string): number {
    const last = this.#attempts.get(container);
    return last === undefined ? 0 : last + 1;
  }

  noteAttempt(container: string, attempt: number): void {
    this.#attempts.set(container, attempt);
  }

  /** The definition an instance was made from; null when this kubelet did not make it. */
  originOf(instance: RuntimeContainerStatus): Container | null {
    return this.origins.get(instance.id) ?? null;
  }

  /** What is in effect for an instance; null when this kubelet did not make it. */
  resourcesOf(instance: RuntimeContainerStatus): ResourceRequirements | null {
    const origin = this.originOf(instance);
    return origin === null ? null : (origin.resources ?? {});
  }

  /** RESTART-10: what the container left to say; the end of its log when it asks for that, failed and left nothing. */
  terminationMessageOf(instance: RuntimeContainerStatus): string {
    if (instance.message !== "" || instance.state !== "exited") return instance.message;
    const policy = this.originOf(instance)?.terminationMessagePolicy;
    if (policy !== FALLBACK_TO_LOGS || instance.exitCode === 0) return "";
    let message = this.#logTails.get(instance.id);
    if (message === undefined) {
      const { text } = this.context.runtime.readLog(instance.id, { tailLines: FALLBACK_LINES });
      message = text.slice(-FALLBACK_LENGTH);
      this.#logTails.set(instance.id, message);
    }
    return message;
  }

  removeInstance(instance: RuntimeContainerStatus): void {
    this.#logTails.delete(instance.id);
    this.origins.delete(instance.id);
    this.preStopped.delete(instance.id);
    this.seenInstances.delete(instance.id);
    const containers = this.lost.containers.filter((lost) => lost.id !== instance.id);
    if (containers.length < this.lost.containers.length) this.lost = { ...this.lost, containers };
    else this.context.runtime.removeContainer(instance.id);
  }

  removeSandbox(sandbox: PodSandboxStatus): void {
    const sandboxes = this.lost.sandboxes.filter(({ id }) => id !== sandbox.id);
    if (sandboxes.length < this.lost.sandboxes.length) this.lost = { ...this.lost, sandboxes };
    else this.context.runtime.removePodSandbox(sandbox.id);
  }
}

const FALLBACK_TO_LOGS = "FallbackToLogsOnError";
/** pkg/kubelet/container/runtime.go, 1.34: MaxContainerTerminationMessageLogLines and …LogLength. */
const FALLBACK_LINES = 80;
const FALLBACK_LENGTH = 2048;

export interface LostInstances {
  readonly sandboxes: readonly PodSandboxStatus[];
  /** Newest first. */
  readonly containers: readonly RuntimeContainerStatus[];
}

export const NOTHING_LOST: LostInstances = { sandboxes: [], containers: [] };
