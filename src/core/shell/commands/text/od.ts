import { bytesToString } from "../../bytes.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput } from "../input.js";
import { inputsOf, openOperand } from "../lines.js";
import { parseCount } from "../counts.js";
import { parseOptions, type Options } from "../options.js";

const WIDTH = 16;
const BYTES_AT_ONCE = 4096;

interface Format {
  readonly size: number;
  readonly show: (value: bigint, byte: number) => string;
  /** Columns of one item, the blank before it included. */
  readonly width: number;
}

/** Bytes as numbers and names: `od -c`, `od -An -tx1`, `od -b`. */
export function* od(command: Command): Blocking<number> {
  const options = parseOptions(command, "A:N:abcdDfhHij:lLosSt:vxXw:B", {
    "address-radix=": "A",
    "read-bytes=": "N",
    "skip-bytes=": "j",
    "format=": "t",
    "output-duplicates": "v",
  });
  const formats = formatsOf(command, options);
  const radix = options.value("A") ?? "o";
  let skip = parseCount(options.value("j") ?? "0") ?? 0;
  let left =
    options.value("N") === undefined ? Infinity : (parseCount(options.value("N") ?? "") ?? 0);
  const dump = new Dump(command, formats, radix, options.has("v"));
  for (const path of inputsOf(options.operands)) {
    const fd = yield* openOperand(command, path);
    if (fd === null) continue;
    while (left > 0) {
      const bytes = yield* command.sys.read(fd, Math.min(BYTES_AT_ONCE, left + skip));
      if (bytes.length === 0) break;
      const used = bytes.subarray(Math.min(skip, bytes.length));
      dump.address += Math.min(skip, bytes.length);
      skip -= Math.min(skip, bytes.length);
      left -= used.length;
      dump.add(used);
      yield* command.output.flush();
      const steps = 1 + (formats.length * used.length) / WIDTH;
      if (!command.sys.tryCharge(steps)) yield* command.sys.charge(steps);
    }
    closeInput(command.sys, fd);
  }
  dump.end();
  return command.status;
}

class Dump {
  address = 0;
  #pending: number[] = [];
  #last = "";
  #isRepeating = false;

  constructor(
    private readonly command: Command,
    private readonly formats: readonly Format[],
    private readonly radix: string,
    private readonly showsRepeats: boolean,
  ) {}

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#pending.push(byte);
      if (this.#pending.length === WIDTH) this.#flush();
    }
  }

  end(): void {
    if (this.#pending.length > 0) this.#flush();
    const address = this.#addressText();
    if (address !== "") this.command.output.add(`${address}\n`);
  }

  #flush(): void {
    const key = this.#pending.join(" ");
    const isRepeat = key === this.#last && this.#pending.length === WIDTH && !this.showsRepeats;
    if (!isRepeat) {
      for (const [index, format] of this.formats.entries()) {
        const address = index === 0 ? this.#addressText() : " ".repeat(this.#addressText().length);
        this.command.output.add(`${address}${line(this.#pending, format)}\n`);
      }
    } else if (!this.#isRepeating) this.command.output.add("*\n");
    this.#isRepeating = isRepeat;
    this.#last = key;
    this.address += this.#pending.length;
    this.#pending = [];
  }

  #addressText(): string {
    switch (this.radix) {
      case "n":
        return "";
      case "d":
        return String(this.address).padStart(7, "0");
      case "x":
        return this.address.toString(16).padStart(6, "0");
      default:
        return this.address.toString(8).padStart(7, "0");
    }
  }
}

function line(bytes: readonly number[], format: Format): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += format.size) {
    let value = 0n;
    for (let index = format.size - 1; index >= 0; index -= 1) {
      value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
    }
    text += format.show(value, bytes[at] ?? 0).padStart(format.width);
  }
  return text;
}

function formatsOf(command: Command, options: Options): Format[] {
  const formats: Format[] = [];
  const types = options.all("t");
  let typeIndex = 0;
  for (const letter of options.order) {
    if (letter === "t") {
      for (const [, kind = "", size = ""] of (types[typeIndex] ?? "").matchAll(
        /([acdfoux])(\d*|[CSIL])/g,
      )) {
        formats.push(typeFormat(command, kind, size));
      }
      typeIndex += 1;
    } else {
      const short = SHORT[letter];
      if (short !== undefined) formats.push(typeFormat(command, short[0], short[1]));
    }
  }
  return formats.length > 0 ? formats : [typeFormat(command, "o", "2")];
}

const SHORT: Readonly<Record<string, readonly [string, string]>> = {
  a: ["a", ""],
  b: ["o", "1"],
  c: ["c", ""],
  d: ["u", "2"],
  D: ["u", "4"],
  h: ["x", "2"],
  x: ["x", "2"],
  X: ["x", "4"],
  H: ["x", "4"],
  i: ["d", "4"],
  l: ["d", "8"],
  L: ["d", "8"],
  o: ["o", "2"],
  B: ["o", "2"],
  s: ["d", "2"],
};

const LETTER_SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8 };

function typeFormat(command: Command, kind: string, sizeText: string): Format {
  if (kind === "c") return { size: 1, width: 4, show: (_, byte) => characterName(byte) };
  if (kind === "a") return { size: 1, width: 4, show: (_, byte) => asciiName(byte) };
  const size = LETTER_SIZES[sizeText] ?? (sizeText === "" ? 4 : Number(sizeText));
  if (![1, 2, 4, 8].includes(size))
    throw command.failure(`invalid type string '${kind}${sizeText}'`);
  const bits = size * 8;
  const most = (1n << BigInt(bits)) - 1n;
  switch (kind) {
    case "x":
      return {
        size,
        width: size * 2 + 1,
        show: (value) => value.toString(16).padStart(size * 2, "0"),
      };
    case "o": {
      const digits = most.toString(8).length;
      return { size, width: digits + 1, show: (value) => value.toString(8).padStart(digits, "0") };
    }
    case "u":
      return { size, width: most.toString().length + 1, show: (value) => value.toString() };
    default: {
      const width = (-(most >> 1n) - 1n).toString().length + 1;
      return { size, width, show: (value) => BigInt.asIntN(bits, value).toString() };
    }
  }
}

const ESCAPES: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function characterName(byte: number): string {
  const escape = ESCAPES[byte];
  if (escape !== undefined) return escape;
  if (byte >= 32 && byte < 127) return bytesToString(Uint8Array.of(byte));
  return byte.toString(8).padStart(3, "0");
}

const ASCII_NAMES =
  "nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp".split(
    " ",
  );

function asciiName(byte: number): string {
  const low = byte & 127;
  if (low === 127) return "del";
  return ASCII_NAMES[low] ?? String.fromCharCode(low);
}
