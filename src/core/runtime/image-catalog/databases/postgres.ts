import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { execCommand } from "../exec-command.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { openDatabase, serveDatabase, timestamp } from "./database-server.js";
import { readClientOptions } from "./client-options.js";
import { readSecretFiles } from "./secret-files.js";
import { statementsOf } from "./statements.js";
import { callServer } from "./line-protocol.js";
import type { SqlResult } from "./sql.js";

const PORT = 5432;
const INITIALIZE_MS = 3000;
const START_MS = 100;
const SERVER_BYTES = 24 * 1_048_576;

const NO_PASSWORD = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`;

const INITIALIZED = `The files belonging to this database system will be owned by user "postgres".
This user must also own the server process.

The database cluster will be initialized with locale "en_US.utf8".
The default database encoding has accordingly been set to "UTF8".
The default text search configuration will be set to "english".

Data page checksums are disabled.

fixing permissions on existing directory /var/lib/postgresql/data ... ok
creating subdirectories ... ok
selecting dynamic shared memory implementation ... posix
selecting default "max_connections" ... 100
selecting default "shared_buffers" ... 128MB
selecting default time zone ... Etc/UTC
creating configuration files ... ok
running bootstrap script ... ok
performing post-bootstrap initialization ... ok
syncing data to disk ... ok


Success. You can now start the database server using:

    pg_ctl -D /var/lib/postgresql/data -l logfile start

`;

/** What may come from a file. */
const SETTINGS = ["POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"];

const versionLine = (program: string, env: ReadonlyMap<string, string>): string => {
  const release = env.get("PG_VERSION") ?? "17.6-1.pgdg12+1";
  return `${program} (PostgreSQL) ${release.replace(/-.*/, "")} (Debian ${release})\n`;
};

const asksForVersion = (argv: readonly string[]): boolean =>
  argv[1] === "--version" || argv[1] === "-V";

const dataDirectory = (env: ReadonlyMap<string, string>): string =>
  env.get("PGDATA") ?? "/var/lib/postgresql/data";

/** docker-entrypoint.sh of the postgres image. */
export const postgresEntrypoint: ImageProgram = function* (sys, argv, given) {
  const words = argv.slice(1);
  const command = words[0]?.startsWith("-") === true ? ["postgres", ...words] : words;
  if (command[0] !== "postgres")
    return yield* execCommand(sys, "docker-entrypoint.sh", command, given);
  const env = yield* readSecretFiles(sys, given, SETTINGS);
  if (env === null) return 1;
  const data = dataDirectory(env);
  if (sys.uid === 0) {
    makeDirectory(sys, data);
    if (sys.access(data, {})) sys.chown(data, 999, 999);
    sys.becomeUser(999, 999);
  }
  makeDirectory(sys, data);
  const marker = `${data}/PG_VERSION`;
  if (sys.access(marker, {})) {
    yield* print(
      sys,
      1,
      "\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n",
    );
    return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
  }
  const isTrusted = env.get("POSTGRES_HOST_AUTH_METHOD") === "trust";
  if ((env.get("POSTGRES_PASSWORD") ?? "") === "" && !isTrusted) {
    yield* print(sys, 2, NO_PASSWORD);
    return 1;
  }
  if (!isEmptyForData(sys, data)) {
    yield* print(
      sys,
      2,
      `initdb: error: directory "${data}" exists but is not empty\ninitdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.\n`,
    );
    return 1;
  }
  yield* sys.sleep(INITIALIZE_MS);
  yield* print(sys, 1, INITIALIZED);
  try {
    sys.close(sys.open(marker, { write: true, create: true }, 0o600));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* print(
      sys,
      2,
      `initdb: error: could not change permissions of directory "${data}": Operation not permitted\n`,
    );
    return 1;
  }
  yield* print(sys, 1, "\nPostgreSQL init process complete; ready for start up.\n\n");
  return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
};

export const postgresServer: ImageProgram = function* (sys, argv, env) {
  const version = (env.get("PG_VERSION") ?? "17.6").replace(/-.*/, "");
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("postgres", env));
    return 0;
  }
  const at = argv.indexOf("-p");
  const port = at < 0 ? PORT : Number(argv[at + 1]);
  sys.reserve(SERVER_BYTES);
  const build = `PostgreSQL ${version} (Debian ${version}-1.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit`;
  yield* log(sys, `starting ${build}`);
  const listener = openDatabase(sys, port);
  if (listener === null) {
    yield* log(sys, `could not bind IPv4 address "0.0.0.0": Address already in use`);
    yield* print(
      sys,
      2,
      `${timestamp(sys.nowMs())} UTC [${String(sys.pid)}] FATAL:  could not create any TCP/IP sockets\n`,
    );
    return 1;
  }
  yield* log(sys, `listening on IPv4 address "0.0.0.0", port ${String(port)}`);
  yield* log(sys, `listening on IPv6 address "::", port ${String(port)}`);
  yield* log(sys, `listening on Unix socket "/var/run/postgresql/.s.PGSQL.${String(port)}"`);
  yield* sys.sleep(START_MS);
  yield* log(sys, "database system is ready to accept connections");
  const stop = noteSignals(sys, ["TERM", "INT", "QUIT"]);
  const user = env.get("POSTGRES_USER") ?? "postgres";
  const password = env.get("POSTGRES_PASSWORD") ?? "";
  const isTrusted = env.get("POSTGRES_HOST_AUTH_METHOD") === "trust";
  const databases = [
    ...new Set(["postgres", "template0", "template1", env.get("POSTGRES_DB") ?? user]),
  ];
  yield* serveDatabase(
    sys,
    listener,
    {
      port,
      version: build,
      databases,
      refuse: (message) => {
        if (message.user !== user) return `role "${message.user}" does not exist`;
        if (!isTrusted && message.password !== password && message.password !== LOCAL)
          return `password authentication failed for user "${message.user}"`;
        const wanted = message.database === "" ? message.user : message.database;
        return databases.includes(wanted) ? null : `database "${wanted}" does not exist`;
      },
    },
    stop,
  );
  const kind = stop.name === "TERM" ? "smart" : stop.name === "INT" ? "fast" : "immediate";
  yield* log(sys, `received ${kind} shutdown request`);
  yield* log(sys, "shutting down");
  yield* log(sys, "database system is shut down");
  return 0;
};

/** Over the local socket the image trusts everyone. */
const LOCAL = "\0local";

/** psql [-h host] [-p port] [-U user] [-d database] [-c statement] [-tA] */
export const psql: ImageProgram = function* (sys, argv, env) {
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("psql", env));
    return 0;
  }
  const options = parseOptions(
    argv,
    env,
    accountName(yield* readTextFile(sys, "/etc/passwd"), sys),
  );
  let code = 0;
  for (const statement of ["", ...(yield* statementsOf(sys, options.statement))]) {
    const result = yield* ask(sys, options, statement.startsWith("\\") ? "" : statement);
    if (typeof result === "string") {
      yield* print(sys, 2, `psql: error: ${result}\n`);
      return 2;
    }
    code = yield* printResult(sys, options, result);
  }
  return code;
};

/** Whom a client is when it does not say: the account that it runs as. */
const accountName = (passwd: string | null, sys: Sys): string =>
  new RegExp(`^([^:]+):[^:]*:${String(sys.uid)}:`, "m").exec(passwd ?? "")?.[1] ?? "postgres";

function* printResult(sys: Sys, options: ClientOptions, result: SqlResult): Blocking<number> {
  if (result.kind === "error") {
    yield* print(sys, 2, `ERROR:  relation "${result.text}" does not exist\n`);
    return 1;
  }
  if (result.kind === "done") {
    if (result.tag !== "") yield* print(sys, 1, `${result.tag}\n`);
    return 0;
  }
  yield* print(
    sys,
    1,
    options.isBare ? result.rows.map((row) => `${row.join("|")}\n`).join("") : formatTable(result),
  );
  return 0;
}

/** pg_isready [-h host] [-p port] [-U user] [-d database] [-q] */
export const pgIsReady: ImageProgram = function* (sys, argv, env) {
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("pg_isready", env));
    return 0;
  }
  const options = parseOptions(argv, env, "postgres");
  const isLocal = options.host === "";
  const where = `${isLocal ? "/var/run/postgresql" : options.host}:${String(options.port)}`;
  const result = yield* ask(sys, options, "SELECT 1");
  const isReady = typeof result !== "string" || result.includes("FATAL");
  const text = isReady ? "accepting connections" : "no response";
  if (!argv.includes("-q")) yield* print(sys, 1, `${where} - ${text}\n`);
  return isReady ? 0 : 2;
};

interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly statement: string | null;
  readonly isBare: boolean;
}

function* ask(sys: Sys, options: ClientOptions, statement: string): Blocking<SqlResult | string> {
  const { host, port, user, database } = options;
  const isLocal = host === "";
  const password = isLocal ? LOCAL : options.password;
  const message = { user, password, database, statement };
  const outcome = yield* callServer(sys, isLocal ? "127.0.0.1" : host, port, message, 10_000);
  if (outcome.kind === "failed") {
    const hint = "Is the server running on that host and accepting TCP/IP connections?";
    if (isLocal)
      return `connection to server on socket "/var/run/postgresql/.s.PGSQL.${String(port)}" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`;
    if (outcome.errno === "ENOENT" || outcome.errno === "EAGAIN")
      return `could not translate host name "${host}" to address: Name or service not known`;
    return `connection to server at "${host}", port ${String(port)} failed: Connection refused\n\t${hint}`;
  }
  const result = outcome.value as SqlResult;
  if (result.kind === "error" && result.text.startsWith("refused: "))
    return `connection to server ${isLocal ? `on socket "/var/run/postgresql/.s.PGSQL.${String(port)}"` : `at "${host}", port ${String(port)}`} failed: FATAL:  ${result.text.slice(9)}`;
  return result;
}

const parseOptions = (
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  account: string,
): ClientOptions => {
  const { values, switches, operands } = readClientOptions(argv.slice(1), "hpUdcvFP", LONG);
  const host = values.get("h") ?? env.get("PGHOST") ?? "";
  return {
    host: host.startsWith("/") ? "" : host,
    port: Number(values.get("p") ?? env.get("PGPORT") ?? PORT),
    user: values.get("U") ?? env.get("PGUSER") ?? account,
    password: env.get("PGPASSWORD") ?? "",
    database: values.get("d") ?? operands[0] ?? env.get("PGDATABASE") ?? "",
    statement: values.get("c") ?? null,
    isBare: switches.some((word) => /^-\w*t/.test(word)),
  };
};

const LONG: Readonly<Record<string, string>> = {
  host: "h",
  port: "p",
  username: "U",
  dbname: "d",
  command: "c",
};

/** psql's aligned format. */
const formatTable = ({ columns, rows }: Extract<SqlResult, { kind: "rows" }>): string => {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? "").length)),
  );
  const centre = (text: string, width: number): string =>
    " ".repeat(Math.floor((width - text.length) / 2)) +
    text +
    " ".repeat(Math.ceil((width - text.length) / 2));
  const head = columns.map((column, index) => ` ${centre(column, widths[index] ?? 0)} `).join("|");
  const rule = widths.map((width) => "-".repeat(width + 2)).join("+");
  const body = rows.map((row) =>
    row
      .map(
        (cell, index) =>
          ` ${/^-?\d+$/.test(cell) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)} `,
      )
      .join("|")
      .trimEnd(),
  );
  return `${[head, rule, ...body].join("\n")}\n(${String(rows.length)} row${rows.length === 1 ? "" : "s"})\n\n`;
};

const makeDirectory = (sys: Sys, path: string): void => {
  let at = "";
  for (const name of path.split("/").filter(Boolean)) {
    at += `/${name}`;
    if (sys.access(at, {})) continue;
    try {
      sys.mkdir(at, 0o700);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      return;
    }
  }
};

const isEmptyForData = (sys: Sys, path: string): boolean =>
  sys.access(path, { read: true }) && sys.readDirectory(path).length === 0;

function* log(sys: ImageSys, text: string): Blocking<void> {
  const milliseconds = String(sys.nowMs() % 1000).padStart(3, "0");
  const time = `${timestamp(sys.nowMs())}.${milliseconds} UTC`;
  yield* print(sys, 2, `${time} [${String(sys.pid)}] LOG:  ${text}\n`);
}
