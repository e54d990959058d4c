import { BYTES_PER_STEP, IO_CHUNK_BYTES } from "../../limits.js";
import { namedClass } from "../../pattern/character-class.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure } from "../options.js";

export function* tr(command: Command): Blocking<number> {
  const options = parseOptions(command, "+Ccdst", {
    complement: "c",
    delete: "d",
    "squeeze-repeats": "s",
    "truncate-set1": "t",
  });
  const [first, second] = options.operands;
  const deletes = options.has("d");
  const squeezes = options.has("s");
  if (first === undefined) throw usageFailure(command);
  checkSecond(command, first, second, deletes || squeezes);
  let from = expandSet(first);
  if (options.has("c") || options.has("C")) from = complement(from);
  const to = second === undefined ? [] : expandSet(second);
  const map = Uint8Array.from({ length: 256 }, (_, code) => code);
  const isDeleted = new Uint8Array(256);
  const isSqueezed = new Uint8Array(256);
  if (deletes) for (const code of from) isDeleted[code] = 1;
  else if (second !== undefined) translate(map, from, to, options.has("t"));
  if (squeezes) {
    for (const code of second === undefined ? from : to) isSqueezed[code] = 1;
  }
  yield* convert(command, map, isDeleted, isSqueezed);
  return 0;
}

function checkSecond(
  command: Command,
  first: string,
  second: string | undefined,
  isOptional: boolean,
): void {
  if (second === undefined && !isOptional && command.isGnu) {
    throw usageFailure(command, `missing operand after '${first}'`);
  }
  if (second !== "") return;
  throw command.failure(
    command.isGnu
      ? "when not truncating set1, string2 must be non-empty"
      : "STRING2 cannot be empty",
  );
}

/** The second set's last character stands for all that it lacks. */
function translate(map: Uint8Array, from: number[], to: number[], truncates: boolean): void {
  const last = to.at(-1);
  for (const [index, code] of from.entries()) {
    const target = to[index] ?? (truncates ? undefined : last);
    if (target !== undefined) map[code] = target;
  }
}

function* convert(
  command: Command,
  map: Uint8Array,
  isDeleted: Uint8Array,
  isSqueezed: Uint8Array,
): Blocking<void> {
  const { sys } = command;
  let last = -1;
  for (;;) {
    const bytes = yield* sys.read(0, IO_CHUNK_BYTES);
    if (bytes.length === 0) return;
    const result = new Uint8Array(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (isDeleted[byte] === 1) continue;
      const code = map[byte] ?? byte;
      if (isSqueezed[code] === 1 && code === last) continue;
      last = code;
      result[length] = code;
      length += 1;
    }
    const made = result.subarray(0, length);
    if (length > 0 && !sys.tryWrite(1, made)) yield* sys.write(1, made);
    const steps = 1 + Math.floor(bytes.length / BYTES_PER_STEP);
    if (!sys.tryCharge(steps)) yield* sys.charge(steps);
  }
}

function complement(set: readonly number[]): number[] {
  const members = new Set(set);
  return Array.from({ length: 256 }, (_, code) => code).filter((code) => !members.has(code));
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
};

/** `a-z`, `[:upper:]`, `\n`, `\101`, `[=a=]`, `[x*3]`. */
function expandSet(text: string): number[] {
  const set: number[] = [];
  for (let index = 0; index < text.length;) {
    const special = /^\[:(\w+):\]/.exec(text.slice(index));
    if (special?.[1] !== undefined && namedClass(special[1]) !== null) {
      const members = namedClass(special[1]);
      members?.forEach((member, code) => {
        if (member === 1) set.push(code);
      });
      index += special[0].length;
      continue;
    }
    const equivalence = /^\[=(.)=\]/s.exec(text.slice(index));
    if (equivalence?.[1] !== undefined) {
      set.push(equivalence[1].charCodeAt(0));
      index += equivalence[0].length;
      continue;
    }
    const low = readCharacter(text, index);
    const isRange = text.charAt(low.next) === "-" && low.next + 1 < text.length;
    if (!isRange) {
      set.push(low.code);
      index = low.next;
      continue;
    }
    const high = readCharacter(text, low.next + 1);
    for (let code = low.code; code <= high.code; code += 1) set.push(code);
    index = high.next;
  }
  return set;
}

function readCharacter(text: string, index: number): { code: number; next: number } {
  if (text.charAt(index) !== "\\" || index + 1 >= text.length) {
    return { code: text.charCodeAt(index) & 255, next: index + 1 };
  }
  const octal = /^[0-7]{1,3}/.exec(text.slice(index + 1))?.[0];
  if (octal !== undefined) {
    return { code: parseInt(octal, 8) & 255, next: index + 1 + octal.length };
  }
  const letter = text.charAt(index + 1);
  const hexadecimal = /^x[0-9a-fA-F]{1,2}/.exec(text.slice(index + 1))?.[0];
  if (hexadecimal !== undefined) {
    return { code: parseInt(hexadecimal.slice(1), 16), next: index + 1 + hexadecimal.length };
  }
  return { code: ESCAPES[letter] ?? letter.charCodeAt(0), next: index + 2 };
}
