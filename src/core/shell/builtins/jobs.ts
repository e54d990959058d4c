import { statusCode, type Job } from "../interpreter/jobs.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { describeSignal } from "../signal-names.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runJobs: Builtin = (shell, words) => listJobs(shell, words);

function* listJobs(shell: Shell, words: readonly string[]): Blocking<number> {
  yield* collect(shell);
  const letters = words
    .slice(1)
    .filter((word) => word.startsWith("-"))
    .join("");
  const operands = words.slice(1).filter((word) => !word.startsWith("-"));
  const jobs =
    operands.length === 0
      ? [...shell.jobs.list]
      : operands.map((operand) => {
          const job = shell.jobs.bySpecification(operand);
          if (job === null)
            throw new ShellError(errorMessage(shell, `${operand}: no such job`), 1, false);
          return job;
        });
  for (const job of jobs) {
    if (letters.includes("p")) yield* writeLater(shell, `${String(job.pids[0])}\n`);
    else yield* writeLater(shell, describeJob(shell, job, letters.includes("l")));
    if (shell.jobs.isDone(job)) shell.jobs.remove(job);
  }
  return 0;
}

/** Notes the children that have ended, without waiting. */
export function* collect(shell: Shell): Blocking<void> {
  while (shell.jobs.hasOwn && shell.jobs.list.some((job) => !shell.jobs.isDone(job))) {
    const ended = yield* shell.sys.wait(-1, { noHang: true });
    if (ended === null) return;
    shell.jobs.note(ended.pid, ended.status);
  }
}

function describeJob(shell: Shell, job: Job, withPid: boolean): string {
  const { list } = shell.jobs;
  const mark = job === list.at(-1) ? "+" : job === list.at(-2) ? "-" : " ";
  const status = shell.jobs.isDone(job) ? shell.jobs.statusOf(job) : null;
  const state =
    status === null
      ? "Running"
      : "signal" in status
        ? describeSignal(status.signal)
        : status.code === 0
          ? "Done"
          : shell.isBash
            ? `Exit ${String(statusCode(status))}`
            : `Done(${String(status.code)})`;
  const pid = withPid ? `${String(job.pids[0])} ` : "";
  if (shell.isBash) {
    const amp = status === null ? " &" : "";
    return `[${String(job.number)}]${mark}  ${pid}${state.padEnd(23)} ${job.command}${amp}\n`;
  }
  return `[${String(job.number)}] ${mark} ${pid}${state.padEnd(26)} ${job.command}\n`;
}

/** Without job control there is nothing to bring to the front; it waits for the job all the same. */
export const runForeground: Builtin = (shell) => {
  const text = shell.isBash ? "no job control" : "job (null) not created under job control";
  throw new ShellError(errorMessage(shell, text), shell.isBash ? 1 : 2, false);
};
