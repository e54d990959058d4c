import { humanDuration, parseTime } from "../api/index.js";
import type { Job } from "../api/index.js";
import { ageOf, containerCells, formatSelector } from "./formats.js";
import {
  AGE_COLUMN,
  column,
  CONTAINERS_COLUMN,
  IMAGES_COLUMN,
  NAME_COLUMN,
  wideColumn,
} from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printJob, 1.34. */
export const jobPrinter: KindPrinter<Job> = {
  columns: [
    NAME_COLUMN,
    column("Status", "How far the job is."),
    column("Completions", "Pods that succeeded, of those wished for."),
    column("Duration", "Time that the job took, or takes so far."),
    AGE_COLUMN,
    CONTAINERS_COLUMN,
    IMAGES_COLUMN,
    wideColumn("Selector", "Labels of the job's pods."),
  ],
  cells: (job, nowMs) => [
    job.metadata.name,
    statusOf(job),
    formatCompletions(job),
    formatRunTime(job, nowMs),
    ageOf(job, nowMs),
    ...containerCells(job.spec.template.spec),
    formatSelector(job.spec.selector),
  ],
};

function statusOf(job: Job): string {
  const isTrue = (type: string): boolean =>
    job.status.conditions?.find((condition) => condition.type === type)?.status === "True";
  if (isTrue("Complete")) {
    return "Complete";
  }
  if (isTrue("Failed")) {
    return "Failed";
  }
  if (job.metadata.deletionTimestamp) {
    return "Terminating";
  }
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(isTrue) ?? "Running";
}

function formatCompletions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) {
    return `${succeeded}/${spec.completions}`;
  }
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function formatRunTime({ status }: Job, nowMs: number): string {
  const startMs = timeOf(status.startTime);
  return startMs === null ? "" : humanDuration((timeOf(status.completionTime) ?? nowMs) - startMs);
}

function timeOf(timestamp: string | null | undefined): number | null {
  return typeof timestamp === "string" ? parseTime(timestamp) : null;
}
