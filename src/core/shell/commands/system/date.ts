import { describeFailure } from "../../errno-text.js";
import { readLines } from "../lines.js";
import { SysError, type Blocking } from "../../syscall.js";
import { formatTime, UTC, type Zone } from "../../text/time-format.js";
import type { Command } from "../command.js";
import { parseByFormat, parseDate } from "../date-text.js";
import { parseOptions, type Options } from "../options.js";
import { zoneOf } from "../time-zone.js";

export function* date(command: Command): Blocking<number> {
  const options = parseOptions(command, "Rs:ud:r:I::D:f:", {
    "rfc-822": "R",
    "rfc-2822": "R",
    "rfc-email": "R",
    "set=": "s",
    utc: "u",
    universal: "u",
    "date=": "d",
    "reference=": "r",
    "iso-8601=?": "I",
    "rfc-3339=": "3",
  });
  const zone = options.has("u") ? UTC : zoneOf(command.env.get("TZ"));
  const formatWord = options.operands.find((word) => word.startsWith("+"));
  const setText = options.value("s") ?? options.operands.find((word) => !word.startsWith("+"));
  if (setText !== undefined) {
    if (parseDate(setText, command.sys.nowMs(), command.userland) === null) {
      throw command.failure(`invalid date '${setText}'`);
    }
    // The clock is the node's.
    throw command.failure("can't set date: Operation not permitted");
  }
  const format = formatOf(options, formatWord, command.isGnu);
  if (options.value("f") !== undefined) {
    for (const line of yield* readLines(command, options.value("f") ?? "")) {
      show(command, format, parseTime(command, line, zone), zone);
    }
    return command.status;
  }
  show(command, format, timeOf(command, options, zone), zone);
  return 0;
}

function show(command: Command, format: string, timeMs: number, zone: Zone): void {
  command.output.add(`${formatTime(format, timeMs, zone)}\n`);
}

function timeOf(command: Command, options: Options, zone: Zone): number {
  const text = options.value("d");
  const form = options.value("D");
  if (text !== undefined && form !== undefined && !command.isGnu) {
    const timeMs = parseByFormat(text, form, command.sys.nowMs());
    if (timeMs === null) throw command.failure(`invalid date '${text}'`);
    return form.includes("%s") ? timeMs : timeMs - zone.offsetMinutes * 60_000;
  }
  if (text !== undefined) return parseTime(command, text, zone);
  const path = options.value("r");
  if (path === undefined) return command.sys.nowMs();
  try {
    return command.sys.stat(path).mtimeMs;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure(`can't stat '${path}': ${describeFailure(error)}`);
  }
}

/** What is written without a zone is local time. */
function parseTime(command: Command, text: string, zone: Zone): number {
  const timeMs = parseDate(text, command.sys.nowMs(), command.userland);
  if (timeMs === null) throw command.failure(`invalid date '${text}'`);
  const isAbsolute =
    /^@|Z$|UTC$|[-+]\d{2}:?\d{2}$/.test(text.trim()) && !/^\d{4}-\d\d-\d\d$/.test(text.trim());
  return isAbsolute || /^[a-z]|^[-+]?\d+\s*[a-z]/i.test(text.trim())
    ? timeMs
    : timeMs - zone.offsetMinutes * 60_000;
}

function formatOf(options: Options, word: string | undefined, isGnu: boolean): string {
  if (word !== undefined) {
    const format = word.slice(1);
    // strftime(3) prints what it does not know, and nanoseconds are not built in (coreutils/date.c, FEATURE_DATE_NANO).
    return isGnu ? format : format.replace(/%(?=\d*N|:+z|-[a-zA-Z])/g, "%%");
  }
  switch (options.value("3")) {
    case undefined:
      break;
    case "date":
      return "%Y-%m-%d";
    case "ns":
      return "%Y-%m-%d %H:%M:%S.%N%:z";
    default:
      return "%Y-%m-%d %H:%M:%S%:z";
  }
  if (options.has("R")) return "%a, %d %b %Y %H:%M:%S %z";
  if (!options.has("I")) return "%a %b %e %H:%M:%S %Z %Y";
  switch (options.value("I") ?? "") {
    case "hours":
      return "%Y-%m-%dT%H%:z";
    case "minutes":
      return "%Y-%m-%dT%H:%M%:z";
    case "seconds":
      return "%Y-%m-%dT%H:%M:%S%:z";
    case "ns":
      return isGnu ? "%Y-%m-%dT%H:%M:%S,%N%:z" : "%Y-%m-%dT%H:%M:%S,000000000%:z";
    default:
      return "%Y-%m-%d";
  }
}
