import type { JournalEntry, RecordEntry, RevisionEntry } from "../core/store/index.js";
import { MAX_STATEMENT_BYTES, MAX_STATEMENT_ROWS } from "./limits.js";

/** Arguments of one INSERT into the view `journal` (migrations). */
export interface JournalStatement {
  readonly rows: string;
  readonly payloads: Buffer;
  readonly objects: string;
  readonly rowCount: number;
}

/** Records are kept under a resource of our own, so that one index serves revisions and records. */
export const recordResource = (type: "transition" | "probe"): string => `${type}s.peapod.sim`;

/** The pod that an entry is about: of a record, of a Pod, of an Event that involves one; '' otherwise. */
export const podOf = (entry: JournalEntry): string => {
  if (entry.kind === "record") return entry.record.pod;
  if (entry.resource === "pods") return entry.name;
  if (entry.resource !== "events") return "";
  const involved = (entry.object as { involvedObject?: { kind?: string; name?: string } })
    .involvedObject;
  return involved?.kind === "Pod" ? (involved.name ?? "") : "";
};

/** Encodes entries for the database, log lines left out. One statement, or several when they are large. */
export const encodeEntries = (entries: readonly JournalEntry[]): JournalStatement[] => {
  const statements: JournalStatement[] = [];
  let encoder = new Encoder();
  for (const entry of entries) {
    if (entry.kind === "record" && entry.record.type === "log") continue;
    if (encoder.isFull) {
      statements.push(encoder.finish());
      encoder = new Encoder();
    }
    if (entry.kind === "record") encoder.addRecord(entry);
    else encoder.addRevision(entry);
  }
  if (!encoder.isEmpty) statements.push(encoder.finish());
  return statements;
};

class Encoder {
  readonly #rows: unknown[][] = [];
  readonly #payloads: string[] = [];
  /** Last state of each object: a row of `object`, or null in place of the revision when it is gone. */
  readonly #objects = new Map<string, unknown[]>();
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= MAX_STATEMENT_BYTES || this.#rows.length >= MAX_STATEMENT_ROWS;
  }

  addRevision(entry: RevisionEntry): void {
    const { sequence, change, resource, namespace, name, uid, previous } = entry;
    const previousId = previous === null ? null : Number(previous.metadata.resourceVersion);
    const head = [sequence, entry.timeMs, change, resource, namespace, name, uid, previousId];
    this.#add(head, podOf(entry), JSON.stringify(entry.object));
    const revisionId = change === "DELETED" ? null : sequence;
    this.#objects.set(`${resource}/${namespace}/${name}`, [resource, namespace, name, revisionId]);
  }

  addRecord(entry: RecordEntry): void {
    const { record, sequence, timeMs } = entry;
    if (record.type === "log") throw new Error("log lines are not kept");
    const { type, namespace, pod, uid } = record;
    const head = [sequence, timeMs, type, recordResource(type), namespace, pod, uid, null];
    this.#add(head, pod, JSON.stringify(record));
  }

  finish(): JournalStatement {
    return {
      rows: JSON.stringify(this.#rows),
      payloads: Buffer.from(this.#payloads.join(""), "utf8"),
      objects: JSON.stringify([...this.#objects.values()]),
      rowCount: this.#rows.length,
    };
  }

  #add(head: unknown[], pod: string, payload: string): void {
    const length = Buffer.byteLength(payload, "utf8");
    head.push(pod, this.#bytes, length);
    this.#rows.push(head);
    this.#payloads.push(payload);
    this.#bytes += length;
  }
}
