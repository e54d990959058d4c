import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

export function* expand(command: Command): Blocking<number> {
  const options = parseOptions(command, "it:", { initial: "i", "tabs=": "t" });
  const tab = Number(options.value("t") ?? 8);
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => {
      const text = expandLine(line.text, tab, options.has("i"));
      command.output.add(line.isTerminated ? `${text}\n` : text);
      return true;
    });
  }
  return command.status;
}

function expandLine(line: string, tab: number, onlyInitial: boolean): string {
  let result = "";
  let inIndent = true;
  for (const character of line) {
    if (character !== "\t" || (onlyInitial && !inIndent)) {
      result += character;
      inIndent &&= character === " ";
    } else {
      result += " ".repeat(tab - (result.length % tab));
    }
  }
  return result;
}

export function* unexpand(command: Command): Blocking<number> {
  const options = parseOptions(command, "aft:", { all: "a", "first-only": "f", "tabs=": "t" });
  const tab = Number(options.value("t") ?? 8);
  const all = (options.has("a") || options.has("t")) && !options.has("f");
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => {
      const text = unexpandLine(line.text, tab, all);
      command.output.add(line.isTerminated ? `${text}\n` : text);
      return true;
    });
  }
  return command.status;
}

function unexpandLine(line: string, tab: number, all: boolean): string {
  let result = "";
  let column = 0;
  let blanks = 0;
  let inIndent = true;
  for (const character of line) {
    if ((character === " " || character === "\t") && (inIndent || all)) {
      const next = character === "\t" ? column + tab - (column % tab) : column + 1;
      blanks += next - column;
      column = next;
      if (column % tab === 0 && (blanks > 1 || character === "\t")) {
        result += "\t";
        blanks = 0;
      }
      continue;
    }
    result += " ".repeat(blanks) + character;
    blanks = 0;
    column += 1;
    inIndent = false;
  }
  return result + " ".repeat(blanks);
}
