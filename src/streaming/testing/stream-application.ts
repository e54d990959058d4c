import { Module, type LoggerService } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { onTestFinished } from "vitest";
import { WebSocket, type ClientOptions } from "ws";
import { AccessToken } from "../../config/index.js";
import { MemoryJournal } from "../../persistence/testing/memory-journal.js";
import { DurableFeed } from "../../simulation/durable-feed.js";
import { SimulationService, type FeedEntry } from "../../simulation/index.js";
import { serverMessageSchema } from "../messages.js";
import { StreamAdapter } from "../stream-adapter.js";
import { StreamGateway } from "../stream.gateway.js";
import { TimelineController } from "../timeline.controller.js";
import { TimelineService } from "../timeline.service.js";

type Message = Record<string, unknown> & { readonly op: string };

/** The stream and the timeline over a feed that the test fills. */
export class StreamApplication {
  #last: number;

  private constructor(
    readonly http: NestFastifyApplication,
    readonly feed: DurableFeed,
    readonly journal: MemoryJournal,
    readonly gateway: StreamGateway,
    last: number,
  ) {
    this.#last = last;
  }

  static async start(
    kept: readonly FeedEntry[] = [],
    token: string | null = null,
  ): Promise<StreamApplication> {
    const journal = new MemoryJournal();
    const last = kept.at(-1)?.sequence ?? 0;
    await journal.append({ entries: kept, lastSequence: last, timeMs: 0 });
    const feed = new DurableFeed(journal, last);
    const simulation = { feed, podLabels: journal.podLabels.bind(journal) };
    @Module({
      controllers: [TimelineController],
      providers: [
        { provide: SimulationService, useValue: simulation },
        StreamGateway,
        TimelineService,
      ],
    })
    class StreamTestModule {}
    const http = await NestFactory.create<NestFastifyApplication>(
      StreamTestModule,
      new FastifyAdapter(),
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options are a class by accident
      { logger: SILENT },
    );
    http.useWebSocketAdapter(new StreamAdapter(http, new AccessToken(token)));
    await http.listen(0, "127.0.0.1");
    onTestFinished(() => http.close());
    return new StreamApplication(http, feed, journal, http.get(StreamGateway), last);
  }

  get port(): number {
    return (this.http.getHttpServer().address() as { port: number }).port;
  }

  /** Makes entries durable and visible. */
  async publish(...entries: FeedEntry[]): Promise<void> {
    await this.publishLarge(entries, entries.length * 300);
  }

  /** @param bytes that the feed is to take them for, to fill its memory quickly. */
  async publishLarge(entries: readonly FeedEntry[], bytes: number): Promise<void> {
    this.#last = entries.at(-1)?.sequence ?? this.#last;
    await this.journal.append({ entries, lastSequence: this.#last, timeMs: 0 });
    this.feed.publish(entries, this.#last, bytes);
  }

  connect(options: ClientOptions = {}, query = ""): StreamTestClient {
    return new StreamTestClient(`ws://127.0.0.1:${this.port}/sim/v1/stream${query}`, options);
  }
}

/** A client that keeps what it receives, and holds each message against the published schema. */
export class StreamTestClient {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly records: Message[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<number>;
  #changed: () => void = () => undefined;

  constructor(url: string, options: ClientOptions) {
    this.socket = new WebSocket(url, options);
    this.socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      // Each kind is held against the schema; of thousands of records only some are.
      if (this.messages.length < 100) serverMessageSchema.parse(message);
      this.messages.push(message);
      if (message.op === "record") this.records.push(message);
      this.#changed();
    });
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", resolve);
    });
    this.opened.catch(() => undefined);
    onTestFinished(() => {
      this.socket.terminate();
    });
  }

  /** @param message JSON, or text as it is. */
  async send(message: unknown): Promise<void> {
    await this.opened;
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async subscribe(message: Record<string, unknown>): Promise<void> {
    const id = message["id"] ?? "s1";
    await this.send({ op: "subscribe", id, ...message });
    await this.until(() =>
      this.messages.some((other) => other.op !== "record" && other["id"] === id),
    );
  }

  get cursors(): readonly number[] {
    return this.records.map(({ cursor }) => cursor as number);
  }

  /** Waits for messages until `isEnough`. */
  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Everything that was sent before this call has been answered after it. */
  async settle(): Promise<void> {
    await this.send({ op: "ping", id: "settle" });
    await this.until(() => this.messages.at(-1)?.op === "pong");
    this.messages.pop();
  }
}

const nothing = (): void => undefined;
const SILENT: LoggerService = { log: nothing, error: nothing, warn: nothing };
