import type { Line } from "../../io/line-reader.js";
import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";

const CHARACTERS_PER_PART = 16_384;
const STEPS_PER_PART = 16;

export function* rev(command: Command): Blocking<number> {
  for (const path of inputsOf(command.operands)) {
    yield* eachLine(command, path, (line) => reverse(command, line));
  }
  return command.status;
}

function* reverse({ output }: Command, { text, isTerminated }: Line): Parts<void> {
  for (let end = text.length; end > 0; end -= CHARACTERS_PER_PART) {
    const part = text.slice(Math.max(0, end - CHARACTERS_PER_PART), end);
    output.add(Array.from(part).reverse().join(""));
    if (end > CHARACTERS_PER_PART) yield STEPS_PER_PART;
  }
  if (isTerminated) output.add("\n");
}
