import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import sqlite3 from "sqlite3";
import { DataSource } from "typeorm";
import { Journal1795392000000 } from "../../migrations/1795392000000-journal.js";
import { DatabaseError, databaseError } from "./database-error.js";
import { ClusterEntity } from "./entities/cluster.entity.js";
import { ObjectEntity } from "./entities/object.entity.js";
import { RevisionEntity } from "./entities/revision.entity.js";
import { CHECKPOINT_PAGES, LOCK_WAIT_MS, WAL_SIZE_LIMIT_BYTES } from "./limits.js";

/** Oldest first; append-only. */
const MIGRATIONS = [Journal1795392000000];

/** "Peap": written into the file's header, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x50656170;

/** TypeORM asks the driver to be verbose: it would render the arguments of every call, megabytes of them, for a trace that nobody reads. */
const QUIET_DRIVER = { verbose: (): typeof sqlite3 => sqlite3 };

/** The TypeORM data source of a database, not yet opened. @param database a file, or `:memory:`. */
export const createDataSource = (database: string): DataSource =>
  new DataSource({
    type: "sqlite",
    driver: QUIET_DRIVER,
    database,
    entities: [RevisionEntity, ObjectEntity, ClusterEntity],
    migrations: MIGRATIONS,
    migrationsTransactionMode: "each",
    busyTimeout: LOCK_WAIT_MS,
    logging: false,
  });

/**
 * Opens the database, takes it for this process alone and brings its schema up to date.
 * @throws DatabaseError when it cannot be used, with one line that says why.
 */
export const openDatabase = async (database: string): Promise<DataSource> => {
  const dataSource = createDataSource(database);
  try {
    if (database !== ":memory:") {
      await refuseFolder(database);
      await makeFolder(dirname(resolve(database)));
    }
    await dataSource.initialize();
    await takePossession(dataSource, database);
    await refuseNewerSchema(dataSource, database);
    await dataSource.runMigrations();
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
    throw databaseError(database, error);
  }
};

const refuseFolder = async (database: string): Promise<void> => {
  const found = await stat(database).catch(() => null);
  if (found?.isDirectory() === true)
    throw new DatabaseError(`the database ${database} cannot be used: it is a folder`);
};

/** Step by step: Node's own recursive mkdir never ends where the file system refuses with ENOENT, as /proc does. */
const makeFolder = async (path: string): Promise<void> => {
  const failure = await mkdir(path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (failure?.code === "ENOENT" && dirname(path) !== path) {
    await makeFolder(dirname(path));
    await mkdir(path);
  } else if (failure !== undefined && failure.code !== "EEXIST") throw failure;
};

/**
 * WAL with synchronous=NORMAL: a commit is in the operating system's hands when it is answered, so it survives the death of this process at
 * any moment. Only a power cut can take the last moments, and then never half of a transaction. FULL would pay a disk flush for each
 * commit, for clients that a power cut of a simulator takes with it.
 *
 * The exclusive lock lasts as long as the process and needs no file that a crash could leave behind.
 */
const takePossession = async (dataSource: DataSource, database: string): Promise<void> => {
  await dataSource.query(`PRAGMA locking_mode = EXCLUSIVE`);
  await dataSource.query(`PRAGMA journal_mode = WAL`);
  await dataSource.query(`PRAGMA synchronous = NORMAL`);
  await dataSource.query(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  await dataSource.query(`PRAGMA journal_size_limit = ${WAL_SIZE_LIMIT_BYTES}`);
  await refuseForeignFile(dataSource, database);
  await dataSource.query(`BEGIN IMMEDIATE`);
  await dataSource.query(`PRAGMA application_id = ${APPLICATION_ID}`);
  await dataSource.query(`COMMIT`);
};

const refuseForeignFile = async (dataSource: DataSource, database: string): Promise<void> => {
  const [id] = await dataSource.query<{ application_id: number }[]>(`PRAGMA application_id`);
  if (id?.application_id === APPLICATION_ID) return;
  const [table] = await dataSource.query<{ name: string }[]>(
    `SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1`,
  );
  if (id?.application_id === 0 && table === undefined) return;
  throw new DatabaseError(`the database ${database} cannot be used: it belongs to another program`);
};

const refuseNewerSchema = async (dataSource: DataSource, database: string): Promise<void> => {
  const [table] = await dataSource.query<unknown[]>(
    `SELECT name FROM sqlite_master WHERE name = 'migrations'`,
  );
  if (table === undefined) return;
  const known = new Set(MIGRATIONS.map((migration) => migration.name));
  const applied = await dataSource.query<{ name: string }[]>(`SELECT name FROM migrations`);
  const unknown = applied.find((migration) => !known.has(migration.name));
  if (unknown !== undefined)
    throw new DatabaseError(
      `the database ${database} cannot be used: a newer release wrote it (${unknown.name})`,
    );
};
