import { Column, Entity, PrimaryColumn } from "typeorm";

/** The one row about the cluster as a whole. */
@Entity({ name: "cluster" })
export class ClusterEntity {
  /** Always 1. */
  @PrimaryColumn({ type: "integer" })
  id!: number;

  @Column({ type: "integer" })
  seed!: number;

  /** Virtual time when the cluster began, Unix milliseconds. */
  @Column({ name: "epoch_ms", type: "integer" })
  epochMs!: number;

  /** The highest sequence given out. */
  @Column({ name: "last_sequence", type: "integer" })
  lastSequence!: number;

  /** Virtual time of the last write, Unix milliseconds. */
  @Column({ name: "time_ms", type: "integer" })
  timeMs!: number;

  /** The oldest sequence whose history is whole. */
  @Column({ name: "oldest_sequence", type: "integer" })
  oldestSequence!: number;
}
