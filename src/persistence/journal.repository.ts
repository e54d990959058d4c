import type { DataSource } from "typeorm";
import type { KubeObject } from "../core/api/index.js";
import type { JournalBatch, JournalSnapshot } from "../core/store/index.js";
import { compactionTarget, type CompactionState } from "./compaction.js";
import { databaseError } from "./database-error.js";
import { decodeRow, historyQuery, type HistoryRow } from "./journal-history.js";
import { encodeEntries, type JournalStatement } from "./journal-rows.js";
import type { ClusterMeta, HistoryFilter, HistoryPage, Journal, PodAt } from "./journal.js";
import { COMPACTION_STEP, HISTORY_WINDOW, MAX_HISTORY_ENTRIES } from "./limits.js";

interface ClusterRow {
  readonly seed: number;
  readonly epoch_ms: number;
  readonly last_sequence: number;
  readonly time_ms: number;
  readonly oldest_sequence: number;
}

/** The journal on SQLite. Errors are DatabaseErrors of one line. */
export class JournalRepository implements Journal {
  #lastSequence = 0;
  #oldestSequence = 1;
  #timeMs = 0;
  /** Rows of `revision`; null until first counted. */
  #rows: number | null = null;

  /** @param dataSource opened by openDatabase. */
  constructor(private readonly dataSource: DataSource) {}

  get oldestSequence(): number {
    return this.#oldestSequence;
  }

  async begin(meta: ClusterMeta): Promise<void> {
    await this.#query(
      `INSERT INTO cluster (id, seed, epoch_ms, last_sequence, time_ms, oldest_sequence) VALUES (1, ?, ?, 0, ?, 1)
        ON CONFLICT (id) DO UPDATE SET seed = excluded.seed`,
      [meta.seed, meta.epochMs, meta.epochMs],
    );
  }

  async meta(): Promise<ClusterMeta | null> {
    const row = await this.#clusterRow();
    return row === null ? null : { seed: row.seed, epochMs: row.epoch_ms };
  }

  async load(): Promise<JournalSnapshot> {
    const cluster = await this.#clusterRow();
    if (cluster === null) throw new Error("the journal is empty");
    const rows = await this.#query<{ payload: string | null }>(
      `SELECT payload FROM object o LEFT JOIN revision r ON r.id = o.revision_id ORDER BY o.revision_id`,
    );
    const objects = rows.map((row) => this.#parse(row.payload));
    this.#lastSequence = cluster.last_sequence;
    this.#oldestSequence = cluster.oldest_sequence;
    this.#timeMs = cluster.time_ms;
    return {
      objects,
      lastSequence: cluster.last_sequence,
      timeMs: cluster.time_ms,
      oldestSequence: cluster.oldest_sequence,
    };
  }

  async append(batch: JournalBatch): Promise<number> {
    const statements = encodeEntries(batch.entries);
    if (statements.length <= 1) await this.#insert(statements[0] ?? EMPTY, batch);
    else await this.#insertAll(statements, batch);
    this.#lastSequence = batch.lastSequence;
    this.#timeMs = batch.timeMs;
    let bytes = 0;
    for (const statement of statements) {
      bytes += statement.payloads.byteLength;
      if (this.#rows !== null) this.#rows += statement.rowCount;
    }
    return bytes;
  }

  async history(after: number, filter: HistoryFilter, limit: number): Promise<HistoryPage> {
    const start = Math.max(after, this.#oldestSequence - 1);
    const upTo = Math.min(start + HISTORY_WINDOW, this.#lastSequence);
    const most = Math.min(limit, MAX_HISTORY_ENTRIES);
    const query = historyQuery(filter, start, upTo, most);
    if (query === null || upTo <= start) return { entries: [], position: Math.max(upTo, start) };
    const rows = await this.#query<HistoryRow>(query.sql, query.parameters);
    const last = rows.length === most ? rows.at(-1) : undefined;
    return { entries: rows.map(decodeRow), position: last?.id ?? upTo };
  }

  async podLabels(pod: PodAt): Promise<Readonly<Record<string, string>> | null> {
    const of = `FROM revision WHERE resource = 'pods' AND namespace = ? AND pod = ? AND pod <> '' AND uid = ?`;
    const rows = await this.#query<{ labels: string | null }>(
      `SELECT json_extract(payload, '$.metadata.labels') AS labels FROM revision WHERE id = coalesce(
        (SELECT max(id) ${of} AND id <= ?), (SELECT min(id) ${of} AND id > ?))`,
      [
        pod.namespace,
        pod.pod,
        pod.uid,
        pod.sequence,
        pod.namespace,
        pod.pod,
        pod.uid,
        pod.sequence,
      ],
    );
    const [row] = rows;
    return row === undefined ? null : (JSON.parse(row.labels ?? "{}") as Record<string, string>);
  }

  async compact(): Promise<boolean> {
    const target = compactionTarget(await this.#compactionState());
    if (target === null) return false;
    const start = this.#oldestSequence;
    // First, so that nobody takes a history with holes for a whole one.
    this.#oldestSequence = target;
    const before = await this.#totalChanges();
    await this.#query(`INSERT INTO journal_window VALUES (?, ?)`, [start, target]);
    // Every change is a deleted row, but for the one update of `cluster`.
    if (this.#rows !== null) this.#rows -= (await this.#totalChanges()) - before - 1;
    return true;
  }

  /** A batch too large for one statement: the transaction is kept open over all of them. */
  async #insertAll(statements: readonly JournalStatement[], batch: JournalBatch): Promise<void> {
    await this.#query(`BEGIN IMMEDIATE`);
    try {
      for (const statement of statements) await this.#insert(statement, batch);
      await this.#query(`COMMIT`);
    } catch (error) {
      await this.dataSource.query(`ROLLBACK`).catch(() => undefined);
      throw error;
    }
  }

  async #insert(statement: JournalStatement, batch: JournalBatch): Promise<void> {
    await this.#query(`INSERT INTO journal VALUES (?, ?, ?, ?, ?)`, [
      statement.rows,
      statement.payloads,
      statement.objects,
      batch.lastSequence,
      batch.timeMs,
    ]);
  }

  async #compactionState(): Promise<CompactionState> {
    const end = Math.min(this.#oldestSequence + COMPACTION_STEP, this.#lastSequence + 1);
    const [row] = await this.#query<{ time_ms: number }>(
      `SELECT time_ms FROM revision WHERE id < ? ORDER BY id DESC LIMIT 1`,
      [end],
    );
    this.#rows ??= await this.#countRows();
    return {
      rows: this.#rows,
      windowEnd: end,
      windowAgeMs: row === undefined ? Infinity : this.#timeMs - row.time_ms,
      isWindowFull: end === this.#oldestSequence + COMPACTION_STEP,
    };
  }

  async #countRows(): Promise<number> {
    const [row] = await this.#query<{ rows: number }>(`SELECT count(*) AS rows FROM revision`);
    return row?.rows ?? 0;
  }

  async #totalChanges(): Promise<number> {
    const [row] = await this.#query<{ changes: number }>(`SELECT total_changes() AS changes`);
    return row?.changes ?? 0;
  }

  async #clusterRow(): Promise<ClusterRow | null> {
    const [row] = await this.#query<ClusterRow>(`SELECT * FROM cluster`);
    return row ?? null;
  }

  #parse(payload: string | null): KubeObject {
    if (payload === null) throw this.#damaged("an object has lost its revision");
    try {
      return JSON.parse(payload) as KubeObject;
    } catch (error) {
      throw this.#damaged(`an object cannot be read: ${String(error)}`);
    }
  }

  #damaged(detail: string): Error {
    return databaseError(this.#name, new Error(`it is damaged: ${detail}`));
  }

  get #name(): string {
    return String(this.dataSource.options.database);
  }

  async #query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    try {
      return await this.dataSource.query<Row[]>(sql, parameters);
    } catch (error) {
      throw databaseError(this.#name, error);
    }
  }
}

const EMPTY: JournalStatement = {
  rows: "[]",
  payloads: Buffer.alloc(0),
  objects: "[]",
  rowCount: 0,
};
