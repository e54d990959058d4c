import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { formatNanoTime } from "../../core/api/index.js";
import { readLog } from "../cluster-calls.js";
import { CLUSTER_PORT, type ClusterPort, type FeedBatch, type LogAnswer } from "../cluster-port.js";
import { ResponseStream } from "../http/response-stream.js";
import type { Route } from "../resources/resource-routes.js";
import { parseLogParameters, type LogParameters } from "./log-parameters.js";

/** Serves pods/{name}/log: what is there, and with `follow` what is still to come. */
@Injectable()
export class LogsService {
  constructor(@Inject(CLUSTER_PORT) private readonly cluster: ClusterPort) {}

  /** Returns when all was sent. @throws StatusError before anything was sent (API-21). */
  async serve(route: Route, query: URLSearchParams, reply: FastifyReply): Promise<void> {
    const parameters = parseLogParameters(query, route.namespace, route.name);
    const answer = await readLog(this.cluster, parameters.query);
    if (parameters.follow && !answer.ended) {
      await this.#follow(parameters, answer, reply);
      return;
    }
    await reply
      .header("content-type", "text/plain")
      .header("cache-control", "no-cache, private")
      .send(Buffer.from(answer.text));
  }

  /** Until the container ends, the client goes, or `limitBytes` are sent. */
  async #follow({ query }: LogParameters, answer: LogAnswer, reply: FastifyReply): Promise<void> {
    const stream = new ResponseStream(reply, "text/plain");
    const follower = new LogFollower(query, answer);
    const reader = this.cluster.feed.open(answer.cursor, {
      resources: ["pods"],
      records: ["log", "transition"],
      namespace: query.namespace,
      name: query.pod,
    });
    stream.closed.addEventListener("abort", () => reader.close(), { once: true });
    try {
      await stream.write(answer.text);
      while (!follower.isDone && !stream.closed.aborted) {
        const batch = await reader.next();
        if (batch === null) break;
        await stream.write(follower.take(batch.entries));
      }
    } finally {
      reader.close();
      stream.end();
    }
  }
}

/** Picks the lines of one container instance out of the feed. */
export class LogFollower {
  isDone = false;
  #leftBytes: number;
  /** Of the pod that the log was read from; a later pod of the same name is another one. */
  #uid: string | null = null;

  constructor(
    private readonly query: LogParameters["query"],
    private readonly answer: LogAnswer,
  ) {
    this.#leftBytes = (query.limitBytes ?? Infinity) - Buffer.byteLength(answer.text);
    this.isDone = this.#leftBytes <= 0;
  }

  take(entries: FeedBatch["entries"]): string {
    let text = "";
    for (const entry of entries) {
      if (this.isDone) break;
      text += this.#textOf(entry);
    }
    return text;
  }

  #textOf(entry: FeedBatch["entries"][number]): string {
    if (entry.kind === "revision") {
      this.isDone = entry.change === "DELETED";
      return "";
    }
    const { record, timeMs } = entry;
    if (record.type === "probe" || record.container !== this.answer.container) return "";
    this.#uid ??= record.uid;
    if (record.uid !== this.#uid) return "";
    if (record.type === "transition") {
      this.isDone = record.to?.state === "terminated";
      return "";
    }
    const { stream = "All", timestamps = false } = this.query;
    if (stream !== "All" && stream.toLowerCase() !== record.stream) return "";
    return this.#cut(`${timestamps ? `${formatNanoTime(timeMs)} ` : ""}${record.line}\n`);
  }

  #cut(line: string): string {
    const bytes = Buffer.from(line);
    this.#leftBytes -= bytes.length;
    if (this.#leftBytes > 0) return line;
    this.isDone = true;
    return bytes.subarray(0, bytes.length + this.#leftBytes).toString("utf8");
  }
}
