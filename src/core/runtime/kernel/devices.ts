import { SysError, ZEROS, type Inode, type OpenFlags, type SpecialFile } from "../../vfs/index.js";
import { InodeDescription, type Description } from "./descriptors.js";
import type { Process } from "./process.js";

/** Character devices by major × 256 + minor: Documentation/admin-guide/devices.txt. */
export const DEVICES = {
  null: 0x103,
  zero: 0x105,
  full: 0x107,
  random: 0x108,
  urandom: 0x109,
  tty: 0x500,
  console: 0x501,
  ptmx: 0x502,
} as const;

const NOTHING = new Uint8Array(0);
/** A read of random bytes gives at most so many at a time, so that one does not take long. */
const RANDOM_BYTES = 65_536;

export const openDevice = (
  process: Process,
  inode: SpecialFile,
  path: string,
  flags: OpenFlags,
): Description => {
  const mayWrite = flags.write === true || flags.append === true;
  switch (inode.deviceNumber) {
    case DEVICES.null:
      return new NullDevice(inode, path, flags.read === true, mayWrite);
    case DEVICES.zero:
    case DEVICES.full:
      return new ZeroDevice(inode, path, flags.read === true, mayWrite);
    case DEVICES.random:
    case DEVICES.urandom:
      return new RandomDevice(inode, path, flags.read === true, mayWrite);
    case DEVICES.tty: {
      // The controlling terminal: what the process has as its standard input, when that is one.
      for (const [, description] of process.descriptors.entries())
        if (description.isTerminal) return description;
      throw new SysError("ENXIO");
    }
    default:
      throw new SysError("ENXIO");
  }
};

/** /dev/null, also as the standard input of a container that has none. */
export class NullDevice extends InodeDescription {
  read(): Uint8Array {
    return NOTHING;
  }

  write(_process: Process, bytes: Uint8Array): number {
    return bytes.length;
  }

  override seek(): number {
    return 0;
  }
}

class ZeroDevice extends InodeDescription {
  read(_process: Process, maxBytes: number): Uint8Array {
    return ZEROS.subarray(0, maxBytes);
  }

  write(_process: Process, bytes: Uint8Array): number {
    if (this.inode.deviceNumber === DEVICES.full) throw new SysError("ENOSPC");
    return bytes.length;
  }

  override seek(): number {
    return 0;
  }
}

class RandomDevice extends InodeDescription {
  override get bytesPerStep(): number {
    return 1024;
  }

  /** One draw seeds a run of numbers (xorshift32): drawing each would make a flood of them dear. */
  read(process: Process, maxBytes: number): Uint8Array {
    const words = new Uint32Array(Math.ceil(Math.min(maxBytes, RANDOM_BYTES) / 4));
    let state = process.kernel.random.below(0xffff_ffff) + 1;
    for (let i = 0; i < words.length; i += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    return new Uint8Array(words.buffer, 0, Math.min(maxBytes, RANDOM_BYTES));
  }

  write(_process: Process, bytes: Uint8Array): number {
    return bytes.length;
  }
}

/** A description of /dev/null that needs no table of devices: the inode is for fstat alone. */
export const nullDescription = (inode: Inode): Description =>
  new NullDevice(inode, "/dev/null", true, true);
