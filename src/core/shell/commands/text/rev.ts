import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";

export function* rev(command: Command): Blocking<number> {
  for (const path of inputsOf(command.operands)) {
    yield* eachLine(command, path, (line) => {
      const reversed = Array.from(line.text).reverse().join("");
      command.output.add(line.isTerminated ? `${reversed}\n` : reversed);
      return true;
    });
  }
  return command.status;
}
