/**
 * Times on the wire ↔ Unix milliseconds. The one place of the core that may use Date, and only to format and to parse: nothing here reads
 * a clock.
 */

/** metav1.Time: `2006-01-02T15:04:05Z`, whole seconds, cut down. */
export function formatTime(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  // All that is written in one second bears the same text: every object and every condition asks for it.
  if (second !== lastSecond) {
    lastText = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastText;
}

let lastSecond = Number.NaN;
let lastText = "";

/** metav1.MicroTime: `2006-01-02T15:04:05.000000Z`. */
export function formatMicroTime(timeMs: number): string {
  const milliseconds = String(timeMs - Math.floor(timeMs / 1000) * 1000).padStart(3, "0");
  const text = `${formatTime(timeMs).slice(0, 19)}.${milliseconds}000Z`;
  // Whoever formats a time writes it somewhere, and there it is read at once.
  remember(text, timeMs);
  return text;
}

/** `2006-01-02T15:04:05.000Z`: the simulator's own API and the stream. */
export function formatMilliTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** RFC 3339 with nine digits of a second: RFC3339NanoFixed, staging/src/k8s.io/cri-client/pkg/logs/logs.go, 1.34. */
export function formatNanoTime(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return `${text.slice(0, 23)}000000Z`;
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Unix milliseconds of an RFC 3339 time (fractions below a millisecond are cut), or null when it is not one. */
export function parseTime(text: string): number | null {
  // Until a time was formatted there is no last one: an empty text is none.
  if (text === lastText && text !== "") return lastSecond * 1000;
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const timeMs = readTime(text);
  if (text.length <= MAX_REMEMBERED_LENGTH) remember(text, timeMs);
  return timeMs;
}

function remember(text: string, timeMs: number | null): void {
  if (parsed.size >= MAX_REMEMBERED_TIMES) parsed.clear();
  parsed.set(text, timeMs);
}

/** The same few times of conditions, containers and leases are read again and again. */
const parsed = new Map<string, number | null>();
const MAX_REMEMBERED_TIMES = 1_000;
const MAX_REMEMBERED_LENGTH = 40;

function readTime(text: string): number | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const part = (index: number): number => Number(match[index] ?? "0");
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 24 || part(10) > 59) return null;
  const fractionMs = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const offsetMinutes = (match[8] === "-" ? -1 : 1) * (part(9) * 60 + part(10));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, fractionMs);
  return date.getTime() - offsetMinutes * 60_000;
}

/** A MicroTime in its canonical form, microseconds kept; null when it is not RFC 3339. */
export function canonicalMicroTime(text: string): string | null {
  const timeMs = parseTime(text);
  if (timeMs === null) return null;
  const fraction = /[.,](\d+)/.exec(text)?.[1] ?? "";
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  return `${new Date(timeMs).toISOString().slice(0, 19)}.${micros}Z`;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
