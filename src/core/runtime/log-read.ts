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
