import { formatTime } from "../api/index.js";

/** A moment in UTC, taken apart for the formats that servers log and send. */
export interface CalendarTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** Jan, Feb, … */
  readonly monthName: string;
  /** Mon, Tue, … */
  readonly weekday: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const DAY_MS = 86_400_000;

export const calendarTime = (timeMs: number): CalendarTime => {
  const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] =
    /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(formatTime(timeMs)) ?? [];
  const weekday = WEEKDAYS[Math.floor(timeMs / DAY_MS) % 7] ?? "";
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    monthName: MONTHS[Number(month) - 1] ?? "",
    weekday,
  };
};

/** RFC 9110: `Mon, 05 May 2025 12:00:00 GMT`. */
export const httpDate = (timeMs: number): string => {
  const { weekday, day, monthName, year, hour, minute, second } = calendarTime(timeMs);
  return `${weekday}, ${day} ${monthName} ${year} ${hour}:${minute}:${second} GMT`;
};

/** The Common Log Format's: `05/May/2025:12:00:00 +0000`. */
export const commonLogTime = (timeMs: number): string => {
  const { day, monthName, year, hour, minute, second } = calendarTime(timeMs);
  return `${day}/${monthName}/${year}:${hour}:${minute}:${second} +0000`;
};
