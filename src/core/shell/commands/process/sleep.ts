import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { usageFailure } from "../options.js";

export function* sleep(command: Command): Blocking<number> {
  const { operands } = command;
  if (operands.length === 0) throw usageFailure(command);
  let totalMs = 0;
  for (const operand of operands) {
    const durationMs = parseDurationMs(operand);
    if (durationMs === null) {
      throw command.isGnu
        ? usageFailure(command, `invalid time interval '${operand}'`)
        : command.failure(`invalid number '${operand}'`);
    }
    totalMs += durationMs;
  }
  yield* command.sys.sleep(Math.round(totalMs));
  return 0;
}

export function* usleep(command: Command): Blocking<number> {
  const [operand] = command.operands;
  if (operand === undefined) throw usageFailure(command);
  if (!/^\d+$/.test(operand)) throw command.failure(`invalid number '${operand}'`);
  yield* command.sys.sleep(Math.round(Number(operand) / 1000));
  return 0;
}
