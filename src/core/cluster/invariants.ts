import {
  formatTime,
  isSidecar,
  type ContainerStateSummary,
  type ContainerStatus,
  type Pod,
  type TransitionRecord,
} from "../api/index.js";
import type { JournalEntry, RevisionEntry } from "../store/index.js";

/**
 * What must hold at every commit, whatever the pods, failures and faults. Fed with each entry it returns what is broken, in words; for simulations, not
 * for production.
 */
export class Invariants {
  /** The last state of each container on record, by pod uid and container. */
  readonly #states = new Map<
    string,
    { readonly node: string; readonly state: ContainerStateSummary | null }
  >();
  /** Containers whose back-off was over for good. */
  readonly #ended = new Set<string>();
  /** Containers whose last run was ended by the kubelet, for a probe or a new definition: those restart whatever their exit code and the pod's policy. */
  readonly #killed = new Set<string>();
  /** Containers that may run again after success, as their sandbox was lost (NET-6, NODE-10). */
  readonly #lost = new Set<string>();
  #lastSequence = 0;

  check(entry: JournalEntry): string[] {
    const broken: string[] = [];
    if (entry.sequence <= this.#lastSequence)
      broken.push(`sequence ${entry.sequence} after ${this.#lastSequence}`);
    this.#lastSequence = entry.sequence;
    if (entry.kind === "record") {
      if (entry.record.type === "transition")
        broken.push(...this.#checkTransition(entry.record, entry.sequence));
    } else if (entry.resource === "pods") {
      broken.push(
        ...checkPod(entry, (name, policy) => {
          const key = `${entry.uid}/${name}`;
          return this.#killed.has(key) || (policy === "OnFailure" && this.#lost.has(key));
        }),
      );
    }
    return broken;
  }

  /** A machine was lost with what ran on it: what its next kubelet starts from is what the API shows, which may be older. Null for all machines. */
  loseNode(node: string | null): void {
    for (const [key, known] of this.#states) {
      if (node !== null && known.node !== node) continue;
      this.#states.delete(key);
      this.#lost.add(key);
    }
  }

  /** A pod that is ended in its back-off shows the last end again; one that goes on does not come back from there. */
  #isBackAfterEnd(key: string, { from, to }: TransitionRecord): boolean {
    if (from?.reason === "CrashLoopBackOff" && to?.state === "terminated") {
      this.#ended.add(key);
      return false;
    }
    return this.#ended.delete(key) && to?.reason === "CrashLoopBackOff";
  }

  #noteEnd(key: string, cause: string): void {
    if (KILLS.includes(cause)) this.#killed.add(key);
    else this.#killed.delete(key);
  }

  #checkTransition(record: TransitionRecord, sequence: number): string[] {
    const key = `${record.uid}/${record.container}`;
    const known = this.#states.get(key);
    const last = known === undefined ? record.from : known.state;
    this.#states.set(key, { node: record.node, state: record.to });
    if (record.to?.state === "terminated") this.#noteEnd(key, record.cause.reason);
    const broken: string[] = [];
    if (!isSame(last, record.from))
      broken.push(
        `${record.pod}/${record.container} comes from ${textOf(record.from)} but was last ${textOf(last)}`,
      );
    if (isSame(record.from, record.to))
      broken.push(`${record.pod}/${record.container} goes from ${textOf(record.from)} to itself`);
    if (this.#isBackAfterEnd(key, record)) {
      broken.push(`${record.pod}/${record.container} ended in the middle of its back-off`);
    }
    if (record.from?.state === "running" && record.to?.state === "waiting")
      broken.push(`${record.pod}/${record.container} goes from running to waiting`);
    if ((record.cause.cursor ?? 0) >= sequence)
      broken.push(`the cause of ${sequence} comes after it`);
    return broken;
  }
}

const KILLS = ["LivenessProbeFailed", "StartupProbeFailed", "Killing"];

type MayRestart = (container: string, policy: string | undefined) => boolean;

const checkPod = (
  { object, previous, timeMs }: RevisionEntry,
  mayRestart: MayRestart,
): string[] => {
  const pod = object as Pod;
  const problems = [
    ...checkStatus(pod),
    ...(previous === null ? [] : checkChange(previous as Pod, pod, timeMs, mayRestart)),
  ];
  return problems.map((problem) => `${pod.metadata.namespace}/${pod.metadata.name}: ${problem}`);
};

/** What must hold of one status by itself. */
const checkStatus = (pod: Pod): string[] => [...checkContainers(pod), ...checkConditions(pod)];

const checkContainers = ({ spec, status }: Pod): string[] => {
  const apps = status.containerStatuses ?? [];
  const [running] = apps.filter(({ state }) => state?.running !== undefined);
  const broken = apps
    .filter(({ ready, state }) => ready && state?.running === undefined)
    .map(({ name }) => `${name} is ready but does not run`);
  if (running === undefined) return broken;
  if (isTerminal(status.phase) && !isOrphan(status))
    broken.push(`${running.name} runs in phase ${status.phase ?? ""}`);
  const inits = new Map((status.initContainerStatuses ?? []).map((init) => [init.name, init]));
  for (const init of spec.initContainers ?? []) {
    if (isSidecar(init) || inits.get(init.name)?.state?.terminated?.exitCode === 0) continue;
    broken.push(`app ${running.name} runs before init ${init.name} is done`);
  }
  return broken;
};

const checkConditions = ({ status }: Pod): string[] => {
  const broken: string[] = [];
  if (isOrphan(status)) return broken;
  const isReady = isTrue(status, "Ready");
  const areContainersReady = isTrue(status, "ContainersReady");
  if (isReady && !areContainersReady) broken.push("Ready without ContainersReady");
  if (isReady && status.phase !== "Running") broken.push(`Ready in phase ${status.phase ?? ""}`);
  if (areContainersReady && !(status.containerStatuses ?? []).every(({ ready }) => ready)) {
    broken.push("ContainersReady with an unready container");
  }
  return broken;
};

/** Of a node that is gone nobody can say how its containers are: the pod is Failed, the rest stays as it was (GC-1). */
const isOrphan = ({ conditions }: Pod["status"]): boolean =>
  conditions?.some(({ reason }) => reason === "DeletionByPodGC") === true;

/** What must hold from one revision to the next. */
const checkChange = (before: Pod, after: Pod, nowMs: number, mayRestart: MayRestart): string[] => {
  const broken: string[] = [];
  if (isTerminal(before.status.phase) && before.status.phase !== after.status.phase)
    broken.push(`leaves ${before.status.phase ?? ""} for ${after.status.phase ?? ""}`);
  if (before.spec.nodeName && before.spec.nodeName !== after.spec.nodeName)
    broken.push("changes its node");
  if (isPutOff(before.metadata.deletionTimestamp, after.metadata.deletionTimestamp, nowMs)) {
    broken.push("its deletion is put off");
  }
  const earlier = new Map(statusesOf(before).map((status) => [status.name, status]));
  for (const status of statusesOf(after)) {
    const count = earlier.get(status.name)?.restartCount ?? 0;
    if (status.restartCount < count)
      broken.push(`${status.name} was restarted ${count} times, now ${status.restartCount}`);
    if (status.restartCount > count && !mayRestart(status.name, after.spec.restartPolicy))
      broken.push(...checkRestart(after, status, earlier.get(status.name)));
  }
  return broken;
};

/** A deletion only comes nearer; one that is overdue may be set to now (API-15). */
const isPutOff = (before: string | undefined, after: string | undefined, nowMs: number): boolean =>
  before !== undefined && (after === undefined || (after > before && after > formatTime(nowMs)));

const checkRestart = (
  pod: Pod,
  status: ContainerStatus,
  before: ContainerStatus | undefined,
): string[] => {
  const sidecar = (pod.spec.initContainers ?? []).some(
    (init) => init.name === status.name && isSidecar(init),
  );
  if (sidecar || pod.spec.restartPolicy === "Always") return [];
  if (pod.spec.restartPolicy === "Never") return [`${status.name} restarts under Never`];
  const ended = before?.state?.terminated ?? status.lastState?.terminated;
  return ended?.exitCode === 0 ? [`${status.name} restarts under OnFailure after exit 0`] : [];
};

const statusesOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
];

const isTrue = (status: Pod["status"], type: string): boolean =>
  status.conditions?.some((condition) => condition.type === type && condition.status === "True") ??
  false;

const isTerminal = (phase: string | undefined): boolean =>
  phase === "Succeeded" || phase === "Failed";

const isSame = (a: ContainerStateSummary | null, b: ContainerStateSummary | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.exitCode === b.exitCode &&
    a.signal === b.signal);

const textOf = (state: ContainerStateSummary | null): string =>
  state === null ? "none" : JSON.stringify(state);
