import { describeFailure } from "../../errno-text.js";
import { readLines } from "../lines.js";
import { SysError, type Blocking } from "../../syscall.js";
import { formatTime, UTC, type Zone } from "../../text/time-format.js";
import type { Command } from "../command.js";
import { parseDate } from "../date-text.js";
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
    "iso-8601": "I",
  });
  const zone = options.has("u") ? UTC : zoneOf(command.env.get("TZ"));
  const formatWord = options.operands.find((word) => word.startsWith("+"));
  const setText = options.value("s") ?? options.operands.find((word) => !word.startsWith("+"));
  if (setText !== undefined) {
    if (parseDate(setText, command.sys.nowMs()) === null) {
      throw command.failure(`invalid date '${setText}'`);
    }
    // The clock is the node's.
    throw command.failure("can't set date: Operation not permitted");
  }
  const format = formatOf(options, formatWord);
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
  const timeMs = parseDate(text, command.sys.nowMs());
  if (timeMs === null) throw command.failure(`invalid date '${text}'`);
  const isAbsolute =
    /^@|Z$|UTC$|[-+]\d{2}:?\d{2}$/.test(text.trim()) && !/^\d{4}-\d\d-\d\d$/.test(text.trim());
  return isAbsolute || /^[a-z]|^[-+]?\d+\s*[a-z]/i.test(text.trim())
    ? timeMs
    : timeMs - zone.offsetMinutes * 60_000;
}

function formatOf(options: Options, word: string | undefined): string {
  if (word !== undefined) return word.slice(1);
  if (options.has("R")) return "%a, %d %b %Y %H:%M:%S %z";
  if (!options.has("I")) return "%a %b %e %H:%M:%S %Z %Y";
  switch (options.value("I") ?? "") {
    case "hours":
      return "%Y-%m-%dT%H%:z";
    case "minutes":
      return "%Y-%m-%dT%H:%M%:z";
    case "seconds":
      return "%Y-%m-%dT%H:%M:%S%:z";
    default:
      return "%Y-%m-%d";
  }
}
