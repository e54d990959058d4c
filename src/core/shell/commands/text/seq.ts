import type { Blocking } from "../../syscall.js";
import { formatPrintf } from "../../text/format-printf.js";
import type { Command } from "../command.js";
import { usageFailure } from "../options.js";

/** Options stop at the first number, which may be negative. */
export function* seq(command: Command): Blocking<number> {
  const { settings, numbers } = readWords(command);
  if (numbers.length < 1 || numbers.length > 3) throw usageFailure(command);
  if (!numbers.every((text) => NUMBER.test(text))) throw usageFailure(command);
  const last = numbers.at(-1) ?? "1";
  const first = numbers.length > 1 ? (numbers[0] ?? "1") : "1";
  const step = numbers.length > 2 ? (numbers[1] ?? "1") : "1";
  yield* print(command, { first, step, last, ...settings });
  return 0;
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function readWords(command: Command): { settings: Settings; numbers: readonly string[] } {
  const words = [...command.operands];
  let settings: Settings = { separator: "\n", isPadded: false, format: null };
  while (/^-[wsf-]/.test(words[0] ?? "")) {
    const word = words.shift() ?? "";
    if (word === "--") break;
    if (word === "-w") {
      settings = { ...settings, isPadded: true };
      continue;
    }
    const value = word.length > 2 ? word.slice(2) : words.shift();
    if (value === undefined) {
      throw usageFailure(command, `option requires an argument -- '${word.charAt(1)}'`);
    }
    settings = word.startsWith("-s")
      ? { ...settings, separator: value }
      : { ...settings, format: value };
  }
  return { settings, numbers: words };
}

interface Settings {
  readonly separator: string;
  readonly isPadded: boolean;
  readonly format: string | null;
}

interface Sequence extends Settings {
  readonly first: string;
  readonly step: string;
  readonly last: string;
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
