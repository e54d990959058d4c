import { civilTime, daysFromCivil, daysInMonth } from "../../text/calendar.js";
import type { Blocking } from "../../syscall.js";
import { LineReader } from "../../io/line-reader.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

const LARGEST_FACTORED = 2 ** 53;

/** Prime factors, by trial; the work is charged. */
export function* factor(command: Command): Blocking<number> {
  if (command.operands.length > 0) {
    for (const word of command.operands) yield* factorOne(command, word);
    return command.status;
  }
  const reader = new LineReader(command.sys, 0);
  for (;;) {
    const line = yield* reader.readLine();
    if (line === null) return command.status;
    for (const word of line.text.split(/\s+/)) if (word !== "") yield* factorOne(command, word);
  }
}

function* factorOne(command: Command, word: string): Blocking<void> {
  if (!/^\d+$/.test(word) || Number(word) > LARGEST_FACTORED) {
    throw command.failure(`invalid number '${word}'`);
  }
  let rest = Number(word);
  const factors: number[] = [];
  for (let divisor = 2; divisor * divisor <= rest; divisor += divisor === 2 ? 1 : 2) {
    while (rest % divisor === 0) {
      factors.push(divisor);
      rest /= divisor;
    }
    if ((divisor & 1023) === 1 && !command.sys.tryCharge(1)) yield* command.sys.charge(1);
  }
  if (rest > 1) factors.push(rest);
  command.output.add(`${word}:${factors.map((one) => ` ${String(one)}`).join("")}\n`);
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** One month, or a year of them. */
export function cal(command: Command): number {
  const options = parseOptions(command, "jymn:");
  const now = civilTime(command.sys.nowMs());
  const [first, second] = options.operands.map(Number);
  if (first !== undefined && second === undefined) {
    command.output.add(yearCalendar(first));
    return 0;
  }
  if (options.has("y")) {
    command.output.add(yearCalendar(now.year));
    return 0;
  }
  const month = first ?? now.month;
  if (!(month >= 1 && month <= 12))
    throw command.failure(`number ${String(first)} is not in 1..12 range`);
  const lines = monthLines(second ?? now.year, month, true);
  command.output.add(
    `${lines.map((line) => (line === "" ? " ".repeat(WIDTH + 1) : line.trimEnd())).join("\n")}\n`,
  );
  return 0;
}

const WIDTH = 20;

function monthLines(year: number, month: number, withYear: boolean): string[] {
  const title = `${MONTHS[month - 1] ?? ""}${withYear ? ` ${String(year)}` : ""}`;
  const lines = [title.padStart(Math.floor((WIDTH + title.length) / 2)), "Su Mo Tu We Th Fr Sa"];
  const first = (((daysFromCivil(year, month, 1) + 4) % 7) + 7) % 7;
  let line = "   ".repeat(first);
  for (let day = 1; day <= daysInMonth(year, month); day += 1) {
    line += String(day).padStart(2);
    if ((first + day) % 7 === 0) {
      lines.push(line);
      line = "";
    } else line += " ";
  }
  lines.push(line);
  while (lines.length < 8) lines.push("");
  return lines;
}

function yearCalendar(year: number): string {
  let text = `${String(year).padStart(34)}\n\n`;
  for (let row = 0; row < 4; row += 1) {
    const months = [1, 2, 3].map((column) => monthLines(year, row * 3 + column, false));
    for (let line = 0; line < 8; line += 1) {
      text += `${months
        .map((lines) => (lines[line] ?? "").padEnd(WIDTH))
        .join("  ")
        .trimEnd()}\n`;
    }
  }
  return text;
}
