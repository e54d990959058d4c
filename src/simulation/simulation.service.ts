import type { OnModuleDestroy } from "@nestjs/common";
import { formatMilliTime, internalError, serviceUnavailable } from "../core/api/index.js";
import type { Command, Outcome } from "../core/cluster/index.js";
import type { ClockSetting } from "../config/index.js";
import type { Journal, PodAt } from "../persistence/index.js";
import { ActivityWatch } from "./activity.js";
import type { SimulatedCluster } from "./cluster-port.js";
import { DurableFeed } from "./durable-feed.js";
import type { Feed } from "./feed.js";
import { GroupCommit } from "./group-commit.js";
import { optimizeLate, optimizeSoon } from "./jit.js";
import { MAX_WAITING_COMMANDS } from "./limits.js";
import { Pacer } from "./pacer.js";
import { SessionHub, type SessionPort } from "./session-hub.js";
import type { KeySet } from "./token-key.js";
import type { WallClock } from "./wall-clock.js";

export interface SimulationOptions {
  readonly cluster: SimulatedCluster;
  readonly journal: Journal;
  readonly wall: WallClock;
  readonly setting: ClockSetting;
  readonly seed: number;
  /** Virtual time when the cluster began, Unix milliseconds. */
  readonly epochMs: number;
  /** What the journal holds at the start. */
  readonly durableSequence: number;
  /** What service account tokens are verified with. */
  readonly tokenKeys?: KeySet;
}

/** The clock as `GET /sim/v1/clock` shows it. */
export interface ClockView {
  readonly now: string;
  readonly elapsedMs: number;
  readonly mode: "running" | "paused";
  readonly speed: number | "max";
  readonly seed: number;
}

/**
 * The home of one Cluster and the only one that calls it. A command is done at once, at the present moment; its outcome is given once
 * everything that it can tell of is durable. The first failure of the journal or of the core is the end: a core that is ahead of a
 * broken journal, or has done half of something, cannot go back, so all that wait and all that come are answered 503, and the service
 * stops. A command that failed before it changed anything is refused alone.
 */
export class SimulationService implements OnModuleDestroy {
  readonly #feed: DurableFeed;
  readonly #commit: GroupCommit;
  readonly #pacer: Pacer;
  readonly #activity: ActivityWatch;
  readonly #sessions = new SessionHub();
  #state: "running" | "stopping" | "failed" = "running";
  #waitingCommands = 0;
  #isAdvancing = false;
  #reportFailure: (error: Error) => void = () => undefined;
  #reportFault: (error: unknown) => void = () => undefined;

  /** Resolves with what ended the simulation, when it failed; never otherwise. */
  readonly failure: Promise<Error>;

  constructor(private readonly options: SimulationOptions) {
    const { cluster, journal, wall, durableSequence } = options;
    this.failure = new Promise((resolve) => {
      this.#reportFailure = resolve;
    });
    this.#activity = new ActivityWatch(cluster.engine.nowMs);
    this.#feed = new DurableFeed(journal, durableSequence);
    this.#commit = new GroupCommit(journal, durableSequence, {
      onDurable: (entries, lastSequence, bytes) => {
        this.#feed.publish(entries, lastSequence, bytes);
      },
      onFailure: (error) => {
        this.#fail(error);
      },
    });
    this.#pacer = new Pacer(cluster.engine, wall, options.setting, {
      onSlice: () => {
        this.#takeBatch();
      },
      shouldWait: (resume) => this.#shouldWait(resume),
      onFailure: (error) => {
        this.#fail(new Error(`the simulation is broken: ${messageOf(error)}`, { cause: error }));
      },
    });
  }

  /** Does and keeps what is due at the start, and lets time begin to pass. */
  async start(): Promise<void> {
    optimizeLate();
    this.#pacer.catchUp();
    this.#takeBatch();
    await this.#commit.flush(this.options.cluster.engine.nowMs);
    this.#pacer.start();
  }

  get feed(): Feed {
    return this.#feed;
  }

  /** What commands that run in containers say. */
  get sessions(): SessionPort {
    return this.#sessions;
  }

  /** What service account tokens are verified with. */
  get tokenKeys(): KeySet {
    return this.options.tokenKeys ?? { keys: [] };
  }

  get isReady(): boolean {
    return this.#state === "running";
  }

  /** Tells of faults of ours that cost one request and nothing else. */
  onFault(report: (error: unknown) => void): void {
    this.#reportFault = report;
  }

  /** Entries committed but not yet durable, and real time by which the simulation is behind. */
  get backlog(): { readonly unwrittenEntries: number; readonly lagMs: number } {
    return { unwrittenEntries: this.#commit.unwrittenEntries, lagMs: this.#pacer.lagMs };
  }

  get feedReaders(): number {
    return this.#feed.readerCount;
  }

  /** Labels that a pod had at a moment; null when nothing is known of it. */
  podLabels(pod: PodAt): Promise<Readonly<Record<string, string>> | null> {
    return this.options.journal.podLabels(pod);
  }

  /** Does a command and answers once it, and all that it can have seen, is on disk. Refusals are outcomes, 503 among them. */
  async execute(command: Command): Promise<Outcome> {
    if (this.#state !== "running") return unavailable(this.#state);
    if (!this.#pacer.mustSettleFirst) return this.#run(command);
    if (this.#waitingCommands >= MAX_WAITING_COMMANDS) return unavailable("busy");
    this.#waitingCommands += 1;
    return new Promise((resolve) => {
      this.#pacer.whenSettled(() => {
        this.#waitingCommands -= 1;
        resolve(this.#run(command));
      });
    });
  }

  clock(): ClockView {
    if (this.#state === "running") this.#pacer.catchUp();
    const { seed, epochMs, cluster } = this.options;
    const { mode, speed } = this.#pacer.setting;
    const { nowMs } = cluster.engine;
    return { now: formatMilliTime(nowMs), elapsedMs: nowMs - epochMs, mode, speed, seed };
  }

  get nowMs(): number {
    return this.options.cluster.engine.nowMs;
  }

  get isPaused(): boolean {
    return this.#pacer.setting.mode === "paused";
  }

  get isAdvancing(): boolean {
    return this.#isAdvancing;
  }

  setClock(change: Partial<ClockSetting>): ClockView {
    const { mode, speed } = this.#pacer.setting;
    this.#pacer.set({ mode: change.mode ?? mode, speed: change.speed ?? speed });
    return this.clock();
  }

  /** Goes to `untilMs`. Resolves once all that was due is done and on disk. @throws StatusError 503 when the service ends meanwhile. */
  async advance(untilMs: number): Promise<void> {
    await this.#whileAdvancing(() => this.#advanceTo(untilMs));
  }

  /**
   * Goes on until nothing that matters has happened for `quietMs`, at most to `untilMs`. It looks at moments that follow from the run
   * alone, so the same run stops at the same moment. @returns whether it became idle.
   */
  async advanceUntilIdle(quietMs: number, untilMs: number): Promise<boolean> {
    return this.#whileAdvancing(async () => {
      for (;;) {
        const idleAtMs = this.#activity.lastMs + quietMs;
        if (idleAtMs <= this.nowMs) return true;
        if (this.nowMs >= untilMs) return false;
        await this.#advanceTo(Math.min(idleAtMs, untilMs));
      }
    });
  }

  /** Ends the simulation: no more commands, everything committed is kept, readers are told. */
  async onModuleDestroy(): Promise<void> {
    if (this.#state === "running") {
      this.#state = "stopping";
      this.#pacer.stop();
      this.#takeBatch();
      await this.#commit.flush(this.nowMs).catch(() => undefined);
    }
    this.#feed.close();
    this.#sessions.loseAll();
  }

  async #run(command: Command): Promise<Outcome> {
    if (this.#state !== "running") return unavailable(this.#state);
    this.#pacer.catchUp();
    if (!this.isReady) return unavailable("failed");
    const before = this.#takeBatch();
    let outcome: Outcome;
    try {
      outcome = this.options.cluster.execute(command);
    } catch (error) {
      if (this.#takeBatch() === before) return this.#fault(error);
      this.#fail(new Error(`the simulation is broken: ${messageOf(error)}`, { cause: error }));
      return unavailable("failed");
    }
    const sequence = this.#takeBatch();
    this.#pacer.settle();
    try {
      await this.#commit.whenDurable(sequence);
    } catch {
      return unavailable("failed");
    }
    return outcome;
  }

  /** Hands what was committed to the journal. @returns the newest sequence. */
  #takeBatch(): number {
    const batch = this.options.cluster.takeBatch();
    this.#activity.note(batch.entries);
    this.#commit.add(batch);
    this.#sessions.deliver(this.options.cluster.takeSessionOutputs(), () =>
      this.#commit.whenDurable(batch.lastSequence),
    );
    return batch.lastSequence;
  }

  #shouldWait(resume: () => void): boolean {
    if (!this.#commit.isBehind) return false;
    this.#commit.whenCaughtUp(resume);
    return true;
  }

  /** A command that met a fault of ours before it changed anything: that one is refused, as the API server recovers from a panic. */
  #fault(error: unknown): Outcome {
    this.#reportFault(error);
    return { ok: false, status: internalError(messageOf(error)).status };
  }

  #fail(error: Error): void {
    if (this.#state === "failed") return;
    this.#state = "failed";
    this.#pacer.stop();
    this.#feed.close();
    this.#sessions.loseAll();
    this.#reportFailure(error);
  }

  async #advanceTo(untilMs: number): Promise<void> {
    await this.#pacer.advance(untilMs);
    await this.#commit.flush(this.nowMs);
  }

  async #whileAdvancing<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isPaused || this.#isAdvancing) throw new Error("the clock can not be advanced now");
    this.#isAdvancing = true;
    optimizeSoon();
    try {
      return await work();
    } catch (error) {
      if (this.#state === "running") throw error;
      throw serviceUnavailable(UNAVAILABLE[this.#state]);
    } finally {
      optimizeLate();
      this.#isAdvancing = false;
    }
  }
}

const UNAVAILABLE = {
  stopping: "the server is shutting down",
  failed: "the server can not go on: its journal or its simulation failed",
  busy: "the server has too many requests waiting",
} as const;

const unavailable = (why: keyof typeof UNAVAILABLE): Outcome => ({
  ok: false,
  status: serviceUnavailable(UNAVAILABLE[why]).status,
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
