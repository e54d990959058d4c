import type { Blocking } from "../../shell/index.js";
import { TASKS_PER_PROCESS } from "../limits.js";
import type { Process, WakeReason } from "./process.js";
import type { Waiter, WaitQueue } from "./wait-queue.js";
import { giveWay, mustYield, waitOn } from "./work.js";
import { BLOCKED } from "./yields.js";

/** One piece of work of a process that goes on beside others, and what it waits for. */
class Task implements Waiter {
  /** Why it goes on; null while it waits. */
  reason: WakeReason | null = "ready";
  #on: readonly WaitQueue[] = [];
  #dueMs = 0;

  constructor(
    readonly body: Blocking<void>,
    readonly kernel: { wake(): void },
  ) {}

  get dueMs(): number {
    return this.#dueMs;
  }

  /** Whether only time or a signal can end its wait. */
  get waitsAlone(): boolean {
    return this.#on.length === 0;
  }

  wait(on: WaitQueue | readonly WaitQueue[] | null, dueMs: number): void {
    this.#dueMs = dueMs;
    this.#on = on === null ? [] : "add" in on ? [on] : on;
    for (const queue of this.#on) queue.add(this);
  }

  /** Ends its wait; nothing happens to one that goes on already. */
  end(reason: WakeReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    for (const queue of this.#on) queue.remove(this);
    this.#on = [];
  }
}

/**
 * Tasks of one process that wait side by side, as the threads or the event loop of a server do: while one waits for somebody else's answer, the others go on. What one of
 * them computes takes the time of all.
 */
export class TaskGroup {
  #tasks: Task[] = [];
  /** Whether the process waits in `poll`, and not for its CPU time. */
  #isWaiting = false;

  constructor(private readonly process: Process) {}

  /** Whether another task may be started now. */
  get hasRoom(): boolean {
    return this.#tasks.length < TASKS_PER_PROCESS;
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** It begins with the next `poll`. */
  start(body: Blocking<void>): void {
    if (!this.hasRoom) throw new Error("a process has no room for another task");
    const task = new Task(body, {
      wake: () => {
        task.end("ready");
        if (this.#isWaiting) this.process.kernel.wake(this.process, "ready");
      },
    });
    this.#tasks.push(task);
  }

  /** The first readable of `fds`; null as soon as a task has gone on or a signal was handled, so that the caller looks around. */
  *poll(fds: readonly number[]): Blocking<number | null> {
    const { process } = this;
    const hasSignal = process.pending !== null;
    if (mustYield(process)) yield* giveWay(process);
    if (hasSignal || (yield* this.#goOn())) return null;
    const queues: WaitQueue[] = [];
    for (const fd of fds) {
      const description = process.descriptors.get(fd);
      if (description.isReadable) return fd;
      if (description.readers !== null) queues.push(description.readers);
    }
    const dueMs = this.#tasks.reduce((first, task) => Math.min(first, task.dueMs), Infinity);
    this.#isWaiting = true;
    const reason = yield* waitOn(process, queues, dueMs);
    this.#isWaiting = false;
    for (const task of this.#tasks) {
      if (task.dueMs <= process.nowMs) task.end("timeout");
      // One that waits for a signal (pause) has no other end.
      else if (reason === "signal" && task.waitsAlone && task.dueMs === Infinity) task.end("ready");
    }
    return null;
  }

  /** Lets everybody go on who may. @returns whether anybody did */
  *#goOn(): Blocking<boolean> {
    const due = this.#tasks.filter((task) => task.reason !== null);
    for (const task of due) {
      this.process.wakeReason = task.reason ?? "ready";
      task.reason = null;
      if (yield* this.#advance(task)) this.#tasks = this.#tasks.filter((one) => one !== task);
    }
    return due.length > 0;
  }

  /** Runs a task until it waits for something. @returns whether it has ended */
  *#advance(task: Task): Blocking<boolean> {
    const { process } = this;
    for (;;) {
      if (task.body.next().done === true) return true;
      const isWait = process.state === "blocked" && !process.isUsingCpu && process.fate === null;
      if (!isWait) {
        // CPU time that passes, or an end: that is the whole process's.
        yield BLOCKED;
        continue;
      }
      const { waitsOn, timer } = process;
      process.kernel.forgetWait(process);
      process.state = "running";
      task.wait(waitsOn, timer?.dueMs ?? Infinity);
      return false;
    }
  }
}
