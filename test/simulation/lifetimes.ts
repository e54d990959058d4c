import {
  parseTime,
  type Container,
  type ContainerStatus,
  type Pod,
  type TransitionRecord,
} from "../../src/core/api/index.js";
import type { JournalEntry } from "../../src/core/store/index.js";

/** What is known of a container from its transitions. */
interface Life {
  readonly record: TransitionRecord;
  readonly isRunning: boolean;
  /** Of the last run that ended by itself: one that the kubelet kills to start anew is not there yet when its back-off is looked up. */
  readonly endedAtMs: number | null;
  readonly killedAtMs: number | null;
  readonly backoff: { readonly delayMs: number; readonly movedAtMs: number } | null;
  /** Its definition was changed in the API, and the kubelet (which may be cut off) has not shown yet that it knows. */
  readonly isRedefined: boolean;
}

/** pkg/kubelet/kubelet.go, 1.34: containerBackOffPeriod (10 s) and MaxContainerBackOff (300 s). */
const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 300_000;
/** The kubelet sees an end up to one relist late; finishedAt, from which it counts, was earlier. */
const SEEN_LATE_MS = 1_100;

/** The kubelet kills these and starts them again in one sync: their back-off counts from the run before (kuberuntime_manager.go, 1.34: doBackOff). */
const KILLED_TO_RESTART = ["LivenessProbeFailed", "StartupProbeFailed", "Killing"];

const UNKNOWN = { endedAtMs: null, killedAtMs: null, backoff: null, isRedefined: false };

/** What must hold over a container's whole life: back-off is never short, sidecars outlive apps, who was started is in the end stopped. */
export class Lifetimes {
  readonly #lives = new Map<string, Life>();
  readonly #pods = new Map<string, Pod>();
  /** Whose startup probe has ever succeeded. */
  readonly #startedUp = new Set<string>();

  check(entry: JournalEntry): string[] {
    if (entry.kind === "revision") {
      if (entry.resource === "pods") this.#notePod(entry.object as Pod, entry.change === "DELETED");
      return [];
    }
    if (entry.record.type === "probe" && entry.record.effect === "started")
      this.#startedUp.add(`${entry.record.uid}/${entry.record.container}`);
    if (entry.record.type !== "transition") return [];
    return this.#checkTransition(entry.record, entry.timeMs);
  }

  /** A machine was started anew: what ran on it is gone, and its kubelet knows of no back-off. Null for all machines. */
  loseNode(node: string | null): void {
    for (const [key, life] of this.#lives) {
      if (node !== null && life.record.node !== node) continue;
      this.#lives.set(key, {
        ...life,
        isRunning: false,
        backoff: null,
        endedAtMs: null,
        killedAtMs: null,
      });
    }
  }

  get running(): readonly string[] {
    return [...this.#lives.values()]
      .filter(({ isRunning }) => isRunning)
      .map(({ record }) => `${record.pod}/${record.container} on ${record.node}`);
  }

  #notePod(pod: Pod, isDeleted: boolean): void {
    const { uid } = pod.metadata;
    const before = this.#pods.get(uid);
    if (isDeleted) this.#pods.delete(uid);
    else this.#pods.set(uid, pod);
    if (before === undefined || before.spec === pod.spec) return;
    // The back-off counts for one definition of the container (GetStableKey).
    for (const { name } of changedContainers(before, pod)) {
      const life = this.#lives.get(`${uid}/${name}`);
      if (life !== undefined) this.#lives.set(`${uid}/${name}`, { ...life, isRedefined: true });
    }
  }

  #checkTransition(record: TransitionRecord, nowMs: number): string[] {
    const key = `${record.uid}/${record.container}`;
    const before = this.#lives.get(key) ?? null;
    const life: Life = {
      ...(before ?? UNKNOWN),
      record,
      isRunning: record.to?.state === "running",
    };
    this.#lives.set(key, life);
    if (life.isRunning)
      return [...this.#checkStart(key, life, nowMs), ...this.#checkStartedUp(record)];
    if (record.to?.state !== "terminated" || before?.isRunning !== true) return [];
    const isKilled = KILLED_TO_RESTART.includes(record.cause.reason);
    this.#lives.set(key, isKilled ? { ...life, killedAtMs: nowMs } : { ...life, endedAtMs: nowMs });
    return this.#checkSidecarEnd(record, nowMs);
  }

  #checkStart(key: string, life: Life, nowMs: number): string[] {
    const { record, endedAtMs, killedAtMs, backoff, isRedefined } = life;
    const after = { ...life, endedAtMs: killedAtMs ?? endedAtMs, killedAtMs: null };
    this.#lives.set(key, after);
    if (endedAtMs === null) return [];
    const waitedMs = nowMs - endedAtMs;
    const isOver = backoff === null || endedAtMs - backoff.movedAtMs > 2 * LONGEST_DELAY_MS;
    const delayMs = isOver ? 0 : backoff.delayMs;
    const isShort = waitedMs + SEEN_LATE_MS < delayMs;
    const next = isOver || isShort ? FIRST_DELAY_MS : Math.min(2 * delayMs, LONGEST_DELAY_MS);
    const isStillUnknown = isRedefined && !isShort;
    const moved = { delayMs: next, movedAtMs: nowMs };
    this.#lives.set(key, { ...after, backoff: moved, isRedefined: isStillUnknown });
    if (!isShort || isRedefined) return [];
    return [`${record.pod}/${record.container} was restarted after ${waitedMs} ms, not ${delayMs}`];
  }

  /** SIDE-2: nothing after a sidecar begins before its startup probe has succeeded. */
  #checkStartedUp({ uid, pod, kind, container }: TransitionRecord): string[] {
    if (kind === "ephemeral") return [];
    const sidecars = this.#pods.get(uid)?.spec.initContainers ?? [];
    const own = sidecars.findIndex(({ name }) => name === container);
    return (own < 0 ? sidecars : sidecars.slice(0, own))
      .filter(({ name, restartPolicy, startupProbe }) => {
        const isGate = restartPolicy === "Always" && startupProbe !== undefined;
        return isGate && !this.#startedUp.has(`${uid}/${name}`);
      })
      .map(({ name }) => `${pod}/${container} starts before sidecar ${name} has started`);
  }

  /** A sidecar that is killed with the pod goes after the apps and the sidecars after it, unless time is up (SIDE-9). */
  #checkSidecarEnd(record: TransitionRecord, nowMs: number): string[] {
    const { uid, pod, container } = record;
    const definition = this.#pods.get(uid);
    const deadline = parseTime(definition?.metadata.deletionTimestamp ?? "");
    if (definition === undefined || deadline === null || nowMs >= deadline) return [];
    const sidecars = definition.spec.initContainers ?? [];
    const own = sidecars.findIndex(({ name }) => name === container);
    if (record.kind !== "sidecar" || !wasStopped(record, sidecars[own])) return [];
    const later = sidecars.slice(own + 1).map(({ name }) => name);
    return [...this.#lives.values()]
      .filter(({ record: other, isRunning }) => isRunning && other.uid === uid)
      .filter(
        ({ record: { kind, container: name } }) =>
          kind === "app" || (kind === "sidecar" && later.includes(name)),
      )
      .map(
        ({ record: other }) => `sidecar ${pod}/${container} is killed before ${other.container}`,
      );
  }
}

/** Ended by the kubelet with its pod, as far as its end tells: scripts with a trap go on for ever until they are told. */
const wasStopped = ({ cause, to }: TransitionRecord, container: Container | undefined): boolean => {
  if (cause.reason.endsWith("ProbeFailed") || to?.reason === "OOMKilled") return false;
  if (to?.exitCode === 143 || to?.exitCode === 137) return true;
  return container?.command?.some((word) => word.startsWith("trap")) === true;
};

const changedContainers = (before: Pod, after: Pod): readonly Container[] => {
  const containersOf = ({ spec }: Pod): readonly Container[] => [
    ...(spec.initContainers ?? []),
    ...spec.containers,
  ];
  const earlier = containersOf(before);
  return containersOf(after).filter(
    (container, index) => JSON.stringify(container) !== JSON.stringify(earlier[index]),
  );
};

/** What a pod's phase says of its containers (PHASE-3 to PHASE-7). */
export const checkPhase = ({ metadata, spec, status }: Pod): string[] => {
  const apps = status.containerStatuses ?? [];
  const broken = ((): string | null => {
    switch (status.phase) {
      case "Succeeded":
        return apps.length === spec.containers.length && apps.every(endedWell)
          ? null
          : "Succeeded with a container that has not";
      case "Failed":
        return isFailureExplained({ metadata, spec, status } as Pod)
          ? null
          : "Failed without a reason";
      case "Running":
        return apps.some(hasRun) ? null : "Running with no container that has run";
      case "Pending":
        return apps.length > 0 &&
          apps.every(({ state }) => state?.running !== undefined) &&
          !isEnding(status)
          ? "Pending with all containers running"
          : null;
      default:
        return `in phase ${String(status.phase)}`;
    }
  })();
  return broken === null ? [] : [`${metadata.name}: ${broken}`];
};

/**
 * The kubelet has ended it before it could show it as running: its phase stays what it was until no container runs any more (status_manager.go, 1.34:
 * mergePodStatus), the conditions tell.
 */
const isEnding = ({ conditions = [] }: Pod["status"]): boolean =>
  conditions.some(
    ({ type, reason }) => type === "Ready" && ["PodFailed", "PodCompleted"].includes(reason ?? ""),
  );

const endedWell = ({ state }: ContainerStatus): boolean => state?.terminated?.exitCode === 0;

const hasRun = ({ state, lastState, restartCount }: ContainerStatus): boolean =>
  state?.running !== undefined ||
  state?.terminated !== undefined ||
  lastState?.terminated !== undefined ||
  restartCount > 0;

const isFailureExplained = ({ metadata, status }: Pod): boolean =>
  // Deleted before its containers could do their work.
  metadata.deletionTimestamp !== undefined ||
  (status.reason ?? "") !== "" ||
  (status.conditions ?? []).some(({ type }) => type === "DisruptionTarget") ||
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].some(
    ({ state, lastState }) =>
      (state?.terminated ?? lastState?.terminated)?.exitCode !== 0 &&
      (state?.terminated !== undefined || lastState?.terminated !== undefined),
  );
