import { describeFailure } from "../../errno-text.js";
import { BYTES_PER_STEP, IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking } from "../../syscall.js";
import { reflectedUpdate } from "../../text/crc32.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { parseOptions } from "../options.js";

const POLYNOMIAL = 0x04c11db7;

/** coreutils/cksum.c: POSIX's checksum with the length behind the content; as `crc32` the one of gzip, in hexadecimal. */
export function* cksum(command: Command): Blocking<number> {
  const { operands } = parseOptions(command, "");
  const isReflected = command.name === "crc32";
  for (const path of operands.length === 0 ? ["-"] : operands) {
    const sum = yield* sumOf(command, path, isReflected);
    if (sum === null) continue;
    const name = operands.length === 0 ? "" : ` ${path}`;
    command.output.add(
      isReflected
        ? `${sum.crc.toString(16).padStart(8, "0")}${name}\n`
        : `${String(sum.crc)} ${String(sum.bytes)}${name}\n`,
    );
  }
  return command.status;
}

interface Sum {
  readonly crc: number;
  readonly bytes: number;
}

function* sumOf(command: Command, path: string, isReflected: boolean): Blocking<Sum | null> {
  const { sys } = command;
  const update = isReflected ? reflectedUpdate : plainUpdate;
  try {
    const fd = openInput(sys, path);
    let crc = isReflected ? 0xffffffff : 0;
    let length = 0;
    for (;;) {
      const bytes = yield* sys.read(fd, IO_CHUNK_BYTES);
      if (bytes.length === 0) break;
      crc = update(crc, bytes);
      length += bytes.length;
      yield* sys.charge(1 + bytes.length / BYTES_PER_STEP);
    }
    closeInput(sys, fd);
    if (!isReflected) crc = update(crc, lengthBytes(length));
    return { crc: ~crc >>> 0, bytes: length };
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.fail(`can't open '${path}': ${describeFailure(error)}`);
    return null;
  }
}

function lengthBytes(length: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.push(left % 256);
  return Uint8Array.from(bytes);
}

const PLAIN_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value;
});

function plainUpdate(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (const byte of bytes)
    value = (value << 8) ^ (PLAIN_TABLE[((value >>> 24) ^ byte) & 255] ?? 0);
  return value;
}
