import { civilTime, daysFromCivil, type CivilTime } from "./calendar.js";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export interface Zone {
  readonly name: string;
  readonly offsetMinutes: number;
}

export const UTC: Zone = { name: "UTC", offsetMinutes: 0 };

/** strftime in the C locale. GNU's `%N` and padding flags (`%-d`, `%_d`, `%03N`) are known too. */
export function formatTime(format: string, epochMs: number, zone: Zone = UTC): string {
  const time = civilTime(epochMs + zone.offsetMinutes * 60_000);
  return format.replace(
    /%([-_0^#]?)(\d*)[EO]?(:{0,2}z|.)/gs,
    (whole, flag: string, width: string, letter: string) =>
      field({ time, epochMs, zone }, letter, flag, width) ?? whole,
  );
}

interface Moment {
  readonly time: CivilTime;
  readonly epochMs: number;
  readonly zone: Zone;
}

function field(moment: Moment, letter: string, flag: string, width: string): string | null {
  const text = value(moment, letter);
  if (text === null) return null;
  if (letter === "N" && width !== "") return text.slice(0, Number(width));
  let shown = text;
  if (flag === "-") shown = text.replace(/^[0 ]+(?=.)/, "");
  if (flag === "_") shown = text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
  if (flag === "^") shown = text.toUpperCase();
  return width === ""
    ? shown
    : shown.padStart(Number(width), /^\d/.test(text) && flag !== "_" ? "0" : " ");
}

function value(moment: Moment, letter: string): string | null {
  return dateValue(moment, letter) ?? timeValue(moment, letter) ?? compositeValue(moment, letter);
}

function dateValue({ time }: Moment, letter: string): string | null {
  switch (letter) {
    case "Y":
      return String(time.year);
    case "C":
      return two(Math.floor(time.year / 100));
    case "y":
      return two(time.year % 100);
    case "m":
      return two(time.month);
    case "d":
      return two(time.day);
    case "e":
      return String(time.day).padStart(2);
    case "j":
      return String(time.yearDay).padStart(3, "0");
    case "a":
      return (DAYS[time.weekday] ?? "").slice(0, 3);
    case "A":
      return DAYS[time.weekday] ?? "";
    case "b":
    case "h":
      return (MONTHS[time.month - 1] ?? "").slice(0, 3);
    case "B":
      return MONTHS[time.month - 1] ?? "";
    case "u":
      return String(time.weekday === 0 ? 7 : time.weekday);
    case "w":
      return String(time.weekday);
    case "U":
      return two(Math.floor((time.yearDay + 6 - time.weekday) / 7));
    case "W":
      return two(Math.floor((time.yearDay + 6 - ((time.weekday + 6) % 7)) / 7));
    case "V":
      return two(isoWeek(time).week);
    case "G":
      return String(isoWeek(time).year);
    case "g":
      return two(isoWeek(time).year % 100);
    default:
      return null;
  }
}

function timeValue({ time, epochMs, zone }: Moment, letter: string): string | null {
  switch (letter) {
    case "H":
      return two(time.hour);
    case "I":
      return two(time.hour % 12 === 0 ? 12 : time.hour % 12);
    case "k":
      return String(time.hour).padStart(2);
    case "l":
      return String(time.hour % 12 === 0 ? 12 : time.hour % 12).padStart(2);
    case "M":
      return two(time.minute);
    case "S":
      return two(time.second);
    case "N":
      return `${String(time.millisecond).padStart(3, "0")}000000`;
    case "p":
      return time.hour < 12 ? "AM" : "PM";
    case "P":
      return time.hour < 12 ? "am" : "pm";
    case "s":
      return String(Math.floor(epochMs / 1000));
    case "Z":
      return zone.name;
    case "z":
      return offset(zone.offsetMinutes, "");
    case ":z":
      return offset(zone.offsetMinutes, ":");
    case "::z":
      return `${offset(zone.offsetMinutes, ":")}:00`;
    case "n":
      return "\n";
    case "t":
      return "\t";
    case "%":
      return "%";
    default:
      return null;
  }
}

const COMPOSITES: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
  "+": "%a %b %e %H:%M:%S %Z %Y",
};

function compositeValue(moment: Moment, letter: string): string | null {
  const format = COMPOSITES[letter];
  return format === undefined ? null : formatTime(format, moment.epochMs, moment.zone);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function offset(minutes: number, separator: string): string {
  const magnitude = Math.abs(minutes);
  const sign = minutes < 0 ? "-" : "+";
  return `${sign}${two(Math.floor(magnitude / 60))}${separator}${two(magnitude % 60)}`;
}

/** The week that holds the Thursday. */
function isoWeek(time: CivilTime): { year: number; week: number } {
  const days = daysFromCivil(time.year, time.month, time.day);
  const thursday = days + 4 - (time.weekday === 0 ? 7 : time.weekday);
  const { year } = civilTime(thursday * 86_400_000);
  const week = Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1;
  return { year, week };
}
