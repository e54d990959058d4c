import { bytesToString } from "../bytes.js";
import { IO_CHUNK_BYTES } from "../limits.js";
import type { Blocking, Sys } from "../syscall.js";

const MAX_SMALL_FILE_BYTES = 1024 * 1024;

/**
 * Reads a regular file without waiting: system files such as /etc/passwd. A file that would make the reader wait (a fifo put in its
 * place) reads as empty.
 */
export function readSmallFile(sys: Sys, path: string): string {
  const fd = sys.open(path, { read: true });
  try {
    if (sys.fstat(fd).type !== "file") return "";
    let text = "";
    while (text.length < MAX_SMALL_FILE_BYTES) {
      const bytes = sys.readNow(fd, IO_CHUNK_BYTES);
      if (bytes === null || bytes.length === 0) return text;
      text += bytesToString(bytes);
    }
    return text;
  } finally {
    sys.close(fd);
  }
}

/** Everything up to the end of file. The memory counts as the process's until it is given back. */
export function* readAll(sys: Sys, fd: number): Blocking<string> {
  const chunks: string[] = [];
  let length = 0;
  for (;;) {
    const chunk = yield* sys.read(fd, IO_CHUNK_BYTES);
    if (chunk.length === 0) break;
    sys.allocate(chunk.length);
    // Decoded at once: the whole of it would take its time.
    chunks.push(bytesToString(chunk));
    length += chunk.length;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
  }
  sys.free(length);
  return chunks.length === 1 ? (chunks[0] ?? "") : chunks.join("");
}
