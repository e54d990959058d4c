import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

export function* fold(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "bsw:",
    { bytes: "b", spaces: "s", "width=": "w" },
    command.operands.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word)),
  );
  const width = Number(options.value("w") ?? 80);
  if (!(width > 0)) throw command.failure(`invalid number '${options.value("w") ?? ""}'`);
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => {
      const text = foldLine(line.text, width, options.has("s"), options.has("b"));
      command.output.add(line.isTerminated ? `${text}\n` : text);
      return true;
    });
  }
  return command.status;
}

function foldLine(line: string, width: number, atSpaces: boolean, inBytes: boolean): string {
  let result = "";
  let piece = "";
  let column = 0;
  for (const character of line) {
    const next = advance(column, character, inBytes);
    if (next > width && piece !== "") {
      const space = atSpaces ? piece.lastIndexOf(" ") : -1;
      const cut = space >= 0 ? space + 1 : piece.length;
      result += `${piece.slice(0, cut)}\n`;
      piece = piece.slice(cut);
      column = 0;
      for (const kept of piece) column = advance(column, kept, inBytes);
    }
    piece += character;
    column = advance(column, character, inBytes);
  }
  return result + piece;
}

function advance(column: number, character: string, inBytes: boolean): number {
  if (inBytes) return column + 1;
  switch (character) {
    case "\b":
      return Math.max(0, column - 1);
    case "\r":
      return 0;
    case "\t":
      return column + 8 - (column % 8);
    default:
      return column + 1;
  }
}
