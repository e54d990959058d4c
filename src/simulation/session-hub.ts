import type { SessionOutput } from "../core/cluster/index.js";

/** How those who serve sessions (pods/{name}/exec) hear of them. */
export interface SessionPort {
  /** A number for a new session, whose output goes to `listener` until `close`. */
  open(listener: (output: SessionOutput) => void): number;
  close(session: number): void;
}

/** Hands what commands in containers give to whom it is for: in order, and not before everything that it can tell of is durable. */
export class SessionHub implements SessionPort {
  readonly #listeners = new Map<number, (output: SessionOutput) => void>();
  #next = 1;
  #delivered: Promise<void> = Promise.resolve();

  open(listener: (output: SessionOutput) => void): number {
    const session = this.#next++;
    this.#listeners.set(session, listener);
    return session;
  }

  close(session: number): void {
    this.#listeners.delete(session);
  }

  /** @param whenDurable resolves once it may be seen; a failure drops it, since the service ends. */
  deliver(outputs: readonly SessionOutput[], whenDurable: () => Promise<void>): void {
    if (outputs.length === 0) return;
    this.#delivered = this.#delivered.then(whenDurable).then(
      () => {
        for (const output of outputs) this.#listeners.get(output.session)?.(output);
      },
      () => undefined,
    );
  }

  /** The service ends: what runs is lost to its client. */
  loseAll(): void {
    for (const [session, listener] of [...this.#listeners]) listener({ session, kind: "lost" });
    this.#listeners.clear();
  }
}
