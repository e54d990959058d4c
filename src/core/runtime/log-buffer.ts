import {
  LOG_FILE_BYTES,
  LOG_FILES,
  LOG_HELD_BYTES_PER_CONTAINER,
  LOG_LINE_BYTES,
} from "./limits.js";

export type LogStream = "stdout" | "stderr";

/** One line of a CRI log; a part of one when `isPartial`: no newline was there, or it was too long. */
export interface LogEntry {
  readonly timeMs: number;
  readonly stream: LogStream;
  readonly text: string;
  readonly isPartial: boolean;
}

/** What the logs of a node hold together, in bytes. */
export interface LogQuota {
  heldBytes: number;
  readonly limitBytes: number;
}

/** Told of each entry as it is written. */
export interface LogOwner {
  logEntry(entry: LogEntry): void;
}

/** Bytes of an entry beside its text: `2016-10-06T00:17:09.669794202Z stdout F ` and the newline. */
const ENTRY_HEAD_BYTES = 41;
/** What an entry costs the simulator beside its text. */
const ENTRY_COST_BYTES = 100;
/** How often the kubelet looks whether a log is to be rotated: containerLogMonitorInterval, 1.34. */
const MONITOR_MS = 10_000;

/**
 * The log of one container instance, as containerd writes and the kubelet rotates it. Only the current file can be read (`kubectl logs` does no more);
 * rotated ones count as used disk.
 */
export class LogBuffer {
  #entries: LogEntry[] = [];
  #head = 0;
  #fileBytes = 0;
  #rotatedBytes = 0;
  #rotatedFiles = 0;
  #heldBytes = 0;
  #checkedAtMs = 0;
  #unfinished: Record<LogStream, Uint8Array | null> | null = null;

  constructor(
    private readonly quota: LogQuota,
    private readonly owner: LogOwner,
  ) {}

  /** What its files take on the node's disk. */
  get diskBytes(): number {
    return this.#fileBytes + this.#rotatedBytes;
  }

  get entries(): readonly LogEntry[] {
    return this.#head === 0 ? this.#entries : this.#entries.slice(this.#head);
  }

  /** Takes output as it comes: whole lines become entries, the rest waits for its end. */
  write(stream: LogStream, bytes: Uint8Array, nowMs: number): void {
    const before = this.#unfinished?.[stream] ?? null;
    const all = before === null ? bytes : concatenate(before, bytes);
    let start = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
      this.#addLine(stream, all.subarray(start, end), nowMs, false);
      start = end + 1;
    }
    let rest = all.subarray(start);
    while (rest.length > LOG_LINE_BYTES) {
      this.#add(stream, decode(rest.subarray(0, LOG_LINE_BYTES)), nowMs, true);
      rest = rest.subarray(LOG_LINE_BYTES);
    }
    if (rest.length === 0 && before === null) return;
    this.#unfinished ??= { stdout: null, stderr: null };
    this.#unfinished[stream] = rest.length === 0 ? null : rest.slice();
  }

  /** The container is gone: what had no newline yet is written as it is. */
  finish(nowMs: number): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#unfinished?.[stream] ?? null;
      if (rest !== null) this.#add(stream, decode(rest), nowMs, true);
    }
    this.#unfinished = null;
  }

  /** The container is removed, its log with it. */
  discard(): void {
    this.quota.heldBytes -= this.#heldBytes;
    this.#heldBytes = 0;
    this.#entries = [];
    this.#head = 0;
    this.#fileBytes = 0;
    this.#rotatedBytes = 0;
  }

  #addLine(stream: LogStream, line: Uint8Array, nowMs: number, isPartial: boolean): void {
    let rest = line;
    while (rest.length > LOG_LINE_BYTES) {
      this.#add(stream, decode(rest.subarray(0, LOG_LINE_BYTES)), nowMs, true);
      rest = rest.subarray(LOG_LINE_BYTES);
    }
    this.#add(stream, decode(rest), nowMs, isPartial);
  }

  #add(stream: LogStream, text: string, timeMs: number, isPartial: boolean): void {
    this.#rotateWhenDue(timeMs);
    const entry: LogEntry = { timeMs, stream, text, isPartial };
    this.#entries.push(entry);
    this.#fileBytes += text.length + ENTRY_HEAD_BYTES;
    const cost = text.length + ENTRY_COST_BYTES;
    this.#heldBytes += cost;
    this.quota.heldBytes += cost;
    while (this.#isHoldingTooMuch && this.#entries.length - this.#head > 1) this.#dropOldest();
    this.owner.logEntry(entry);
  }

  get #isHoldingTooMuch(): boolean {
    return (
      this.#heldBytes > LOG_HELD_BYTES_PER_CONTAINER ||
      (this.quota.heldBytes > this.quota.limitBytes && this.#heldBytes > ENTRY_COST_BYTES * 64)
    );
  }

  #dropOldest(): void {
    const oldest = this.#entries[this.#head];
    this.#head += 1;
    const cost = (oldest?.text.length ?? 0) + ENTRY_COST_BYTES;
    this.#heldBytes -= cost;
    this.quota.heldBytes -= cost;
    if (this.#head < 1024 || this.#head * 2 < this.#entries.length) return;
    this.#entries.splice(0, this.#head);
    this.#head = 0;
  }

  #rotateWhenDue(nowMs: number): void {
    if (this.#fileBytes < LOG_FILE_BYTES || nowMs - this.#checkedAtMs < MONITOR_MS) return;
    this.#checkedAtMs = nowMs;
    // All but the newest rotated file are compressed; text shrinks to about a tenth.
    if (this.#rotatedFiles < LOG_FILES - 1) this.#rotatedFiles += 1;
    this.#rotatedBytes = this.#fileBytes + ((this.#rotatedFiles - 1) * LOG_FILE_BYTES) / 10;
    this.quota.heldBytes -= this.#heldBytes;
    this.#heldBytes = 0;
    this.#fileBytes = 0;
    this.#entries = [];
    this.#head = 0;
  }
}

const NEWLINE = 10;
const decoder = new TextDecoder();

/** Text as fast as it can be had: output is ASCII nearly always, and short. */
const decode = (bytes: Uint8Array): string => {
  if (bytes.length > 64) return decoder.decode(bytes);
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
};

const concatenate = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
};
