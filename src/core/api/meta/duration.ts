const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Go's time.Duration.String(): `0s`, `1.5s`, `250ms`, `1m20s`, `1h0m5s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  const sign = durationMs < 0 ? "-" : "";
  const absoluteMs = Math.abs(durationMs);
  if (absoluteMs < SECOND_MS) return sign + formatSubSecond(absoluteMs);
  const hours = Math.floor(absoluteMs / HOUR_MS);
  const minutes = Math.floor((absoluteMs % HOUR_MS) / MINUTE_MS);
  const seconds = `${trimNumber((absoluteMs % MINUTE_MS) / SECOND_MS)}s`;
  if (hours > 0) return `${sign}${String(hours)}h${String(minutes)}m${seconds}`;
  return minutes > 0 ? `${sign}${String(minutes)}m${seconds}` : sign + seconds;
}

/**
 * Ages in tables. apimachinery pkg/util/duration HumanDuration, 1.34: two or three significant figures; up to two seconds in the future count
 * as now.
 */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / SECOND_MS);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${String(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${String(minutes)}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${String(hours)}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return withRest(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${String(days)}d`;
  const years = Math.floor(days / 365);
  if (hours < 24 * 365 * 8) return withRest(years, "y", days % 365, "d");
  return `${String(years)}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0
    ? `${String(value)}${unit}`
    : `${String(value)}${unit}${String(rest)}${restUnit}`;
}

function formatSubSecond(absoluteMs: number): string {
  if (absoluteMs >= 1) return `${trimNumber(absoluteMs)}ms`;
  if (absoluteMs >= 0.001) return `${trimNumber(absoluteMs * 1000)}µs`;
  return `${String(Math.round(absoluteMs * 1_000_000))}ns`;
}

/** At most nanoseconds, no trailing zeros. */
function trimNumber(value: number): string {
  return String(Number(value.toFixed(9)));
}
