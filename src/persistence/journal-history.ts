import type { KubeObject, SimRecord } from "../core/api/index.js";
import type { JournalEntry, RevisionEntry } from "../core/store/index.js";
import type { HistoryFilter } from "./journal.js";
import { recordResource } from "./journal-rows.js";

/** A row of `revision` with the payload of the revision before it. */
export interface HistoryRow {
  readonly id: number;
  readonly time_ms: number;
  readonly type: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly payload: string;
  readonly previous: string | null;
}

export interface HistoryQuery {
  readonly sql: string;
  readonly parameters: unknown[];
}

/**
 * The question for matching rows in (after, upTo]. The ids are found first, in an index where there is one, so that payloads are read only of
 * rows that are given. Null when nothing that is kept can match.
 */
export const historyQuery = (
  filter: HistoryFilter,
  after: number,
  upTo: number,
  limit: number,
): HistoryQuery | null => {
  const resources = [...(filter.resources ?? [])];
  for (const type of filter.records ?? []) if (type !== "log") resources.push(recordResource(type));
  if (resources.length === 0) return null;
  const conditions = [`id > ?`, `id <= ?`, `resource IN (${resources.map(() => "?").join(", ")})`];
  const parameters: unknown[] = [after, upTo, ...resources];
  if (filter.pod !== undefined && filter.pod !== "") conditions.push(`pod <> ''`);
  for (const column of ["namespace", "pod", "name"] as const) {
    const value = filter[column];
    if (value === undefined || value === "") continue;
    conditions.push(`${column} = ?`);
    parameters.push(value);
  }
  const ids = `SELECT id FROM revision WHERE ${conditions.join(" AND ")} ORDER BY id LIMIT ?`;
  return {
    sql: `SELECT r.id, r.time_ms, r.type, r.resource, r.namespace, r.name, r.uid, r.payload, p.payload AS previous
      FROM revision r LEFT JOIN revision p ON p.id = r.previous_id WHERE r.id IN (${ids}) ORDER BY r.id`,
    parameters: [...parameters, limit],
  };
};

export const decodeRow = (row: HistoryRow): JournalEntry => {
  if (row.type === "transition" || row.type === "probe") {
    const record = JSON.parse(row.payload) as SimRecord;
    return { kind: "record", sequence: row.id, timeMs: row.time_ms, record };
  }
  return {
    kind: "revision",
    sequence: row.id,
    timeMs: row.time_ms,
    change: row.type as RevisionEntry["change"],
    resource: row.resource,
    namespace: row.namespace,
    name: row.name,
    uid: row.uid,
    object: JSON.parse(row.payload) as KubeObject,
    previous: row.previous === null ? null : (JSON.parse(row.previous) as KubeObject),
  };
};
