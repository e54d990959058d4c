import { civilTime, epochMsFromCivil } from "../text/calendar.js";

/** The forms busybox reads (libbb/time.c parse_datestr), in UTC; null for others. */
export function parseDate(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  return (
    parseEpoch(trimmed) ??
    parseTimeOnly(trimmed, nowMs) ??
    parseIso(trimmed) ??
    parseCompact(trimmed, nowMs) ??
    parseWords(trimmed, nowMs)
  );
}

function parseEpoch(text: string): number | null {
  const match = /^@(-?\d+(?:\.\d+)?)$/.exec(text);
  return match?.[1] === undefined ? null : Math.round(Number(match[1]) * 1000);
}

function parseTimeOnly(text: string, nowMs: number): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return null;
  const today = civilTime(nowMs);
  const [, hour = "0", minute = "0", second = "0"] = match;
  return epochMsFromCivil(
    today.year,
    today.month,
    today.day,
    Number(hour),
    Number(minute),
    Number(second),
  );
}

function parseIso(text: string): number | null {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|[-+]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    match;
  const base = epochMsFromCivil(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return base + milliseconds - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  const match = /^([-+])(\d{2}):?(\d{2})$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

/** `[[[[[YY]YY]MM]DD]hh]mm[.ss]` with at least the minutes and hours: `MMDDhhmm[[YY]YY][.ss]` is date's own order. */
function parseCompact(text: string, nowMs: number): number | null {
  const match = /^(\d{8}|\d{10}|\d{12})(?:\.(\d{2}))?$/.exec(text);
  if (match === null) return null;
  const [, digits = "", second = "0"] = match;
  const pairs = digits.match(/\d\d/g)?.map(Number) ?? [];
  const minute = pairs.pop() ?? 0;
  const hour = pairs.pop() ?? 0;
  const day = pairs.pop() ?? 1;
  const month = pairs.pop() ?? 1;
  const yearLow = pairs.pop();
  const century = pairs.pop();
  const thisYear = civilTime(nowMs).year;
  const year =
    yearLow === undefined
      ? thisYear
      : century === undefined
        ? yearLow + (yearLow < 69 ? 2000 : 1900)
        : century * 100 + yearLow;
  return epochMsFromCivil(year, month, day, hour, minute, Number(second));
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  sec: 1,
  minute: 60,
  min: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** GNU's simplest relative forms. */
function parseWords(text: string, nowMs: number): number | null {
  switch (text.toLowerCase()) {
    case "now":
      return nowMs;
    case "today":
      return nowMs;
    case "tomorrow":
      return nowMs + 86_400_000;
    case "yesterday":
      return nowMs - 86_400_000;
    default:
  }
  const match = /^([-+]?\d+)\s*([a-z]+?)s?(\s+ago)?$/i.exec(text);
  const seconds = UNIT_SECONDS[match?.[2]?.toLowerCase() ?? ""];
  if (match === null || seconds === undefined) return null;
  const amount = Number(match[1]) * seconds * 1000;
  return nowMs + (match[3] === undefined ? amount : -amount);
}
