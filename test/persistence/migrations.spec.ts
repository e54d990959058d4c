import { describe, expect, it, onTestFinished } from "vitest";
import type { DataSource } from "typeorm";
import { createDataSource, JournalRepository } from "../../src/persistence/index.js";
import { aTransition } from "../../src/persistence/testing/entries.js";

const opened = async (): Promise<DataSource> => {
  const dataSource = await createDataSource(":memory:").initialize();
  onTestFinished(() => dataSource.destroy());
  return dataSource;
};

/** Everything in the schema but SQLite's and TypeORM's own tables. */
const schemaOf = async (dataSource: DataSource): Promise<unknown[]> =>
  dataSource.query(
    `SELECT type, name, sql FROM sqlite_master
      WHERE name NOT LIKE 'sqlite_%' AND name NOT IN ('migrations', 'typeorm_metadata') ORDER BY type, name`,
  );

describe("migrations", () => {
  it("go up, down to nothing, and up to the same schema", async () => {
    const dataSource = await opened();
    const applied = await dataSource.runMigrations();
    const schema = await schemaOf(dataSource);
    expect(schema).not.toEqual([]);
    for (let undone = 0; undone < applied.length; undone += 1) await dataSource.undoLastMigration();
    expect(await schemaOf(dataSource)).toEqual([]);
    await dataSource.runMigrations();
    expect(await schemaOf(dataSource)).toEqual(schema);
    const journal = new JournalRepository(dataSource);
    await journal.begin({ seed: 1, epochMs: 0 });
    await journal.append({ entries: [aTransition(1, "web")], lastSequence: 1, timeMs: 1 });
    expect(await journal.load()).toMatchObject({ lastSequence: 1 });
  });

  it("lead to the schema of the entities", async () => {
    const dataSource = await opened();
    await dataSource.runMigrations();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it("are needed: without them the entities ask for tables", async () => {
    const dataSource = await opened();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query).join("\n")).toContain(`CREATE TABLE "revision"`);
  });
});
