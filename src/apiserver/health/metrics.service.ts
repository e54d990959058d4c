import { Inject, Injectable } from "@nestjs/common";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { CLUSTER_PORT, type ClusterPort } from "../cluster-port.js";

/** Which request a measurement is of: apiserver's own labels. */
export interface RequestLabels {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
}

const LABELS = ["verb", "group", "version", "resource", "subresource"] as const;

/** What Prometheus reads. Names as kube-apiserver has them where they mean the same: endpoints/metrics/metrics.go, 1.34. */
@Injectable()
export class MetricsService {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: "apiserver_request_total",
    help: "Requests by verb, group, version, resource, subresource and code.",
    labelNames: [...LABELS, "code"],
    registers: [this.#registry],
  });
  readonly #durations = new Histogram({
    name: "apiserver_request_duration_seconds",
    help: "Time until the last byte was handed over, watches left out.",
    labelNames: [...LABELS],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  });
  readonly #longRunning = new Gauge({
    name: "apiserver_longrunning_requests",
    help: "Open watches, followed logs and connections.",
    labelNames: [...LABELS],
    registers: [this.#registry],
  });

  constructor(@Inject(CLUSTER_PORT) cluster: ClusterPort) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge(
      "peapod_feed_durable_sequence",
      "The newest sequence that is on disk.",
      () => cluster.feed.durableSequence,
    );
    this.#gauge("peapod_feed_readers", "Open readers of the feed.", () => cluster.feedReaders ?? 0);
    this.#gauge(
      "peapod_journal_unwritten_entries",
      "Entries committed and not yet on disk.",
      () => cluster.backlog?.unwrittenEntries ?? 0,
    );
    this.#gauge(
      "peapod_clock_lag_seconds",
      "Real time by which the simulation is behind its speed.",
      () => (cluster.backlog?.lagMs ?? 0) / 1000,
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** @param seconds left out for what runs as long as its client likes. */
  observe(labels: RequestLabels, code: number, seconds?: number): void {
    this.#requests.inc({ ...labels, code });
    if (seconds !== undefined) this.#durations.observe(labels, seconds);
  }

  /** Counts a long request until `work` is done. */
  async whileRunning<T>(labels: RequestLabels, work: () => Promise<T>): Promise<T> {
    this.#longRunning.inc(labels);
    try {
      return await work();
    } finally {
      this.#longRunning.dec(labels);
    }
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => gauge.set(read()),
    });
  }
}
