import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";

export function* tac(command: Command): Blocking<number> {
  const lines: string[] = [];
  for (const path of inputsOf(command.operands)) {
    const first = lines.length;
    yield* eachLine(command, path, (line) => {
      lines.push(line.isTerminated ? `${line.text}\n` : line.text);
      command.sys.allocate(line.text.length + 32);
      return true;
    });
    for (const line of lines.splice(first).reverse()) lines.push(line);
  }
  // busybox takes all files as one text: the last line of the last file is first.
  for (const line of lines) {
    command.output.add(line);
    if (command.output.isFull) yield* command.output.flush();
  }
  return command.status;
}
