import type { Userland } from "./command.js";
import { civilTime, epochMsFromCivil } from "../text/calendar.js";

/** The forms busybox reads (libbb/time.c parse_datestr, 1.37), or those of GNU's, in UTC; null for others. */
export function parseDate(text: string, nowMs: number, userland: Userland): number | null {
  if (userland === "busybox") {
    return (
      parseEpoch(text) ??
      parseTimeOnly(text, nowMs) ??
      parseIso(text, BUSYBOX_ISO) ??
      parseDotted(text, nowMs) ??
      parseNamedMonth(text) ??
      parseCompact(text, nowMs)
    );
  }
  const trimmed = text.trim();
  return (
    parseEpoch(trimmed) ??
    parseTimeOnly(trimmed, nowMs) ??
    parseIso(trimmed, GNU_ISO) ??
    parseNamedMonth(trimmed) ??
    parseCompact(trimmed, nowMs) ??
    parseWords(trimmed, nowMs)
  );
}

const FIELD_PATTERNS: Readonly<Record<string, string>> = {
  Y: "(?<year>\\d{4})",
  m: "(?<month>\\d{1,2})",
  d: "(?<day>\\d{1,2})",
  e: " ?(?<day>\\d{1,2})",
  H: "(?<hour>\\d{1,2})",
  M: "(?<minute>\\d{1,2})",
  S: "(?<second>\\d{1,2})",
  b: "(?<name>[A-Za-z]{3})[a-z]*",
  B: "(?<name>[A-Za-z]{3})[a-z]*",
  h: "(?<name>[A-Za-z]{3})[a-z]*",
  a: "[A-Za-z]+",
  A: "[A-Za-z]+",
  s: "(?<epoch>\\d+)",
  Z: "[A-Z]+",
  "%": "%",
};
const COMPOSITE_FIELDS: Readonly<Record<string, string>> = {
  F: "%Y-%m-%d",
  T: "%H:%M:%S",
  R: "%H:%M",
  D: "%m/%d/%Y",
};

/** busybox's `date -D FORMAT -d TEXT`: the conversions of strptime(3) that people write. Null: it does not fit. */
export function parseByFormat(text: string, format: string, nowMs: number): number | null {
  const plain = format.replace(/%([FTRD])/g, (_, letter: string) => COMPOSITE_FIELDS[letter] ?? "");
  const seen = new Set<string>();
  const pattern = plain.replace(/%(.)|\s+|[^%\s]/g, (piece: string, letter?: string) => {
    if (letter !== undefined) {
      const field = FIELD_PATTERNS[letter] ?? "(?!)";
      // A name may stand in the pattern once.
      if (seen.has(letter)) return field.replace(/\?<\w+>/, "?:");
      for (const alias of "debBh".includes(letter) ? namesakes(letter) : [letter]) seen.add(alias);
      return field;
    }
    return /\s/.test(piece) ? "\\s*" : piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  const found = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (found === undefined) return null;
  if (found.epoch !== undefined) return Number(found.epoch) * 1000;
  const today = civilTime(nowMs);
  const named = MONTHS.indexOf((found.name ?? "").toLowerCase());
  return civilOrNull(
    Number(found.year ?? today.year),
    named >= 0 ? named + 1 : Number(found.month ?? today.month),
    Number(found.day ?? today.day),
    Number(found.hour ?? 0),
    Number(found.minute ?? 0),
    Number(found.second ?? 0),
  );
}

/** Letters that read the same field. */
function namesakes(letter: string): string {
  return "de".includes(letter) ? "de" : "bBh";
}

/** Null for what no clock shows; the 30th of February is the 1st of March, as mktime(3) has it. */
function civilOrNull(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  const isTime = hour < 24 && minute < 60 && second < 61;
  if (month < 1 || month > 12 || day < 1 || day > 31 || !isTime) return null;
  return epochMsFromCivil(year, month, day, hour, minute, second);
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
  return civilOrNull(
    today.year,
    today.month,
    today.day,
    Number(hour),
    Number(minute),
    Number(second),
  );
}

const GNU_ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|[-+]\d{2}:?\d{2})?$/;
const BUSYBOX_ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?: +(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?()( [-+]\d{4})?)?$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `[yyyy.]mm.dd-HH:MM[:SS]` */
function parseDotted(text: string, nowMs: number): number | null {
  const match = /^(?:(\d{4})\.)?(\d{1,2})\.(\d{1,2})-(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = "0"] = match;
  return civilOrNull(
    year === undefined ? civilTime(nowMs).year : Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
}

/** `Jan 2 03:04:05 2020` */
function parseNamedMonth(text: string): number | null {
  const match = /^([a-z]{3})[a-z]* +(\d{1,2}) +(\d{1,2}):(\d{2}):(\d{2}) +(\d{4})$/i.exec(text);
  if (match === null) return null;
  const [, name = "", day, hour, minute, second, year] = match;
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return null;
  return civilOrNull(
    Number(year),
    month,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
}

function parseIso(text: string, form: RegExp): number | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    match;
  const base = civilOrNull(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (base === null) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return base + milliseconds - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  const match = /^([-+])(\d{2}):?(\d{2})$/.exec(zone.trim());
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
  return civilOrNull(year, month, day, hour, minute, Number(second));
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
