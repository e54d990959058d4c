import type { Command, Dialect } from "../grammar/index.js";
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

/**
 * Whether a substitution or a part of a pipeline knows the jobs of its shell: in bash always; in ash when it is `jobs` itself and nothing else (shell/ash.c
 * forkchild, 1.37), which is what makes `kill $(jobs -p)` work.
 */
export function keepsJobs(dialect: Dialect, commands: readonly Command[]): boolean {
  if (dialect !== "ash") return dialect === "bash";
  const [command] = commands;
  if (commands.length !== 1 || command?.kind !== "simple") return false;
  const [word] = command.words;
  return word !== undefined && "literal" in word && word.literal === "jobs";
}

/** Children whose end nobody asked for yet that are remembered. */
const MAX_REMEMBERED = 1024;

/** The children of one shell process. */
export class Jobs {
  #jobs: Job[] | null = null;
  #inherited: readonly Job[] = [];
  #waited: Map<number, ExitStatus> | null = null;

  constructor(private readonly sys: Sys) {}

  get list(): readonly Job[] {
    return this.#jobs ?? this.#inherited;
  }

  /** Whether there are children of its own to ask for. */
  get hasOwn(): boolean {
    return this.#jobs !== null;
  }

  /** In a subshell: the jobs of its parent can be listed and signalled until it has one of its own, but not be waited for. */
  inherit(parent: Jobs): void {
    this.#inherited = [...parent.list];
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
