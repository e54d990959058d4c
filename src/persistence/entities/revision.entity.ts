import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/**
 * One committed thing, in commit order: a change of an object, or a transition or probe record. Append-only but for compaction.
 * Written by the trigger `journal_append` alone (see migrations).
 */
@Entity({ name: "revision" })
@Index("revision_by_resource", ["resource", "id"])
@Index("revision_by_pod", ["namespace", "pod", "id"], { where: "pod <> ''" })
export class RevisionEntity {
  /** The sequence: resourceVersion of an object, cursor of a record. */
  @PrimaryColumn({ type: "integer" })
  id!: number;

  /** Virtual time, Unix milliseconds. */
  @Column({ name: "time_ms", type: "integer" })
  timeMs!: number;

  /** ADDED, MODIFIED, DELETED; transition, probe. */
  @Column({ type: "text" })
  type!: string;

  /** Group-resource; `transitions.peapod.sim` and `probes.peapod.sim` for records. */
  @Column({ type: "text" })
  resource!: string;

  @Column({ type: "text" })
  namespace!: string;

  /** Of the object; of the pod for a record. */
  @Column({ type: "text" })
  name!: string;

  @Column({ type: "text" })
  uid!: string;

  /** The object's revision before this one. */
  @Column({ name: "previous_id", type: "integer", nullable: true })
  previousId!: number | null;

  /** The pod that this is about: of a record, of a Pod, of an Event that involves one; '' otherwise. */
  @Column({ type: "text" })
  pod!: string;

  /** JSON of the object after the change, or of the record. */
  @Column({ type: "text" })
  payload!: string;
}
