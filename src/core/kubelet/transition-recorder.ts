import type {
  Cause,
  ContainerKind,
  ContainerState,
  ContainerStateSummary,
  Pod,
  SimRecord,
} from "../api/index.js";

/** A container as it is from now on, and why. */
export interface ContainerObservation {
  readonly container: string;
  readonly kind: ContainerKind;
  readonly to: ContainerStateSummary;
  readonly restartCount: number;
  readonly ready: boolean;
  readonly started: boolean;
  readonly cause: Cause;
}

interface Seen {
  readonly state: ContainerStateSummary;
  readonly cursor: number;
}

/**
 * Puts every change of a container's state on record at the moment the kubelet sees it: what the API shows may skip states, the record does
 * not. Each points at the record that led to it.
 */
export class TransitionRecorder {
  readonly #seen = new Map<string, Seen>();
  /** What was done to a container that will change its state: a kill, a start. */
  readonly #expected = new Map<string, Cause>();

  constructor(
    private readonly record: (record: SimRecord) => number,
    private readonly node: string,
  ) {}

  /** Says why the next change of this container will have come about, better than the one who sees it can. */
  expect(container: string, cause: Cause): void {
    this.#expected.set(container, cause);
  }

  /** Takes a state as known without recording it: what the API showed before this kubelet started. */
  assume(container: string, state: ContainerStateSummary, cursor = 0): void {
    this.#seen.set(container, { state, cursor });
  }

  /** The record of the container's present state; undefined before the first. */
  cursorOf(container: string): number | undefined {
    const cursor = this.#seen.get(container)?.cursor;
    return cursor === 0 ? undefined : cursor;
  }

  stateOf(container: string): ContainerStateSummary | null {
    return this.#seen.get(container)?.state ?? null;
  }

  /** Records the observation if it is a change; true when it was. */
  observe(pod: Pod, observation: ContainerObservation): boolean {
    const { container, kind, to, restartCount, ready, started } = observation;
    const from = this.stateOf(container);
    if (from !== null && isSameState(from, to)) return false;
    const expected = this.#expected.get(container);
    this.#expected.delete(container);
    const cursor = this.record({
      type: "transition",
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
      uid: pod.metadata.uid,
      node: this.node,
      container,
      kind,
      from,
      to,
      restartCount,
      ready,
      started,
      cause: withCursor(expected ?? observation.cause, this.cursorOf(container)),
    });
    this.#seen.set(container, { state: to, cursor });
    return true;
  }
}

/** Without a better one, a change follows from the container's state before. */
const withCursor = (cause: Cause, before: number | undefined): Cause =>
  cause.cursor !== undefined || before === undefined ? cause : { ...cause, cursor: before };

const isSameState = (a: ContainerStateSummary, b: ContainerStateSummary): boolean =>
  a.state === b.state &&
  a.reason === b.reason &&
  a.exitCode === b.exitCode &&
  a.signal === b.signal;

/** The state of an API container status in short. */
export function summaryOf(state: ContainerState | undefined): ContainerStateSummary | null {
  if (state?.running !== undefined) return { state: "running" };
  if (state?.terminated !== undefined) {
    const { reason, exitCode, signal } = state.terminated;
    return {
      state: "terminated",
      ...(reason === undefined ? {} : { reason }),
      exitCode,
      ...(signal === undefined ? {} : { signal }),
    };
  }
  if (state?.waiting === undefined) return null;
  const { reason } = state.waiting;
  return { state: "waiting", ...(reason === undefined ? {} : { reason }) };
}
