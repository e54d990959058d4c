import type { KubeObject, SimRecord } from "../api/index.js";

/**
 * One committed thing. `sequence` is the one order of everything: the resourceVersion of an object revision, the cursor of a
 * record. Log records take a sequence too but are not written to disk, so sequences on disk have holes.
 */
export type JournalEntry = RevisionEntry | RecordEntry;

/** A change of one object. */
export interface RevisionEntry {
  readonly kind: "revision";
  readonly sequence: number;
  /** Virtual time, Unix milliseconds. */
  readonly timeMs: number;
  readonly change: "ADDED" | "MODIFIED" | "DELETED";
  /** Group-resource: `pods`, `leases.coordination.k8s.io`. */
  readonly resource: string;
  /** '' for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** After the change; for DELETED the last state, with the deletion's own resourceVersion. */
  readonly object: KubeObject;
  /** Before the change; null for ADDED. A watch with a selector needs it to tell who begins and who stops matching. */
  readonly previous: KubeObject | null;
}

/** A container transition, probe result or log line. */
export interface RecordEntry {
  readonly kind: "record";
  readonly sequence: number;
  readonly timeMs: number;
  readonly record: SimRecord;
}

/** All that was committed since the last batch was taken, in order; written in one transaction. */
export interface JournalBatch {
  readonly entries: readonly JournalEntry[];
  /** The highest sequence given out, also to entries that are not written. */
  readonly lastSequence: number;
  /** Virtual time when the batch was taken. */
  readonly timeMs: number;
}

/** What the journal gives back at start. */
export interface JournalSnapshot {
  readonly objects: readonly KubeObject[];
  readonly lastSequence: number;
  readonly timeMs: number;
  /** Oldest sequence still in the history; a watch from before it is answered with 410. */
  readonly oldestSequence: number;
}
