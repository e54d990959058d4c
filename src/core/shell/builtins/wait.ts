import { statusCode, type Job } from "../interpreter/jobs.js";
import { reportSignal } from "../interpreter/external-command.js";
import { errorMessage } from "../interpreter/messages.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import { signalNumber } from "../signal-names.js";
import { SysError, type Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

const NO_SUCH_CHILD = 127;

/** Waits for children. A signal with an action cuts it short: 128 and its number (POSIX 2.11). */
export const runWait: Builtin = (shell, words) => wait(shell, words);

function* wait(shell: Shell, words: readonly string[]): Blocking<number> {
  const operands = words.slice(1).filter((word) => word !== "--");
  if (operands[0] === "-n" && shell.dialect !== "dash") return yield* waitForAny(shell);
  if (operands.length === 0) return yield* waitForAll(shell);
  let status = 0;
  for (const operand of operands) {
    const result = yield* waitForOne(shell, operand);
    if (result === "interrupted") return interruptedStatus(shell);
    status = result;
  }
  return status;
}

function interruptedStatus(shell: Shell): number {
  const [signal] = shell.traps.pending;
  return signal === undefined ? 128 : 128 + signalNumber(signal);
}

function* waitForAll(shell: Shell): Blocking<number> {
  for (const job of [...shell.jobs.list]) {
    if ((yield* finishJob(shell, job)) === "interrupted") return interruptedStatus(shell);
    shell.jobs.remove(job);
  }
  return 0;
}

function* waitForAny(shell: Shell): Blocking<number> {
  for (;;) {
    const done = shell.jobs.list.find((job) => shell.jobs.isDone(job));
    if (done !== undefined) {
      shell.jobs.remove(done);
      return jobStatus(shell, done);
    }
    if (shell.jobs.list.length === 0) return NO_SUCH_CHILD;
    if (!(yield* waitForChild(shell))) return interruptedStatus(shell);
  }
}

function* waitForOne(shell: Shell, operand: string): Blocking<number | "interrupted"> {
  const job = operand.startsWith("%")
    ? shell.jobs.bySpecification(operand)
    : /^\d+$/.test(operand)
      ? shell.jobs.byPid(Number(operand))
      : null;
  if (job === null) {
    const before = /^\d+$/.test(operand) ? shell.jobs.waitedStatus(Number(operand)) : null;
    return before === null ? yield* unknownChild(shell, operand) : statusCode(before);
  }
  const outcome = yield* finishJob(shell, job);
  if (outcome === "interrupted") return outcome;
  const status = operand.startsWith("%") ? jobStatus(shell, job) : pidStatus(job, Number(operand));
  shell.jobs.removeAndRemember(job);
  return status;
}

function* unknownChild(shell: Shell, operand: string): Blocking<number> {
  const isNumber = /^\d+$/.test(operand);
  if (shell.isBash) {
    const text = isNumber
      ? `pid ${operand} is not a child of this shell`
      : operand.startsWith("%")
        ? `${operand}: no such job`
        : `\`${operand}': not a pid or valid job spec`;
    yield* writeError(shell.sys, errorMessage(shell, text));
    return isNumber || operand.startsWith("%") ? NO_SUCH_CHILD : 1;
  }
  if (isNumber) return NO_SUCH_CHILD;
  const text = operand.startsWith("%")
    ? shell.dialect === "dash"
      ? `No such job: ${operand}`
      : `${operand}: no such job`
    : `Illegal number: ${operand}`;
  yield* writeError(shell.sys, errorMessage(shell, text));
  return 2;
}

function jobStatus(shell: Shell, job: Job): number {
  const status = shell.jobs.statusOf(job);
  return status === null ? 0 : statusCode(status);
}

function pidStatus(job: Job, pid: number): number {
  const status = job.statuses.get(pid);
  return status === undefined ? 0 : statusCode(status);
}

function* finishJob(shell: Shell, job: Job): Blocking<"done" | "interrupted"> {
  while (!shell.jobs.isDone(job)) {
    if (!(yield* waitForChild(shell))) return "interrupted";
  }
  const status = shell.jobs.statusOf(job);
  const pid = job.pids.at(-1);
  if (status !== null && pid !== undefined)
    yield* reportSignal(shell, status, pid, job.command, true);
  return "done";
}

/** False when a signal came first. */
function* waitForChild(shell: Shell): Blocking<boolean> {
  if (shell.traps.hasPending) return false;
  try {
    const ended = yield* shell.sys.wait(-1, { interruptible: true });
    if (ended !== null) shell.jobs.note(ended.pid, ended.status);
    return true;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "EINTR") return !shell.traps.hasPending;
    if (error.errno !== "ECHILD") throw error;
    // Children that something else collected: nothing is known of them.
    for (const job of shell.jobs.list) {
      for (const pid of job.pids) {
        if (!job.statuses.has(pid)) job.statuses.set(pid, { code: NO_SUCH_CHILD });
      }
    }
    return true;
  }
}
