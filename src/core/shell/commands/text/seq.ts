import type { Blocking } from "../../syscall.js";
import { formatPrintf } from "../../text/format-printf.js";
import type { Command } from "../command.js";
import { usageFailure } from "../options.js";

/** Options stop at the first number, which may be negative. */
export function* seq(command: Command): Blocking<number> {
  let separator = "\n";
  let isPadded = false;
  let format: string | null = null;
  let index = 0;
  const { operands } = command;
  for (; index < operands.length; index += 1) {
    const word = operands[index] ?? "";
    if (word === "-w") isPadded = true;
    else if (word === "-s" || word === "-f") {
      index += 1;
      const value = operands[index];
      if (value === undefined) {
        throw usageFailure(command, `option requires an argument -- '${word.charAt(1)}'`);
      }
      if (word === "-s") separator = value;
      else format = value;
    } else if (word.startsWith("-s") || word.startsWith("-f")) {
      if (word.startsWith("-s")) separator = word.slice(2);
      else format = word.slice(2);
    } else if (word === "--") {
      index += 1;
      break;
    } else break;
  }
  const numbers = operands.slice(index);
  if (numbers.length < 1 || numbers.length > 3) throw usageFailure(command);
  const bad = numbers.find((text) => !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text));
  if (bad !== undefined) throw usageFailure(command);
  const [first, step, last] =
    numbers.length === 1
      ? ["1", "1", numbers[0]]
      : numbers.length === 2
        ? [numbers[0], "1", numbers[1]]
        : numbers;
  yield* print(command, {
    first: first ?? "1",
    step: step ?? "1",
    last: last ?? "1",
    separator,
    isPadded,
    format,
  });
  return 0;
}

interface Sequence {
  readonly first: string;
  readonly step: string;
  readonly last: string;
  readonly separator: string;
  readonly isPadded: boolean;
  readonly format: string | null;
}

function* print(command: Command, sequence: Sequence): Blocking<void> {
  const { sys, output } = command;
  const decimals = Math.max(...[sequence.first, sequence.step].map(decimalsOf));
  const first = Number(sequence.first);
  const step = Number(sequence.step);
  const last = Number(sequence.last);
  const width = sequence.isPadded
    ? Math.max(...[sequence.first, sequence.last].map((text) => widthOf(text, decimals)))
    : 0;
  let isFirst = true;
  for (let count = 0; ; count += 1) {
    const value = first + count * step;
    if (step >= 0 ? value > last : value < last) break;
    const text = formatNumber(value, decimals, width, sequence.format);
    output.add(isFirst ? text : sequence.separator + text);
    isFirst = false;
    if (output.isFull) yield* output.flush();
    if ((count & 63) === 0 && !sys.tryCharge(1)) yield* sys.charge(1);
  }
  if (!isFirst) output.add("\n");
}

function formatNumber(
  value: number,
  decimals: number,
  width: number,
  format: string | null,
): string {
  if (format !== null) return formatPrintf(format, [String(value)], "ash", 0).text;
  const digits = Math.abs(value).toFixed(decimals);
  const sign = value < 0 && Number(digits) !== 0 ? "-" : "";
  return sign + digits.padStart(width - sign.length, "0");
}

function decimalsOf(text: string): number {
  return /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
}

function widthOf(text: string, decimals: number): number {
  const whole = text.replace(/\..*/, "").length;
  return whole + (decimals > 0 ? decimals + 1 : 0);
}
