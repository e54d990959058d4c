import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { sha3_224, sha3_256, sha3_384, sha3_512 } from "@noble/hashes/sha3.js";
import { bytesToHex, type CHash } from "@noble/hashes/utils.js";
import { BYTES_PER_STEP, IO_CHUNK_BYTES } from "../../limits.js";
import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { inputsOf, readLines } from "../lines.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

const ALGORITHMS: Readonly<Record<string, CHash>> = {
  md5sum: md5,
  sha1sum: sha1,
  sha256sum: sha256,
  sha512sum: sha512,
};

/** `sha3sum -a BITS` */
const SHA3: Readonly<Record<string, CHash>> = {
  "224": sha3_224,
  "256": sha3_256,
  "384": sha3_384,
  "512": sha3_512,
};

/** `md5sum` and its kin: the digest of each file, or with -c a check of such a list. */
export function* digestSum(command: Command): Blocking<number> {
  const options = parseOptions(command, "scwbta:", {
    check: "c",
    binary: "b",
    text: "t",
    status: "s",
  });
  const algorithm =
    command.name === "sha3sum"
      ? SHA3[options.value("a") ?? "224"]
      : (ALGORITHMS[command.name] ?? md5);
  if (algorithm === undefined) throw usageFailure(command);
  if (options.has("c")) return yield* check(command, options, algorithm);
  for (const path of inputsOf(options.operands)) {
    const sum = yield* digestOf(command, algorithm, path);
    if (sum !== null) command.output.add(`${sum}  ${path}\n`);
  }
  return command.status;
}

function* digestOf(command: Command, algorithm: CHash, path: string): Blocking<string | null> {
  const digest = algorithm.create();
  try {
    const fd = openInput(command.sys, path);
    for (;;) {
      const bytes = yield* command.sys.read(fd, IO_CHUNK_BYTES);
      if (bytes.length === 0) break;
      digest.update(bytes);
      const steps = 1 + Math.floor((4 * bytes.length) / BYTES_PER_STEP);
      if (!command.sys.tryCharge(steps)) yield* command.sys.charge(steps);
    }
    closeInput(command.sys, fd);
    return bytesToHex(digest.digest());
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.output.flush();
    const verb = error.errno === "EISDIR" ? "read" : "open";
    const what = command.isGnu ? path : `can't ${verb} '${path}'`;
    yield* command.fail(`${what}: ${describeFailure(error)}`);
    return null;
  }
}

function* check(command: Command, options: Options, algorithm: CHash): Blocking<number> {
  const isSilent = options.has("s");
  for (const path of inputsOf(options.operands)) {
    let failed = 0;
    let total = 0;
    for (const line of yield* readLines(command, path)) {
      const match = /^([0-9a-fA-F]+)[ ][ *](.*)$/.exec(line);
      if (match === null) {
        if (options.has("w")) yield* command.complain("invalid format");
        continue;
      }
      total += 1;
      const name = match[2] ?? "";
      const isRight =
        (yield* digestOf(command, algorithm, name)) === (match[1] ?? "").toLowerCase();
      if (!isRight) failed += 1;
      if (!isSilent) command.output.add(`${name}: ${isRight ? "OK" : "FAILED"}\n`);
    }
    if (failed === 0) continue;
    command.status = 1;
    yield* command.output.flush();
    if (!isSilent) {
      yield* command.complain(
        command.words(
          `WARNING: ${String(failed)} of ${String(total)} computed checksums did NOT match`,
          `WARNING: ${String(failed)} computed checksum${failed === 1 ? "" : "s"} did NOT match`,
        ),
      );
    }
  }
  return command.status;
}
