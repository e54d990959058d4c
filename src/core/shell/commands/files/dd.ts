import { describeFailure } from "../../errno-text.js";
import { concatenateBytes } from "../../bytes.js";
import { writeError } from "../../io/write.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { humanSize } from "../human-size.js";
import { usageFailure } from "../options.js";

interface Plan {
  readonly input: string | null;
  readonly output: string | null;
  readonly inputBlock: number;
  readonly outputBlock: number;
  readonly count: number;
  readonly skip: number;
  readonly seek: number;
  readonly conversions: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly outputFlags: ReadonlySet<string>;
  readonly status: string;
}

const OPERANDS: ReadonlySet<string> = new Set([
  "if",
  "of",
  "bs",
  "ibs",
  "obs",
  "cbs",
  "count",
  "skip",
  "seek",
  "conv",
  "iflag",
  "oflag",
  "status",
]);

/** What busybox's takes there (coreutils/dd.c, 1.37). */
const BUSYBOX_WORDS: Readonly<Record<string, readonly string[]>> = {
  conv: ["notrunc", "sync", "noerror", "fsync", "swab"],
  iflag: ["skip_bytes", "count_bytes", "fullblock", "direct"],
  oflag: ["seek_bytes", "append", "direct"],
  status: ["none", "noxfer"],
};

const MAX_BLOCK_BYTES = 16 * 1_048_576;

export function* dd(command: Command): Blocking<number> {
  const plan = readPlan(command);
  const { sys } = command;
  const input = open(command, plan.input, () => sys.open(plan.input ?? "", { read: true }), 0);
  const truncates = !plan.conversions.has("notrunc") && plan.seek === 0;
  const output = open(
    command,
    plan.output,
    () =>
      sys.open(
        plan.output ?? "",
        { write: true, create: true, truncate: truncates, append: plan.outputFlags.has("append") },
        0o666,
      ),
    1,
  );
  const startedMs = sys.nowMs();
  const tally = { fullIn: 0, partialIn: 0, fullOut: 0, partialOut: 0, bytes: 0 };
  yield* skipInput(command, input, plan);
  if (plan.seek > 0) {
    const unit = plan.outputFlags.has("seek_bytes") ? 1 : plan.outputBlock;
    sys.seek(output, plan.seek * unit, "set");
  }
  let status = 0;
  try {
    yield* copy(command, input, output, plan, tally);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const what = plan.output === null ? "write error" : `error writing '${plan.output}'`;
    yield* command.complain(`${what}: ${describeFailure(error)}`);
    status = 1;
  }
  if (plan.status === "none") return status;
  yield* writeError(sys, summary(tally, sys.nowMs() - startedMs, plan));
  return status;
}

function open(
  command: Command,
  path: string | null,
  opens: () => number,
  standard: number,
): number {
  if (path === null) return standard;
  try {
    return opens();
  } catch (error) {
    const what = command.words("can't", "failed to");
    throw command.failure(`${what} open '${path}': ${describeFailure(error)}`);
  }
}

function readPlan(command: Command): Plan {
  const values = new Map<string, string>();
  for (const operand of command.operands) {
    const equals = operand.indexOf("=");
    const name = operand.slice(0, equals);
    if (equals < 0 || !OPERANDS.has(name)) {
      throw usageFailure(command, command.isGnu ? `unrecognized operand '${operand}'` : undefined);
    }
    values.set(operand.slice(0, equals), operand.slice(equals + 1));
  }
  const number = (name: string, otherwise: number): number => {
    const text = values.get(name);
    if (text === undefined) return otherwise;
    const value = parseCount(text.replace(/x.*/, ""));
    if (value === null) throw command.failure(`invalid number '${text}'`);
    return value;
  };
  const block = number("bs", 512);
  const list = (name: string): Set<string> => {
    const words = (values.get(name) ?? "").split(",").filter((word) => word !== "");
    const known = command.isGnu ? null : BUSYBOX_WORDS[name];
    const unknown = words.find((word) => known?.includes(word) === false);
    if (unknown === undefined) return new Set(words);
    throw command.failure(`invalid argument '${unknown}' to '${name}'`);
  };
  const [status = ""] = list("status");
  return {
    input: values.get("if") ?? null,
    output: values.get("of") ?? null,
    inputBlock: Math.min(MAX_BLOCK_BYTES, number("ibs", block)),
    outputBlock: Math.min(MAX_BLOCK_BYTES, number("obs", block)),
    count: number("count", Infinity),
    skip: number("skip", 0),
    seek: number("seek", 0),
    conversions: list("conv"),
    flags: list("iflag"),
    outputFlags: list("oflag"),
    status,
  };
}

function* skipInput(command: Command, input: number, plan: Plan): Blocking<void> {
  if (plan.skip === 0) return;
  const bytes = plan.flags.has("skip_bytes") ? plan.skip : plan.skip * plan.inputBlock;
  try {
    command.sys.seek(input, bytes, "set");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    for (let left = bytes; left > 0;) {
      const chunk = yield* command.sys.read(input, Math.min(left, 65_536));
      if (chunk.length === 0) return;
      left -= chunk.length;
    }
  }
}

interface Tally {
  fullIn: number;
  partialIn: number;
  fullOut: number;
  partialOut: number;
  bytes: number;
}

function* copy(
  command: Command,
  input: number,
  output: number,
  plan: Plan,
  tally: Tally,
): Blocking<void> {
  const { sys } = command;
  sys.allocate(plan.inputBlock);
  const countsBytes = plan.flags.has("count_bytes");
  let left = plan.count;
  while (left > 0) {
    const size = countsBytes ? Math.min(left, plan.inputBlock) : plan.inputBlock;
    const block = yield* readBlock(command, input, plan, size);
    if (block.length === 0) break;
    left -= countsBytes ? block.length : 1;
    if (block.length === plan.inputBlock) tally.fullIn += 1;
    else tally.partialIn += 1;
    const padded = convert(
      plan.conversions.has("sync") ? pad(block, plan.inputBlock) : block,
      plan.conversions,
    );
    if (!sys.tryWrite(output, padded)) yield* sys.write(output, padded);
    tally.bytes += padded.length;
    if (padded.length === plan.outputBlock) tally.fullOut += 1;
    else tally.partialOut += 1;
    const steps = 1 + Math.floor(padded.length / 65_536);
    if (!sys.tryCharge(steps)) yield* sys.charge(steps);
  }
  sys.free(plan.inputBlock);
}

/** One read(2): short ones from a pipe are partial blocks, unless `iflag=fullblock`. */
function* readBlock(
  command: Command,
  input: number,
  plan: Plan,
  size: number,
): Blocking<Uint8Array> {
  const first = yield* command.sys.read(input, size);
  if (first.length === 0 || first.length === size) return first;
  const isFile = command.sys.fstat(input).type !== "fifo";
  if (!isFile && !plan.flags.has("fullblock")) return first;
  const pieces = [first];
  for (let length = first.length; length < size;) {
    const more = yield* command.sys.read(input, size - length);
    if (more.length === 0) break;
    pieces.push(more);
    length += more.length;
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
  }
  return concatenateBytes(pieces);
}

/** `conv=swab`, and GNU's `ucase` and `lcase`. */
function convert(block: Uint8Array, conversions: ReadonlySet<string>): Uint8Array {
  if (!["swab", "ucase", "lcase"].some((name) => conversions.has(name))) return block;
  const made = block.slice();
  if (conversions.has("swab")) {
    for (let at = 0; at + 1 < made.length; at += 2) {
      const first = made[at] ?? 0;
      made[at] = made[at + 1] ?? 0;
      made[at + 1] = first;
    }
  }
  for (const [at, code] of made.entries()) {
    if (conversions.has("ucase") && code >= 97 && code <= 122) made[at] = code - 32;
    if (conversions.has("lcase") && code >= 65 && code <= 90) made[at] = code + 32;
  }
  return made;
}

function pad(block: Uint8Array, size: number): Uint8Array {
  if (block.length === size) return block;
  const padded = new Uint8Array(size);
  padded.set(block);
  return padded;
}

// coreutils/dd.c dd_output_status
function summary(tally: Tally, elapsedMs: number, plan: Plan): string {
  const records =
    `${String(tally.fullIn)}+${String(tally.partialIn)} records in\n` +
    `${String(tally.fullOut)}+${String(tally.partialOut)} records out\n`;
  // dd.c: with count=0 nothing was copied, and nothing is said of it.
  if (plan.status === "noxfer" || plan.count === 0) return records;
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? tally.bytes / seconds : tally.bytes * 1000;
  return (
    `${records}${String(tally.bytes)} bytes (${humanSize(tally.bytes)}B) copied, ` +
    `${seconds.toFixed(6)} seconds, ${humanSize(Math.round(rate))}B/s\n`
  );
}
