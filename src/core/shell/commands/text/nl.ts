import type { Parts } from "../../paced.js";
import { addRepeated } from "../output.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

export function* nl(command: Command): Blocking<number> {
  const options = parseOptions(command, "b:i:s:v:w:", {
    "body-numbering=": "b",
    "line-increment=": "i",
    "number-separator=": "s",
    "starting-line-number=": "v",
    "number-width=": "w",
  });
  const style = options.value("b") ?? "t";
  const increment = Number(options.value("i") ?? 1);
  const separator = options.value("s") ?? "\t";
  const width = Number(options.value("w") ?? 6);
  let number = Number(options.value("v") ?? 1);
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, function* show({ text }): Parts<void> {
      const { output } = command;
      const isNumbered = style === "a" || (style === "t" && text !== "");
      const shown = isNumbered ? String(number) : "";
      yield* addRepeated(output, " ", width - shown.length);
      output.add(`${shown}${isNumbered ? separator : " ".repeat(separator.length)}${text}\n`);
      if (isNumbered) number += increment;
    });
  }
  return command.status;
}
