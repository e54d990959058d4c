import { stringToBytes } from "../bytes.js";
import { SysError, type Blocking, type Sys } from "../syscall.js";

const TEXT_AT_ONCE = 1_048_576;

/** Writes a byte string; waits only when it must. @throws SysError */
export function* writeText(sys: Sys, fd: number, text: string): Blocking<void> {
  // A long text in parts, between which time may pass.
  for (let start = 0; start < text.length; start += TEXT_AT_ONCE) {
    yield* writePart(sys, fd, text.slice(start, start + TEXT_AT_ONCE));
  }
}

function* writePart(sys: Sys, fd: number, text: string): Blocking<void> {
  const bytes = stringToBytes(text);
  if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
}

/** As `writeText`, for messages: nobody is told when standard error is closed or broken. */
export function* writeError(sys: Sys, text: string): Blocking<void> {
  try {
    yield* writeText(sys, 2, text);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

/** True when it was written; false when only `writeText` can. @throws SysError */
export function writeNow(sys: Sys, fd: number, text: string): boolean {
  if (text.length > TEXT_AT_ONCE) return false;
  return text === "" || sys.tryWrite(fd, stringToBytes(text));
}
