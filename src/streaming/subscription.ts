import type { FeedReader } from "../simulation/index.js";
import type { RecordSelection } from "./record-selection.js";
import { recordMessage, renderRecord } from "./record-view.js";

/** Where a subscription writes. */
export interface Outlet {
  /** Resolves once there is room for more: at once as a rule, later for a client that reads slowly. */
  send(text: string): Promise<void> | void;
}

/**
 * Carries what one reader of the feed gives to one client, at the client's pace. While the client is slow nothing is read for it: it loses only what is
 * no longer kept when it comes to it, and is told so.
 */
export class Subscription {
  #isClosed = false;

  constructor(
    readonly id: string,
    private readonly reader: FeedReader,
    private readonly selection: RecordSelection,
    private readonly outlet: Outlet,
  ) {}

  /** Runs until it is closed, or the feed is. */
  async run(): Promise<void> {
    for (;;) {
      const batch = await this.reader.next();
      if (batch === null || this.#hasEnded()) return;
      if (batch.lost !== null)
        await this.outlet.send(JSON.stringify({ op: "gap", id: this.id, ...batch.lost }));
      for (const entry of batch.entries) {
        const subject = await this.selection.select(entry);
        if (this.#hasEnded()) return;
        if (subject === null) continue;
        await this.outlet.send(recordMessage(this.id, renderRecord(entry, subject)));
      }
    }
  }

  /** A question, since it may change while something is waited for. */
  #hasEnded(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.reader.close();
  }
}
