import type { WebSocket } from "ws";
import { isStatusError } from "../core/api/index.js";
import { explain, type SimulationService } from "../simulation/index.js";
import { MAX_BUFFERED_BYTES, MAX_SUBSCRIPTIONS } from "./limits.js";
import { clientMessageSchema, type ServerMessage, type Subscribe } from "./messages.js";
import { RecordSelection } from "./record-selection.js";
import { Subscription, type Outlet } from "./subscription.js";

/** What the stream needs of the simulation. */
export type StreamSource = Pick<SimulationService, "feed" | "podLabels">;

/** Thrown at a client: an `error` message. */
class Refusal extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** One client of the stream: its subscriptions and its socket. */
export class StreamConnection implements Outlet {
  readonly #subscriptions = new Map<string, Subscription>();

  /** @param onFailure what was not the client's fault. */
  constructor(
    private readonly socket: WebSocket,
    private readonly source: StreamSource,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Does what a message says and answers it. @param text the frame as it came. */
  receive(text: string): void {
    let id: unknown;
    try {
      const message = parseJson(text);
      id = (message as { id?: unknown } | null)?.id;
      this.#perform(message);
    } catch (error) {
      this.#refuse(error, id);
    }
  }

  send(text: string): Promise<void> | void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount < MAX_BUFFERED_BYTES) {
      this.socket.send(text);
      return;
    }
    return new Promise((resolve) => {
      this.socket.send(text, () => {
        resolve();
      });
    });
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
  }

  #perform(value: unknown): void {
    const parsed = clientMessageSchema.safeParse(value);
    if (!parsed.success) throw new Refusal("BadRequest", explain(parsed.error));
    const message = parsed.data;
    switch (message.op) {
      case "subscribe":
        this.#subscribe(message);
        return;
      case "unsubscribe":
        this.#unsubscribe(message.id);
        return;
      case "ping":
        this.#answer({ op: "pong", ...(message.id === undefined ? {} : { id: message.id }) });
    }
  }

  #subscribe(message: Subscribe): void {
    const { id, types, filter } = message;
    if (this.#subscriptions.has(id))
      throw new Refusal("AlreadyExists", `there is a subscription ${JSON.stringify(id)} already`);
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      throw new Refusal(
        "TooManyRequests",
        `a connection has at most ${MAX_SUBSCRIPTIONS} subscriptions`,
      );
    const selection = new RecordSelection(types, filter, this.source);
    const cursor = this.#startOf(message.from);
    const reader = this.source.feed.open(cursor, selection.feedFilter);
    const subscription = new Subscription(id, reader, selection, this);
    this.#subscriptions.set(id, subscription);
    this.#answer({ op: "subscribed", id, cursor });
    subscription.run().catch((error: unknown) => {
      this.#subscriptions.delete(id);
      subscription.close();
      this.#refuse(error, id);
    });
  }

  #startOf(from: Subscribe["from"]): number {
    const { durableSequence, oldestSequence } = this.source.feed;
    if (from === "now") return durableSequence;
    if (from === "start") return oldestSequence - 1;
    if (from > durableSequence)
      throw new Refusal(
        "BadRequest",
        `from: ${from} is ahead of the newest cursor, ${durableSequence}`,
      );
    return from;
  }

  #unsubscribe(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined)
      throw new Refusal("NotFound", `there is no subscription ${JSON.stringify(id)}`);
    this.#subscriptions.delete(id);
    subscription.close();
    this.#answer({ op: "unsubscribed", id });
  }

  #refuse(error: unknown, id: unknown): void {
    const shown = typeof id === "string" || typeof id === "number" ? { id } : {};
    const { reason, message } = this.#refusalOf(error);
    this.#answer({ op: "error", ...shown, reason, message });
  }

  #refusalOf(error: unknown): { readonly reason: string; readonly message: string } {
    if (error instanceof Refusal) return error;
    if (isStatusError(error))
      return { reason: error.status.reason ?? "BadRequest", message: error.message };
    this.onFailure(error);
    return { reason: "InternalError", message: "the subscription failed" };
  }

  #answer(message: ServerMessage): void {
    void this.send(JSON.stringify(message));
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Refusal("BadRequest", `a message must be JSON: ${detail}`);
  }
};
