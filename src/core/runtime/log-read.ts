import { byteLength, formatNanoTime } from "../api/index.js";
import type { LogBuffer, LogEntry } from "./log-buffer.js";

/** What to read of a container's log; as PodLogOptions (core/v1), with times as virtual milliseconds. */
export interface LogReadOptions {
  readonly tailLines?: number;
  /** Only lines at or after this moment. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
  /** RFC 3339 with nanoseconds before each line. */
  readonly timestamps?: boolean;
  readonly stream?: "All" | "Stdout" | "Stderr";
}

export interface ContainerLog {
  readonly text: string;
  /** The container has ended, so nothing will follow. */
  readonly ended: boolean;
}

/** The text that `kubectl logs` prints. staging/src/k8s.io/cri-client/pkg/logs/logs.go, 1.34: ReadLogs. */
export const readEntries = (log: LogBuffer | null, options: LogReadOptions): string => {
  if (log === null) return "";
  let entries = log.entries;
  // The tail is taken first, of all that was written, then what is too old falls out.
  const { tailLines, sinceMs, limitBytes, stream = "All" } = options;
  if (stream !== "All") {
    const wanted = stream === "Stdout" ? "stdout" : "stderr";
    entries = entries.filter((entry) => entry.stream === wanted);
  }
  if (tailLines !== undefined) entries = entries.slice(Math.max(0, entries.length - tailLines));
  if (sinceMs !== undefined) entries = entries.filter((entry) => entry.timeMs >= sinceMs);
  return format(entries, options.timestamps === true, limitBytes ?? Infinity);
};

const format = (
  entries: readonly LogEntry[],
  hasTimestamps: boolean,
  limitBytes: number,
): string => {
  let text = "";
  let bytes = 0;
  let isNewLine = true;
  for (const entry of entries) {
    const head = hasTimestamps && isNewLine ? `${formatNanoTime(entry.timeMs)} ` : "";
    const line = head + entry.text + (entry.isPartial ? "" : "\n");
    isNewLine = !entry.isPartial;
    const length = byteLength(line);
    if (bytes + length > limitBytes) return text + cut(line, limitBytes - bytes);
    text += line;
    bytes += length;
  }
  return text;
};

const cut = (text: string, bytes: number): string =>
  new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes));
