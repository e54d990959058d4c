import { UTC, type Zone } from "../text/time-format.js";

/**
 * TZ as POSIX writes it (`CET-1`, `<+03>-3`, `EST5EDT`, without its rules for summer time). Names from the zone database need files
 * that images rarely carry; without them libc takes UTC under the name, as here.
 */
export function zoneOf(text: string | undefined): Zone {
  if (text === undefined || text === "") return UTC;
  const match = /^(?:([A-Za-z]{3,})|<([^>]+)>)([-+]?)(\d{1,2})(?::(\d{2}))?/.exec(text);
  if (match === null) return { name: /^[A-Za-z]{3,}$/.test(text) ? text : "UTC", offsetMinutes: 0 };
  const [, plain, bracketed, sign = "", hours = "0", minutes = "0"] = match;
  const offset = Number(hours) * 60 + Number(minutes);
  // POSIX counts west of Greenwich as positive.
  return { name: plain ?? bracketed ?? "UTC", offsetMinutes: sign === "-" ? offset : -offset };
}
