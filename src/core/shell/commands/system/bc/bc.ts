import { readAll } from "../../../io/read-file.js";
import { describeFailure } from "../../../errno-text.js";
import { writeError } from "../../../io/write.js";
import type { Blocking } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { paced } from "../../../paced.js";
import { parseOptions } from "../../options.js";
import { Calculator } from "./calculator.js";
import { CalculationProblem } from "./tokens.js";

/** bc: expressions, variables, `scale`, `ibase`, `obase`, control flow and the functions of -l; without functions of one's own. */
export function* bc(command: Command): Blocking<number> {
  const options = parseOptions(command, "wvsqli", { mathlib: "l", quiet: "q", standard: "s" });
  const calculator = new Calculator(options.has("l"), (text) => {
    command.output.add(text);
  });
  for (const path of [...options.operands, "-"]) {
    let text: string;
    try {
      const fd = path === "-" ? 0 : command.sys.open(path, { read: true });
      text = yield* readAll(command.sys, fd);
      if (fd !== 0) command.sys.close(fd);
    } catch (error) {
      throw command.failure(`${path}: ${describeFailure(error)}`);
    }
    yield* runText(command, calculator, text);
    if (calculator.isOver) break;
  }
  return command.status;
}

/** A wrong line is complained about and passed over. */
function* runText(command: Command, calculator: Calculator, text: string): Blocking<void> {
  const source = text
    .replace(/\/\*[\s\S]*?\*\//g, " ")
    .replace(/\\\n/g, "")
    .replace(/#[^\n]*/g, "");
  try {
    yield* paced(command.sys, calculator.load(source));
  } catch (error) {
    if (!(error instanceof CalculationProblem)) throw error;
    yield* writeError(command.sys, `bc: ${error.text}\n`);
    return;
  }
  while (!calculator.isOver) {
    try {
      if (!(yield* paced(command.sys, calculator.step()))) return;
    } catch (error) {
      if (!(error instanceof CalculationProblem)) throw error;
      yield* command.output.flush();
      yield* writeError(command.sys, `bc: ${error.text}\n`);
      calculator.skipLine();
    }
    if (command.output.isFull) yield* command.output.flush();
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
  }
}
