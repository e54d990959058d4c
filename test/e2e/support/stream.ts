import { WebSocket } from "ws";
import type { Service } from "./service.js";

export interface StreamRecord {
  readonly op: string;
  readonly cursor: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A client of the stream that keeps what it receives. */
export class StreamClient {
  readonly records: StreamRecord[] = [];
  readonly others: Record<string, unknown>[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as StreamRecord;
      if (message.op === "record") this.records.push(message);
      else this.others.push(message);
    });
  }

  static async open(
    service: Service,
    subscription: Record<string, unknown>,
  ): Promise<StreamClient> {
    const socket = new WebSocket(`${service.url.replace("http", "ws")}/sim/v1/stream`);
    const client = new StreamClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.send(JSON.stringify({ op: "subscribe", id: "s1", ...subscription }));
    await until(() => client.others.some(({ op }) => op === "subscribed"));
    return client;
  }

  get lastCursor(): number {
    return this.records.at(-1)?.cursor ?? 0;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Polls until `check` holds; an error after `timeoutMs`. */
export const until = async (
  check: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${check.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
