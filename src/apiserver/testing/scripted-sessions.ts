import type { SessionOutput, SessionPort } from "../cluster-port.js";

/** Sessions whose output the test gives. */
export class ScriptedSessions implements SessionPort {
  readonly #listeners = new Map<number, (output: SessionOutput) => void>();
  #next = 1;

  get openSessions(): number {
    return this.#listeners.size;
  }

  open(listener: (output: SessionOutput) => void): number {
    const session = this.#next++;
    this.#listeners.set(session, listener);
    return session;
  }

  close(session: number): void {
    this.#listeners.delete(session);
  }

  give(output: SessionOutput): void {
    this.#listeners.get(output.session)?.(output);
  }
}
