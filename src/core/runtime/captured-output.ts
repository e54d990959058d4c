import type { LogStream } from "./log-buffer.js";
import type { OutputSink } from "./log-description.js";

/** What a command wrote, each stream kept up to a bound; the rest is dropped. */
export class CapturedOutput implements OutputSink {
  #stdout: Uint8Array[] = [];
  #stderr: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    readonly outputUid: number,
    private readonly limitBytes: number,
  ) {}

  get stdout(): string {
    return textOf(this.#stdout);
  }

  get stderr(): string {
    return textOf(this.#stderr);
  }

  takeOutput(stream: LogStream, bytes: Uint8Array): void {
    const kept = bytes.slice(0, Math.max(0, this.limitBytes - this.#bytes));
    if (kept.length === 0) return;
    this.#bytes += kept.length;
    (stream === "stdout" ? this.#stdout : this.#stderr).push(kept);
  }
}

const textOf = (pieces: readonly Uint8Array[]): string => {
  const decoder = new TextDecoder();
  let text = "";
  for (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
};
