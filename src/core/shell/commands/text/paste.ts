import { LineReader } from "../../io/line-reader.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { inputsOf, openOperand } from "../lines.js";
import { parseOptions } from "../options.js";
import { decodeEchoEscapes } from "../../text/escapes.js";

export function* paste(command: Command): Blocking<number> {
  const options = parseOptions(command, "d:s", { "delimiters=": "d", serial: "s" });
  const delimiters = splitDelimiters(options.value("d") ?? "\t");
  const readers: LineReader[] = [];
  const shared = new LineReader(command.sys, 0);
  for (const path of inputsOf(options.operands)) {
    const fd = yield* openOperand(command, path);
    if (fd === null) return 1;
    readers.push(path === "-" ? shared : new LineReader(command.sys, fd));
  }
  if (options.has("s")) yield* serial(command, readers, delimiters);
  else yield* parallel(command, readers, delimiters);
  return command.status;
}

/** `\0` stands for no delimiter at all. */
function splitDelimiters(text: string): string[] {
  const pieces = text.match(/\\.|[^\\]/gs) ?? [""];
  return pieces.map((piece) => (piece === "\\0" ? "" : decodeEchoEscapes(piece).text));
}

function* serial(
  command: Command,
  readers: readonly LineReader[],
  delimiters: readonly string[],
): Blocking<void> {
  for (const reader of readers) {
    for (let index = 0; ; index += 1) {
      const line = yield* reader.readLine();
      if (line === null) break;
      const delimiter = index === 0 ? "" : (delimiters[(index - 1) % delimiters.length] ?? "");
      command.output.add(delimiter + line.text);
      if (command.output.isFull) yield* command.output.flush();
    }
    command.output.add("\n");
  }
}

function* parallel(
  command: Command,
  readers: readonly LineReader[],
  delimiters: readonly string[],
): Blocking<void> {
  for (;;) {
    let row = "";
    let anyLeft = false;
    for (const [index, reader] of readers.entries()) {
      const line = yield* reader.readLine();
      anyLeft ||= line !== null;
      if (index > 0) row += delimiters[(index - 1) % delimiters.length] ?? "";
      row += line?.text ?? "";
    }
    if (!anyLeft) return;
    command.output.add(`${row}\n`);
    if (command.output.isFull) yield* command.output.flush();
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
  }
}
