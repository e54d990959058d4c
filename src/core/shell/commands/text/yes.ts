import { stringToBytes } from "../../bytes.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";

const BLOCK_BYTES = 4096;

export function* yes(command: Command): Blocking<number> {
  const { sys, operands } = command;
  const line = `${operands.length === 0 ? "y" : operands.join(" ")}\n`;
  const block = stringToBytes(line.repeat(Math.max(1, Math.floor(BLOCK_BYTES / line.length))));
  for (;;) {
    if (!sys.tryWrite(1, block)) yield* sys.write(1, block);
    if (!sys.tryCharge(1)) yield* sys.charge(1);
  }
}
