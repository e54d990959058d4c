import type { Command, Pipeline } from "../grammar/index.js";
import { writeError } from "../io/write.js";
import type { Blocking, ExitStatus } from "../syscall.js";
import { forkShell } from "./child.js";
import { keepsJobs } from "./jobs.js";
import { reportSignal } from "./external-command.js";
import { statusCode } from "./jobs.js";
import { FINAL, PLAIN, TESTED, type Outcome } from "./outcome.js";
import { finish } from "./simple-command.js";
import type { Shell } from "./shell.js";

export function runPipeline(shell: Shell, pipeline: Pipeline, flags: number): Outcome {
  if (pipeline.timed !== false) return runTimed(shell, pipeline, flags);
  return runUntimed(shell, pipeline, flags);
}

function runUntimed(shell: Shell, pipeline: Pipeline, flags: number): Outcome {
  const [only] = pipeline.commands;
  if (pipeline.commands.length !== 1 || only === undefined) {
    return runParts(shell, pipeline, flags);
  }
  if (!pipeline.negated) return shell.interpreter.execute(shell, only, flags);
  const outcome = shell.interpreter.execute(shell, only, TESTED);
  return typeof outcome === "number" ? negate(shell, outcome) : negateLater(shell, outcome);
}

function negate(shell: Shell, status: number): number {
  shell.status = status === 0 ? 1 : 0;
  return shell.status;
}

function* negateLater(shell: Shell, outcome: Blocking<number>): Blocking<number> {
  return negate(shell, yield* outcome);
}

/** Every part is a process of its own; the pipeline's status is the last one's (or, with pipefail, the last failure). */
function* runParts(shell: Shell, pipeline: Pipeline, flags: number): Blocking<number> {
  const pids = yield* startParts(shell, pipeline, false, flags & TESTED);
  const statuses = yield* waitForParts(shell, pids);
  const last = statuses.at(-1);
  const lastPid = pids.at(-1);
  if (last !== undefined && lastPid !== undefined) {
    yield* reportSignal(shell, last, lastPid, pipeline.source);
  }
  const codes = statuses.map(statusCode);
  const failure = codes.findLast((code) => code !== 0);
  const status = shell.options.pipefail ? (failure ?? 0) : (codes.at(-1) ?? 0);
  const result = pipeline.negated ? negate(shell, status) : finish(shell, status, flags);
  shell.pipeStatuses = codes;
  return result;
}

function* waitForParts(shell: Shell, pids: readonly number[]): Blocking<readonly ExitStatus[]> {
  const ended = new Map<number, ExitStatus>();
  while (ended.size < pids.length) {
    const child = yield* shell.sys.wait(-1);
    if (child === null) throw new Error("a wait that hangs gave nothing");
    if (pids.includes(child.pid)) ended.set(child.pid, child.status);
    else shell.jobs.note(child.pid, child.status);
  }
  return pids.map((pid) => ended.get(pid) ?? { code: 0 });
}

const PARTS_PER_CHARGE = 16;

/** Starts the parts of a pipeline, each reading from the one before it. */
function* startParts(
  shell: Shell,
  pipeline: Pipeline,
  inBackground: boolean,
  tested: number,
): Blocking<number[]> {
  const { sys } = shell;
  const pids: number[] = [];
  let input = -1;
  for (const [index, command] of pipeline.commands.entries()) {
    // Few are started at one go, as if they had been forked in one slice; a thousand take their time.
    if (index % PARTS_PER_CHARGE === PARTS_PER_CHARGE - 1) yield* sys.charge(1);
    const isLast = index === pipeline.commands.length - 1;
    const pipe = isLast ? null : sys.pipe();
    const from = input;
    const errorsToo = pipeline.errorsToo[index] === true;
    const pid = forkShell(
      shell,
      (child) => {
        connect(child, from, pipe, errorsToo);
        if (keepsJobs(child.dialect, [command])) child.jobs.inherit(shell.jobs);
        if (inBackground && from < 0) detachInput(child);
        return child.interpreter.execute(child, command, FINAL | tested);
      },
      inBackground ? { ignore: ["INT", "QUIT"] } : undefined,
    );
    pids.push(pid);
    if (from >= 0) sys.close(from);
    if (pipe !== null) sys.close(pipe[1]);
    input = pipe?.[0] ?? -1;
  }
  return pids;
}

function connect(
  child: Shell,
  from: number,
  pipe: readonly [read: number, write: number] | null,
  errorsToo: boolean,
): void {
  const { sys } = child;
  if (from >= 0) {
    sys.dup(from, 0);
    sys.close(from);
  }
  if (pipe === null) return;
  const [readEnd, writeEnd] = pipe;
  sys.close(readEnd);
  sys.dup(writeEnd, 1);
  if (errorsToo) sys.dup(1, 2);
  if (writeEnd !== 1) sys.close(writeEnd);
}

/** A background command of a shell without job control does not read what the shell reads (POSIX 2.9.3.1). */
function detachInput(child: Shell): void {
  const { sys } = child;
  const fd = sys.open("/dev/null", { read: true });
  if (fd === 0) return;
  sys.dup(fd, 0);
  sys.close(fd);
}

/** `command &` */
export function runInBackground(shell: Shell, command: Command, source: string): Outcome {
  const isPipeline = command.kind === "pipeline" && command.commands.length > 1 && !command.negated;
  if (isPipeline) return runPipelineInBackground(shell, command, source);
  const pid = forkShell(
    shell,
    (child) => {
      detachInput(child);
      return child.interpreter.execute(child, command, FINAL);
    },
    { ignore: ["INT", "QUIT"] },
  );
  return noteJob(shell, [pid], source);
}

function* runPipelineInBackground(
  shell: Shell,
  pipeline: Pipeline,
  source: string,
): Blocking<number> {
  return noteJob(shell, yield* startParts(shell, pipeline, true, PLAIN), source);
}

function noteJob(shell: Shell, pids: number[], source: string): number {
  shell.jobs.add(pids, source);
  shell.backgroundPid = pids.at(-1) ?? null;
  shell.status = 0;
  return 0;
}

/** bash's `time`. Time in a container passes in waits, so user and system time are what the kernel charged. */
function* runTimed(shell: Shell, pipeline: Pipeline, flags: number): Blocking<number> {
  const startMs = shell.sys.nowMs();
  const outcome = runUntimed(shell, pipeline, flags);
  const status = typeof outcome === "number" ? outcome : yield* outcome;
  const elapsed = shell.sys.nowMs() - startMs;
  yield* writeError(
    shell.sys,
    pipeline.timed === "posix" ? posixTimes(elapsed) : bashTimes(elapsed),
  );
  return status;
}

function bashTimes(elapsedMs: number): string {
  const minutes = Math.floor(elapsedMs / 60_000);
  const seconds = ((elapsedMs % 60_000) / 1000).toFixed(3);
  return `\nreal\t${String(minutes)}m${seconds}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

function posixTimes(elapsedMs: number): string {
  return `real ${(elapsedMs / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n`;
}
