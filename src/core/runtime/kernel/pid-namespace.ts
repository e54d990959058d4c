import type { Process } from "./process.js";

/** kernel.pid_max on 64 bits. */
const LAST_PID = 4_194_304;
/** Where pids start again after the last: RESERVED_PIDS, kernel/pid.c. */
const FIRST_PID_AGAIN = 300;

/** Numbers processes of one container (or of a pod that shares its process namespace). Its first is PID 1. */
export class PidNamespace {
  /** By pid, ascending. */
  #processes: Process[] = [];
  #next = 1;
  init: Process | null = null;

  /** @param id distinguishes it from the others of its machine: `/proc/<pid>/ns/pid`; 0 is the machine's own, where numbers are those of the machine */
  constructor(readonly id: number) {}

  get processes(): readonly Process[] {
    return this.#processes;
  }

  get size(): number {
    return this.#processes.length;
  }

  /** Gives a process its number. */
  add(process: Process): number {
    const pid = this.id === 0 ? process.hostPid : this.#take();
    process.pid = pid;
    const last = this.#processes.at(-1);
    if (last === undefined) this.#processes = [process];
    else if (last.pid < pid) this.#processes.push(process);
    else this.#processes.splice(this.#indexOf(pid), 0, process);
    if (pid === 1) this.init = process;
    return pid;
  }

  remove(process: Process): void {
    const index = this.#indexOf(process.pid);
    if (this.#processes[index] === process) this.#processes.splice(index, 1);
  }

  get(pid: number): Process | null {
    const process = this.#processes[this.#indexOf(pid)];
    return process?.pid === pid ? process : null;
  }

  #take(): number {
    if (this.#next > LAST_PID) this.#next = FIRST_PID_AGAIN;
    while (this.get(this.#next) !== null) this.#next += 1;
    return this.#next++;
  }

  /** Index of the first process whose pid is not below. */
  #indexOf(pid: number): number {
    let low = 0;
    let high = this.#processes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#processes[middle]?.pid ?? 0) < pid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
