import { SysError, type Blocking, type SignalName, type Sys } from "../../shell/index.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes text to a descriptor; a reader that is gone does not matter. */
export function* print(sys: Sys, fd: number, text: string): Blocking<void> {
  const bytes = encoder.encode(text);
  try {
    if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

/** The text of a file; null when it can't be read. */
export function* readTextFile(sys: Sys, path: string): Blocking<string | null> {
  const bytes = yield* readFile(sys, path);
  return bytes === null ? null : decoder.decode(bytes);
}

export function* readFile(sys: Sys, path: string): Blocking<Uint8Array | null> {
  let fd: number;
  try {
    fd = sys.open(path, { read: true });
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
  try {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const piece = yield* sys.read(fd, 1_048_576);
      if (piece.length === 0) break;
      pieces.push(piece);
      length += piece.length;
    }
    return join(pieces, length);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  } finally {
    sys.close(fd);
  }
}

/** Notes that a signal came. The program looks at `name` when it wakes. */
export interface StopNote {
  name: SignalName | null;
}

/** Lets the named signals be noted instead of ending the process. */
export const noteSignals = (sys: Sys, signals: readonly SignalName[]): StopNote => {
  const note: StopNote = { name: null };
  for (const signal of signals)
    sys.onSignal(signal, () => {
      note.name ??= signal;
    });
  return note;
};

/** Waits until one of the noted signals came. */
export function* waitForStop(sys: Sys, note: StopNote): Blocking<SignalName> {
  while (note.name === null) yield* sys.pause();
  return note.name;
}

const join = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
