import { MAX_HISTORY_AGE_MS, MAX_HISTORY_ROWS, MIN_HISTORY_AGE_MS } from "./limits.js";

/** What a compaction step is decided on. */
export interface CompactionState {
  /** Rows of the whole history. */
  readonly rows: number;
  /** The step would drop what is before this sequence. */
  readonly windowEnd: number;
  /** Virtual age of the newest entry in the window. */
  readonly windowAgeMs: number;
  /** Whether there are enough sequences for a step. */
  readonly isWindowFull: boolean;
}

/** The sequence to compact to, or null when nothing is old enough or too much. */
export const compactionTarget = (state: CompactionState): number | null => {
  if (!state.isWindowFull || state.windowAgeMs < MIN_HISTORY_AGE_MS) return null;
  const isTooOld = state.windowAgeMs > MAX_HISTORY_AGE_MS;
  const isTooMuch = state.rows > MAX_HISTORY_ROWS;
  return isTooOld || isTooMuch ? state.windowEnd : null;
};
