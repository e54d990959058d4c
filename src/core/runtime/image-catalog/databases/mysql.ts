import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { calendarTime } from "../../calendar.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { execCommand } from "../exec-command.js";
import { noteSignals, print } from "../program-io.js";
import { openDatabase, serveDatabase, timestamp } from "./database-server.js";
import { readClientOptions } from "./client-options.js";
import { callServer } from "./line-protocol.js";
import type { SqlResult } from "./sql.js";

const DATA = "/var/lib/mysql";
/** How long making a new data directory takes, and starting on one that is there. */
const INITIALIZE_MS = 8000;
const START_MS = 1200;
const SERVER_BYTES = 360 * 1_048_576;
const PORT = 3306;

/** docker-entrypoint.sh of the mysql image. */
export const mysqlEntrypoint: ImageProgram = function* (sys, argv, env) {
  const words = argv.slice(1);
  const command = words[0]?.startsWith("-") === true ? ["mysqld", ...words] : words;
  if (command[0] !== "mysqld") return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
  const version = env.get("MYSQL_VERSION") ?? "9.4.0-1.el9";
  const note = (level: string, text: string): Blocking<void> =>
    print(
      sys,
      level === "Note" ? 1 : 2,
      `${timestamp(sys.nowMs())}+00:00 [${level}] [Entrypoint]: ${text}\n`,
    );
  yield* note("Note", `Entrypoint script for MySQL Server ${version} started.`);
  if (sys.uid === 0) {
    yield* note("Note", "Switching to dedicated user 'mysql'");
    sys.becomeUser(999, 999);
    yield* note("Note", `Entrypoint script for MySQL Server ${version} started.`);
  }
  const isFresh = !sys.access(`${DATA}/mysql`, {});
  if (isFresh) {
    const hasPassword = [
      "MYSQL_ROOT_PASSWORD",
      "MYSQL_ALLOW_EMPTY_PASSWORD",
      "MYSQL_RANDOM_ROOT_PASSWORD",
    ].some((name) => (env.get(name) ?? "") !== "");
    if (!hasPassword) {
      yield* note(
        "ERROR",
        "Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n" +
          "    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD",
      );
      return 1;
    }
    yield* note("Note", "Initializing database files");
    yield* sys.sleep(INITIALIZE_MS / 2);
    yield* note("Note", "Database files initialized");
    yield* note("Note", "Starting temporary server");
    yield* sys.sleep(INITIALIZE_MS / 4);
    yield* note("Note", "Temporary server started.");
    for (const [name, text] of [
      ["MYSQL_DATABASE", "Creating database"],
      ["MYSQL_USER", "Creating user"],
    ] as const) {
      const value = env.get(name) ?? "";
      if (value !== "") yield* note("Note", `${text} ${value}`);
    }
    yield* note("Note", "Stopping temporary server");
    yield* sys.sleep(INITIALIZE_MS / 4);
    yield* note("Note", "Temporary server stopped");
    yield* note("Note", "MySQL init process done. Ready for start up.");
    try {
      sys.mkdir(`${DATA}/mysql`, 0o750);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }
  return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
};

export const mysqld: ImageProgram = function* (sys, argv, env) {
  const version = (env.get("MYSQL_VERSION") ?? "9.4.0").replace(/-.*/, "");
  const port = Number(argv.find((word) => word.startsWith("--port="))?.slice(7) ?? PORT);
  yield* log(
    sys,
    "System",
    "MY-010116",
    `/usr/sbin/mysqld (mysqld ${version}) starting as process ${String(sys.pid)}`,
  );
  sys.reserve(SERVER_BYTES);
  yield* log(sys, "System", "MY-013576", "InnoDB initialization has started.");
  yield* sys.sleep(START_MS);
  yield* log(sys, "System", "MY-013577", "InnoDB initialization has ended.");
  const listener = openDatabase(sys, port);
  if (listener === null) {
    yield* log(
      sys,
      "ERROR",
      "MY-010262",
      "Can't start server: Bind on TCP/IP port: Address already in use",
    );
    return 1;
  }
  const where = `socket: '/var/run/mysqld/mysqld.sock'  port: ${String(port)}  MySQL Community Server - GPL.`;
  yield* log(
    sys,
    "System",
    "MY-010931",
    `/usr/sbin/mysqld: ready for connections. Version: '${version}'  ${where}`,
  );
  const stop = noteSignals(sys, ["TERM", "INT", "QUIT"]);
  const database = env.get("MYSQL_DATABASE") ?? "";
  const passwords = new Map([["root", env.get("MYSQL_ROOT_PASSWORD") ?? ""]]);
  const user = env.get("MYSQL_USER") ?? "";
  if (user !== "") passwords.set(user, env.get("MYSQL_PASSWORD") ?? "");
  yield* serveDatabase(
    sys,
    listener,
    {
      port,
      version,
      databases: [
        "information_schema",
        "mysql",
        "performance_schema",
        "sys",
        ...(database === "" ? [] : [database]),
      ],
      refuse: (message) => (passwords.get(message.user) === message.password ? null : message.user),
    },
    stop,
  );
  yield* log(
    sys,
    "System",
    "MY-013172",
    "Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: " +
      version +
      ").",
  );
  yield* sys.sleep(START_MS);
  yield* log(
    sys,
    "System",
    "MY-010910",
    `/usr/sbin/mysqld: Shutdown complete (mysqld ${version})  MySQL Community Server - GPL.`,
  );
  return 0;
};

interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly statement: string | null;
  readonly rest: readonly string[];
  readonly isBare: boolean;
}

/** mysql [-h host] [-P port] [-u user] [-ppassword] [-e statement] [database] */
export const mysqlClient: ImageProgram = function* (sys, argv, env) {
  const options = parseOptions(argv, env);
  const answer = yield* ask(sys, options, options.statement ?? "");
  if (typeof answer === "string") {
    yield* print(sys, 2, `${answer}\n`);
    return 1;
  }
  if (answer.kind === "error") {
    yield* print(
      sys,
      2,
      `ERROR 1146 (42S02) at line 1: Table '${options.database}.${answer.text}' doesn't exist\n`,
    );
    return 1;
  }
  if (answer.kind !== "rows" || answer.columns.length === 0) return 0;
  const head = options.isBare ? [] : [answer.columns.join("\t")];
  const lines = [...head, ...answer.rows.map((row) => row.join("\t"))];
  yield* print(sys, 1, lines.map((line) => `${line}\n`).join(""));
  return 0;
};

/** mysqladmin [options] ping|status|version */
export const mysqlAdmin: ImageProgram = function* (sys, argv, env) {
  const options = parseOptions(argv, env);
  const [command = "ping"] = options.rest;
  const answer = yield* ask(sys, options, "SELECT 1");
  const isRefused = typeof answer === "string" && answer.includes("Access denied");
  if (typeof answer === "string" && !(isRefused && command === "ping")) {
    const why = answer.replace(/^ERROR \d+ \(\w+\): /, "");
    yield* print(
      sys,
      2,
      `mysqladmin: connect to server at '${options.host}' failed\nerror: '${why}'\nCheck that mysqld is running on ${options.host} and that the port is ${String(options.port)}.\n`,
    );
    return 1;
  }
  const text =
    command === "ping" ? "mysqld is alive" : "Uptime: 1  Threads: 1  Questions: 1  Slow queries: 0";
  yield* print(sys, 1, `${text}\n`);
  return 0;
};

function* ask(sys: Sys, options: ClientOptions, statement: string): Blocking<SqlResult | string> {
  const { host, port, user, password, database } = options;
  const message = { user, password, database, statement };
  const outcome = yield* callServer(
    sys,
    host === "localhost" ? "127.0.0.1" : host,
    port,
    message,
    10_000,
  );
  if (outcome.kind === "failed") {
    if (outcome.errno === "ENOENT" || outcome.errno === "EAGAIN")
      return `ERROR 2005 (HY000): Unknown MySQL server host '${host}' (-2)`;
    if (host === "localhost")
      return "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)";
    const number =
      outcome.errno === "ECONNREFUSED" ? 111 : outcome.errno === "EHOSTUNREACH" ? 113 : 110;
    return `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:${String(port)}' (${String(number)})`;
  }
  const result = outcome.value as SqlResult;
  if (result.kind === "error" && result.text.startsWith("refused"))
    return `ERROR 1045 (28000): Access denied for user '${user}'@'${host}' (using password: ${password === "" ? "NO" : "YES"})`;
  return result;
}

const parseOptions = (argv: readonly string[], env: ReadonlyMap<string, string>): ClientOptions => {
  // -p alone asks for the password, which nobody answers: its value is joined or there is none.
  const isPassword = (word: string): boolean =>
    /^(-p|--password)/.test(word) && !/^--?pro/.test(word);
  const password = argv.findLast(isPassword)?.replace(/^(-p|--password=?)/, "");
  const words = argv.slice(1).filter((word) => !isPassword(word));
  const { values, switches, operands } = readClientOptions(words, "hPue", LONG);
  return {
    host: values.get("h") ?? "localhost",
    port: Number(values.get("P") ?? PORT),
    user: values.get("u") ?? "root",
    password: password ?? env.get("MYSQL_PWD") ?? "",
    database: operands[0] ?? "",
    statement: values.get("e") ?? null,
    rest: operands,
    isBare: switches.some((word) => /^-\w*N|^--skip-column-names$/.test(word)),
  };
};

const LONG: Readonly<Record<string, string>> = { host: "h", port: "P", user: "u", execute: "e" };

function* log(sys: ImageSys, level: string, code: string, text: string): Blocking<void> {
  const { year, month, day, hour, minute, second } = calendarTime(sys.nowMs());
  const fraction = String(sys.nowMs() % 1000).padStart(3, "0");
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}000Z`;
  yield* print(sys, 2, `${time} 0 [${level}] [${code}] [Server] ${text}\n`);
}
