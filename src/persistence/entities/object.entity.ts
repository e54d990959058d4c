import { Column, Entity, PrimaryColumn } from "typeorm";

/** An object that exists now. Its content is the payload of its last revision, which compaction therefore keeps. */
@Entity({ name: "object", withoutRowid: true })
export class ObjectEntity {
  @PrimaryColumn({ type: "text" })
  resource!: string;

  @PrimaryColumn({ type: "text" })
  namespace!: string;

  @PrimaryColumn({ type: "text" })
  name!: string;

  @Column({ name: "revision_id", type: "integer" })
  revisionId!: number;
}
