import type { Blocking, ExitStatus, Sys } from "../syscall.js";

export interface Job {
  readonly number: number;
  /** Of a pipeline, each part; the last one's status is the job's. */
  readonly pids: readonly number[];
  readonly command: string;
  readonly statuses: Map<number, ExitStatus>;
}

/** 128 and the signal's number for one that was killed. */
export function statusCode(status: ExitStatus): number {
  return "code" in status ? status.code : 128 + status.number;
}

/** Children whose end nobody asked for yet that are remembered. */
const MAX_REMEMBERED = 1024;

/** The children of one shell process. */
export class Jobs {
  #jobs: Job[] | null = null;
  #waited: Map<number, ExitStatus> | null = null;

  constructor(private readonly sys: Sys) {}

  get list(): readonly Job[] {
    return this.#jobs ?? [];
  }

  add(pids: readonly number[], command: string): Job {
    this.#jobs ??= [];
    const number = (this.#jobs.at(-1)?.number ?? 0) + 1;
    const job: Job = { number, pids, command, statuses: new Map() };
    this.#jobs.push(job);
    if (this.#jobs.length > MAX_REMEMBERED) this.#jobs.shift();
    return job;
  }

  remove(job: Job): void {
    const index = this.#jobs?.indexOf(job) ?? -1;
    if (index >= 0) this.#jobs?.splice(index, 1);
  }

  /** Takes a job off the list whose parts a later `wait` by their pid may still ask for. */
  removeAndRemember(job: Job): void {
    this.remove(job);
    this.#waited ??= new Map();
    for (const [pid, status] of job.statuses) this.#waited.set(pid, status);
    for (const oldest of this.#waited.keys()) {
      if (this.#waited.size <= MAX_REMEMBERED) break;
      this.#waited.delete(oldest);
    }
  }

  /** How a child ended that was waited for before. */
  waitedStatus(pid: number): ExitStatus | null {
    return this.#waited?.get(pid) ?? null;
  }

  isDone(job: Job): boolean {
    return job.statuses.size === job.pids.length;
  }

  /** The status of the last part, once the job is done. */
  statusOf(job: Job): ExitStatus | null {
    return job.statuses.get(job.pids.at(-1) ?? -1) ?? null;
  }

  byPid(pid: number): Job | null {
    return this.list.find((job) => job.pids.includes(pid)) ?? null;
  }

  /** `%1`, `%+`, `%-`, `%name`. */
  bySpecification(text: string): Job | null {
    const jobs = this.list;
    const key = text.slice(1);
    if (key === "" || key === "%" || key === "+") return jobs.at(-1) ?? null;
    if (key === "-") return jobs.at(-2) ?? jobs.at(-1) ?? null;
    if (/^\d+$/.test(key)) return jobs.find((job) => job.number === Number(key)) ?? null;
    return jobs.find((job) => job.command.startsWith(key)) ?? null;
  }

  /** Waits for a child that runs in the foreground; others that end meanwhile are noted. */
  *waitForeground(pid: number): Blocking<ExitStatus> {
    for (;;) {
      const ended = yield* this.sys.wait(-1);
      if (ended === null) throw new Error("a wait that hangs gave nothing");
      if (ended.pid === pid) return ended.status;
      this.note(ended.pid, ended.status);
    }
  }

  note(pid: number, status: ExitStatus): void {
    this.byPid(pid)?.statuses.set(pid, status);
  }
}
