import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseDate } from "../date-text.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

export function* touch(command: Command): Blocking<number> {
  const options = parseOptions(command, "chamd:t:r:f", {
    "no-create": "c",
    "no-dereference": "h",
    "reference=": "r",
    "date=": "d",
  });
  if (options.operands.length === 0)
    throw usageFailure(command, command.isGnu ? "missing file operand" : undefined);
  const times = yield* timesOf(command, options);
  for (const path of options.operands) {
    yield* command.pace();
    try {
      touchOne(command, path, options, times);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.failWith(command.words(path, `cannot touch '${path}'`), error);
    }
  }
  return command.status;
}

interface Times {
  readonly atimeMs: number;
  readonly mtimeMs: number;
}

function* timesOf(command: Command, options: Options): Blocking<Times> {
  const reference = options.value("r");
  if (reference !== undefined) {
    try {
      return command.sys.stat(reference);
    } catch (error) {
      yield* command.failWith(reference, error);
      throw command.failure("", 1);
    }
  }
  const text = options.value("d") ?? options.value("t");
  if (text === undefined) return { atimeMs: command.sys.nowMs(), mtimeMs: command.sys.nowMs() };
  const timeMs = parseDate(text, command.sys.nowMs(), command.userland);
  if (timeMs === null) {
    throw command.failure(command.words(`invalid date '${text}'`, `invalid date format '${text}'`));
  }
  return { atimeMs: timeMs, mtimeMs: timeMs };
}

function touchOne(command: Command, path: string, options: Options, times: Times): void {
  const { sys } = command;
  const onlyOne = options.has("a") !== options.has("m");
  try {
    const now = sys.stat(path);
    sys.utimes(
      path,
      onlyOne && options.has("m") ? now.atimeMs : times.atimeMs,
      onlyOne && options.has("a") ? now.mtimeMs : times.mtimeMs,
    );
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== "ENOENT") throw error;
    if (options.has("c")) return;
    sys.close(sys.open(path, { write: true, create: true }, 0o666));
    if (times.mtimeMs !== sys.nowMs()) sys.utimes(path, times.atimeMs, times.mtimeMs);
  }
}
