/** The database cannot be used. The message is one line for the person who runs the service. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

/** What the codes of SQLite and of the file system mean here. */
const MEANINGS: Readonly<Record<string, string>> = {
  SQLITE_BUSY: "it is in use by another process",
  SQLITE_LOCKED: "it is in use by another process",
  SQLITE_READONLY: "it is read-only",
  SQLITE_NOTADB: "it is not a SQLite database",
  SQLITE_CORRUPT: "it is damaged",
  SQLITE_FULL: "the disk is full",
  SQLITE_IOERR: "reading or writing it failed",
  SQLITE_CANTOPEN: "it cannot be opened or created there",
  SQLITE_PERM: "access is denied",
  SQLITE_AUTH: "access is denied",
  EACCES: "access is denied",
  EPERM: "access is denied",
  ENOENT: "it cannot be created there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "a part of its path is not a folder",
  ENAMETOOLONG: "its path is too long",
};

/** Words a failure of the driver or of the file system; anything else is passed through with its own message. */
export const databaseError = (database: string, error: unknown): DatabaseError => {
  if (error instanceof DatabaseError) return error;
  const code = codeOf(error);
  const meaning = code === null ? undefined : MEANINGS[code];
  const detail = firstLine(error instanceof Error ? error.message : String(error));
  const text = meaning === undefined ? detail : `${meaning} (${code})`;
  return new DatabaseError(`the database ${database} cannot be used: ${text}`, { cause: error });
};

/** TypeORM wraps the driver's error; both carry the code of SQLite, Node's file errors carry theirs. */
const codeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : null;
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;
