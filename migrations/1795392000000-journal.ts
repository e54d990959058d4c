import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The journal: every revision and record, the objects that exist now, and one row about the cluster.
 *
 * The views `journal` and `journal_window` hold nothing. An INSERT into one runs its trigger as a stored procedure: several statements, one
 * implicit transaction, one call on the driver's thread. Separate BEGIN, INSERT and COMMIT calls would each wait for a turn of the event loop that the
 * simulation is busy on.
 */
export class Journal1795392000000 implements MigrationInterface {
  readonly name = "Journal1795392000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE TABLE "revision" (
    "id" integer PRIMARY KEY NOT NULL,
    "time_ms" integer NOT NULL,
    "type" text NOT NULL,
    "resource" text NOT NULL,
    "namespace" text NOT NULL,
    "name" text NOT NULL,
    "uid" text NOT NULL,
    "previous_id" integer,
    "pod" text NOT NULL,
    "payload" text NOT NULL
  )`,
  `CREATE INDEX "revision_by_resource" ON "revision" ("resource", "id")`,
  `CREATE INDEX "revision_by_pod" ON "revision" ("namespace", "pod", "id") WHERE pod <> ''`,
  `CREATE TABLE "object" (
    "resource" text NOT NULL,
    "namespace" text NOT NULL,
    "name" text NOT NULL,
    "revision_id" integer NOT NULL,
    PRIMARY KEY ("resource", "namespace", "name")
  ) WITHOUT ROWID`,
  `CREATE TABLE "cluster" (
    "id" integer PRIMARY KEY NOT NULL,
    "seed" integer NOT NULL,
    "epoch_ms" integer NOT NULL,
    "last_sequence" integer NOT NULL,
    "time_ms" integer NOT NULL,
    "oldest_sequence" integer NOT NULL
  )`,

  // rows: JSON [[id, time, type, resource, namespace, name, uid, previous, pod, offset, length], …], offset and length in bytes of `payloads`.
  // objects: JSON [[resource, namespace, name, revision or null when it is gone], …], each object once.
  `CREATE VIEW "journal" AS SELECT '[]' AS rows, x'' AS payloads, '[]' AS objects, 0 AS last_sequence, 0 AS time_ms WHERE 0`,
  `CREATE TRIGGER "journal_append" INSTEAD OF INSERT ON "journal" BEGIN
    INSERT INTO revision (id, time_ms, type, resource, namespace, name, uid, previous_id, pod, payload)
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'),
        json_extract(value, '$[4]'), json_extract(value, '$[5]'), json_extract(value, '$[6]'), json_extract(value, '$[7]'),
        json_extract(value, '$[8]'),
        CAST(substr(NEW.payloads, json_extract(value, '$[9]') + 1, json_extract(value, '$[10]')) AS TEXT)
      FROM json_each(NEW.rows);
    INSERT INTO object (resource, namespace, name, revision_id)
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')
      FROM json_each(NEW.objects) WHERE json_extract(value, '$[3]') IS NOT NULL
      ON CONFLICT (resource, namespace, name) DO UPDATE SET revision_id = excluded.revision_id;
    DELETE FROM object WHERE (resource, namespace, name) IN (
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
      FROM json_each(NEW.objects) WHERE json_extract(value, '$[3]') IS NULL);
    UPDATE cluster SET last_sequence = NEW.last_sequence, time_ms = max(time_ms, NEW.time_ms);
  END`,

  // Compacts [from_id, to_id): a row goes when it is a record, the end of an object, or superseded within the window. What remains before
  // to_id is the last state of each object at that point, which the next revision of that object needs as its previous one.
  `CREATE VIEW "journal_window" AS SELECT 0 AS from_id, 0 AS to_id WHERE 0`,
  `CREATE TRIGGER "journal_compact" INSTEAD OF INSERT ON "journal_window" BEGIN
    DELETE FROM revision WHERE id IN (
      SELECT previous_id FROM revision WHERE id >= NEW.from_id AND id < NEW.to_id AND previous_id IS NOT NULL);
    DELETE FROM revision WHERE id >= NEW.from_id AND id < NEW.to_id AND type NOT IN ('ADDED', 'MODIFIED');
    UPDATE cluster SET oldest_sequence = max(oldest_sequence, NEW.to_id);
  END`,
];

const DOWN = [
  `DROP TRIGGER "journal_compact"`,
  `DROP VIEW "journal_window"`,
  `DROP TRIGGER "journal_append"`,
  `DROP VIEW "journal"`,
  `DROP TABLE "cluster"`,
  `DROP TABLE "object"`,
  `DROP INDEX "revision_by_pod"`,
  `DROP INDEX "revision_by_resource"`,
  `DROP TABLE "revision"`,
];
