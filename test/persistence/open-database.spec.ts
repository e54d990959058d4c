import { chmodSync, mkdirSync, openSync, writeFileSync, writeSync, closeSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { DataSource } from "typeorm";
import { DatabaseError, JournalRepository, openDatabase } from "../../src/persistence/index.js";
import { anObject, aRevision } from "../../src/persistence/testing/entries.js";
import { temporaryDatabase } from "./temporary-database.js";

const opened = async (database: string): Promise<DataSource> => {
  const dataSource = await openDatabase(database);
  onTestFinished(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
  });
  return dataSource;
};

const refusal = async (database: string): Promise<string> => {
  const error = await openDatabase(database).then(
    () => new Error("it opened"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  const { message } = error as DatabaseError;
  expect(message).not.toContain("\n");
  expect(message).toContain(database);
  return message;
};

const anotherProgramsDatabase = async (database: string, sql: string[]): Promise<void> => {
  const dataSource = await new DataSource({ type: "sqlite", database }).initialize();
  for (const statement of sql) await dataSource.query(statement);
  await dataSource.destroy();
};

describe("opening the database", () => {
  it("makes the folder and the file", async () => {
    const database = join(dirname(temporaryDatabase()), "a", "b", "peapod.sqlite");
    const journal = new JournalRepository(await opened(database));
    expect(await journal.meta()).toBeNull();
  });

  it("takes the file for itself alone, and lets go of it", async () => {
    const database = temporaryDatabase();
    const dataSource = await opened(database);
    expect(await refusal(database)).toContain("it is in use by another process (SQLITE_BUSY)");
    await dataSource.destroy();
    await opened(database);
  });

  it("refuses a file that is no database", async () => {
    const database = temporaryDatabase();
    writeFileSync(
      database,
      "this is a letter to my aunt, and it is long enough to be looked at\n".repeat(20),
    );
    expect(await refusal(database)).toContain("it is not a SQLite database (SQLITE_NOTADB)");
  });

  it("refuses a damaged database", async () => {
    const database = temporaryDatabase();
    const dataSource = await opened(database);
    const journal = new JournalRepository(dataSource);
    await journal.begin({ seed: 1, epochMs: 0 });
    const entries = Array.from({ length: 500 }, (_, index) =>
      aRevision("ADDED", anObject("Pod", `pod-${index}`, index + 1)),
    );
    await journal.append({ entries, lastSequence: 500, timeMs: 1 });
    await dataSource.destroy();
    const file = openSync(database, "r+");
    for (let page = 1; page < 30; page += 1)
      writeSync(file, Buffer.alloc(4000, 7), 0, 4000, page * 4096);
    closeSync(file);
    const error = await openDatabase(database)
      .then((again) => new JournalRepository(again).load())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseError);
    expect((error as Error).message).toMatch(/cannot be used: it is damaged/);
  });

  it("refuses another program's database and leaves it as it is", async () => {
    const database = temporaryDatabase();
    await anotherProgramsDatabase(database, ["CREATE TABLE song (title text)"]);
    expect(await refusal(database)).toContain("it belongs to another program");
  });

  it("refuses a database that a newer release wrote", async () => {
    const database = temporaryDatabase();
    const dataSource = await opened(database);
    await dataSource.query(
      `INSERT INTO migrations (timestamp, name) VALUES (9e12, 'Future9000000000000')`,
    );
    await dataSource.destroy();
    expect(await refusal(database)).toContain("a newer release wrote it (Future9000000000000)");
  });

  it("refuses a folder, and a path through a file", async () => {
    const folder = dirname(temporaryDatabase());
    mkdirSync(join(folder, "data"));
    expect(await refusal(join(folder, "data"))).toContain("it is a folder");
    writeFileSync(join(folder, "file"), "");
    expect(await refusal(join(folder, "file", "peapod.sqlite"))).toMatch(/not a folder/);
  });

  it.skipIf(process.platform !== "linux")("refuses a place where nothing can be made", async () => {
    expect(await refusal("/proc/nowhere/deep/peapod.sqlite")).toContain(
      "it cannot be created there",
    );
  });

  it.skipIf(process.getuid?.() === 0)("refuses a read-only file", async () => {
    const database = temporaryDatabase();
    await (await opened(database)).destroy();
    chmodSync(database, 0o400);
    expect(await refusal(database)).toContain("it is read-only (SQLITE_READONLY)");
  });
});
