import type { JournalBatch, JournalEntry } from "../core/store/index.js";
import type { Journal } from "../persistence/index.js";
import { ENTRIES_PER_COMPACTION, MAX_GROUP_ENTRIES, MAX_UNWRITTEN_ENTRIES } from "./limits.js";

export interface GroupCommitHandlers {
  /** A group is on disk: now it may be seen. @param bytes its encoded size. */
  onDurable(entries: readonly JournalEntry[], lastSequence: number, bytes: number): void;
  /** The journal failed; nothing is written from now on. */
  onFailure(error: Error): void;
}

interface Settlement {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Waiter extends Settlement {
  readonly sequence: number;
}

/**
 * Writes what the core commits. While one group is being written the next one gathers, so that the number of transactions follows the
 * speed of the disk and not the number of changes. Sequence order in, sequence order out.
 */
export class GroupCommit {
  #gathered: JournalEntry[] = [];
  #lastSequence: number;
  #timeMs = 0;
  /** The clock must be kept although no entry came with it. */
  #isTimeUnwritten = false;
  #isWriting = false;
  #writing = 0;
  #failure: Error | null = null;
  #waiters: Waiter[] = [];
  #caughtUp: (() => void)[] = [];
  #flushes: Waiter[] = [];
  #sinceCompaction = 0;

  /** @param durableSequence what the journal holds already. */
  constructor(
    private readonly journal: Journal,
    private durable: number,
    private readonly handlers: GroupCommitHandlers,
  ) {
    this.#lastSequence = durable;
  }

  get durableSequence(): number {
    return this.durable;
  }

  /** Entries that are not on disk yet. */
  get unwrittenEntries(): number {
    return this.#gathered.length + this.#writing;
  }

  /** The core must wait: memory stays bounded. */
  get isBehind(): boolean {
    return this.unwrittenEntries >= MAX_UNWRITTEN_ENTRIES;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  add(batch: JournalBatch): void {
    if (this.#failure !== null) return;
    this.#timeMs = batch.timeMs;
    if (batch.lastSequence <= this.#lastSequence) return;
    for (const entry of batch.entries) this.#gathered.push(entry);
    this.#lastSequence = batch.lastSequence;
    this.#start();
  }

  /** Resolves once everything up to `sequence` is on disk. @throws when the journal failed before. */
  async whenDurable(sequence: number): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (sequence <= this.durable) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ sequence, resolve, reject });
    });
  }

  /** Calls back once, when the journal is no longer behind; never when it failed. */
  whenCaughtUp(action: () => void): void {
    this.#caughtUp.push(action);
  }

  /** Keeps all that was added, and the clock even when nothing came with it. */
  async flush(timeMs: number): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#timeMs = timeMs;
    this.#isTimeUnwritten = true;
    await new Promise<void>((resolve, reject) => {
      this.#flushes.push({ sequence: this.#lastSequence, resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    if (this.#isWriting || this.#failure !== null) return;
    this.#isWriting = true;
    void this.#writeGroups();
  }

  async #writeGroups(): Promise<void> {
    try {
      while (this.#lastSequence > this.durable || this.#isTimeUnwritten) await this.#writeGroup();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#isWriting = false;
  }

  async #writeGroup(): Promise<void> {
    const entries = this.#takeGroup();
    const last = entries.at(-1);
    const lastSequence =
      this.#gathered.length > 0 && last !== undefined ? last.sequence : this.#lastSequence;
    const timeMs = this.#gathered.length > 0 && last !== undefined ? last.timeMs : this.#timeMs;
    this.#isTimeUnwritten = false;
    this.#writing = entries.length;
    const bytes = await this.journal.append({ entries, lastSequence, timeMs });
    this.#writing = 0;
    this.durable = lastSequence;
    this.handlers.onDurable(entries, lastSequence, bytes);
    this.#resolveWaiters();
    if (!this.isBehind) for (const action of this.#caughtUp.splice(0)) action();
    await this.#compactSometimes(entries.length);
    this.#resolveFlushes();
  }

  /** In step with the writing, so that the history cannot outgrow its limits, and never beside it. */
  async #compactSometimes(written: number): Promise<void> {
    this.#sinceCompaction += written;
    if (this.#sinceCompaction < ENTRIES_PER_COMPACTION) return;
    this.#sinceCompaction = 0;
    await this.journal.compact();
  }

  #takeGroup(): JournalEntry[] {
    const entries = this.#gathered;
    if (entries.length <= MAX_GROUP_ENTRIES) {
      this.#gathered = [];
      return entries;
    }
    this.#gathered = entries.slice(MAX_GROUP_ENTRIES);
    return entries.slice(0, MAX_GROUP_ENTRIES);
  }

  /** Waiters ask for growing sequences, but for reads that come in between: all are looked at. */
  #resolveWaiters(): void {
    const still: Waiter[] = [];
    for (const waiter of this.#waiters) {
      if (waiter.sequence <= this.durable) waiter.resolve();
      else still.push(waiter);
    }
    this.#waiters = still;
  }

  /** Not when all is written: where entries come without end, that would be never. */
  #resolveFlushes(): void {
    if (this.#isTimeUnwritten) return;
    const flushes = this.#flushes;
    this.#flushes = flushes.filter(({ sequence }) => sequence > this.durable);
    for (const flush of flushes) if (flush.sequence <= this.durable) flush.resolve();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#isWriting = false;
    this.#gathered = [];
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    for (const flush of this.#flushes.splice(0)) flush.reject(error);
    this.handlers.onFailure(error);
  }
}
