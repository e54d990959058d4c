import { bytesToString } from "../../bytes.js";
import { BYTES_PER_STEP, IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { openInput } from "../input.js";
import { parseOptions, type Options } from "../options.js";

export function* cat(command: Command): Blocking<number> {
  const options = parseOptions(command, "nbvetAETsu", {
    number: "n",
    "number-nonblank": "b",
    "show-all": "A",
    "show-ends": "E",
    "show-nonprinting": "v",
    "show-tabs": "T",
    "squeeze-blank": "s",
  });
  const files = options.operands.length === 0 ? ["-"] : options.operands;
  const rewrite = /[nbvetAETs]/.test(options.order.join("")) ? new Rewriter(options) : null;
  for (const path of files) {
    try {
      yield* copyFile(command, path, rewrite);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.output.flush();
      const what = error.errno === "EISDIR" ? "read error" : `can't open '${path}'`;
      yield* command.failWith(command.words(what, path), error);
    }
  }
  if (rewrite !== null) command.output.add(rewrite.end());
  return command.status;
}

function* copyFile(command: Command, path: string, rewrite: Rewriter | null): Blocking<void> {
  const { sys } = command;
  const fd = openInput(sys, path);
  try {
    for (;;) {
      const bytes = yield* sys.read(fd, IO_CHUNK_BYTES);
      if (bytes.length === 0) return;
      const steps = 1 + Math.floor(bytes.length / BYTES_PER_STEP);
      if (!sys.tryCharge(steps)) yield* sys.charge(steps);
      if (rewrite === null) {
        yield* command.write(bytes);
      } else {
        command.output.add(rewrite.rewrite(bytesToString(bytes)));
        if (command.output.isFull) yield* command.output.flush();
      }
    }
  } finally {
    if (fd !== 0) sys.close(fd);
  }
}

/** `-n -b -v -e -t -s`: the line number goes on from file to file. */
class Rewriter {
  #line = 0;
  #atLineStart = true;
  #blankLines = 0;
  readonly #numbers: boolean;
  readonly #numbersOnlyFull: boolean;
  readonly #showsEnds: boolean;
  readonly #showsTabs: boolean;
  readonly #showsAll: boolean;
  readonly #squeezes: boolean;

  constructor(options: Options) {
    const has = (letters: string): boolean =>
      Array.from(letters).some((letter) => options.has(letter));
    this.#numbersOnlyFull = has("b");
    this.#numbers = has("nb");
    this.#showsEnds = has("eAE");
    this.#showsTabs = has("tAT");
    this.#showsAll = has("vetA");
    this.#squeezes = has("s");
  }

  rewrite(text: string): string {
    let result = "";
    for (const piece of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) result += this.#piece(piece);
    return result;
  }

  /** Numbered lines are whole lines. */
  end(): string {
    return this.#numbers && !this.#atLineStart ? "\n" : "";
  }

  #piece(piece: string): string {
    const isEnded = piece.endsWith("\n");
    const body = isEnded ? piece.slice(0, -1) : piece;
    const isBlank = body === "" && this.#atLineStart;
    this.#blankLines = isBlank ? this.#blankLines + 1 : 0;
    if (this.#squeezes && this.#blankLines > 1) return "";
    let prefix = "";
    if (this.#atLineStart && this.#numbers && !(this.#numbersOnlyFull && isBlank)) {
      this.#line += 1;
      prefix = `${String(this.#line).padStart(6)}\t`;
    }
    this.#atLineStart = isEnded;
    const end = isEnded ? (this.#showsEnds ? "$\n" : "\n") : "";
    return prefix + this.#visible(body) + end;
  }

  #visible(text: string): string {
    if (!this.#showsAll && !this.#showsTabs) return text;
    return Array.from(text, (character) => this.#visibleCharacter(character)).join("");
  }

  #visibleCharacter(character: string): string {
    if (character === "\t") return this.#showsTabs ? "^I" : character;
    if (!this.#showsAll) return character;
    const code = character.charCodeAt(0);
    const low = code & 127;
    const meta = code > 127 ? "M-" : "";
    if (low === 127) return `${meta}^?`;
    return low < 32 ? `${meta}^${String.fromCharCode(low + 64)}` : meta + String.fromCharCode(low);
  }
}
