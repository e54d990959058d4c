import type { Blocking, Program, SignalName, Sys } from "../../shell/index.js";
import { ProcessSys } from "./process-sys.js";
import type { TaskGroup } from "./task-group.js";

/** What programs of the image catalogue may do beside what any program may: they stand for software that is not simulated to its last line. */
export interface ImageSys extends Sys {
  /** Accounts memory that the simulated software would have, though nothing here holds it. Negative gives back. */
  reserve(bytes: number): void;
  /** Uses CPU time, as software that is not simulated would: it takes no real work here. */
  compute(cpuMs: number): Blocking<void>;
  /** As waitReadable, but null as soon as a signal was handled too: poll(2) and EINTR. */
  poll(fds: readonly number[], timeoutMs: number): Blocking<number | null>;
  /** Tasks of this process that wait side by side. */
  tasks(): TaskGroup;
  /** Cores of the machine. */
  readonly cores: number;
  /** Ends the process, by a signal also as PID 1; it takes effect at the next wait. For signal handlers, which cannot return a code. */
  end(status: { readonly code: number } | { readonly signal: SignalName }): void;
  /** What `ps` shows: `nginx: master process nginx -g daemon off;`. */
  setTitle(title: string): void;
  /** setgid, setgroups and setuid of a server that drops its privileges. */
  becomeUser(uid: number, gid: number): void;
}

export type ImageProgram = (
  sys: ImageSys,
  argv: readonly string[],
  env: Map<string, string>,
) => Blocking<number>;

/** An image program as the kernel's table of programs has it. */
export const imageProgram =
  (program: ImageProgram): Program =>
  (sys, argv, env) =>
    program(asImageSys(sys), argv, env);

/** The system calls of this kernel, all of them: for a forked body. */
export const asImageSys = (sys: Sys): ImageSys => {
  if (sys instanceof ProcessSys) return sys;
  throw new Error("image programs run on the runtime's own kernel");
};
