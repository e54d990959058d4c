import type { Blocking, Sys } from "../../../shell/index.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { print } from "../program-io.js";
import { readClientOptions } from "./client-options.js";
import { callServer } from "./line-protocol.js";
import { asksForVersion, versionLine } from "./mysql-version.js";
import type { SqlResult } from "./sql.js";
import { statementsOf } from "./statements.js";

const PORT = 3306;

interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly statement: string | null;
  readonly rest: readonly string[];
  readonly isBare: boolean;
  readonly isTable: boolean;
  readonly warnsOfPassword: boolean;
}

/** mysql [-h host] [-P port] [-u user] [-ppassword] [-e statement] [database] */
export const mysqlClient: ImageProgram = function* (sys, argv, env) {
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("mysql", env));
    return 0;
  }
  let options = parseOptions(argv, env);
  if (options.warnsOfPassword) yield* print(sys, 2, `mysql: ${PASSWORD_WARNING}`);
  for (const statement of ["", ...(yield* statementsOf(sys, options.statement))]) {
    const use = /^use\s+[`"]?([\w-]+)[`"]?$/i.exec(statement);
    if (use !== null) options = { ...options, database: use[1] ?? "" };
    const answer = yield* ask(sys, options, use === null ? statement : "");
    const problem = typeof answer === "string" ? answer : missingTable(answer, options);
    if (problem !== null) {
      yield* print(sys, 2, `${problem}\n`);
      return 1;
    }
    if (typeof answer !== "string") yield* print(sys, 1, formatRows(answer, options));
  }
  return 0;
};

/** client/mysql.cc and client/mysqladmin.cc, 8.0; MariaDB's have none. */
const PASSWORD_WARNING =
  "[Warning] Using a password on the command line interface can be insecure.\n";

const missingTable = (answer: SqlResult, { database }: ClientOptions): string | null => {
  if (answer.kind !== "error") return null;
  if (database === "" && !answer.text.includes("."))
    return "ERROR 1046 (3D000) at line 1: No database selected";
  const table = answer.text.includes(".") ? answer.text : `${database}.${answer.text}`;
  return `ERROR 1146 (42S02) at line 1: Table '${table}' doesn't exist`;
};

const formatRows = (answer: SqlResult, { isBare, isTable }: ClientOptions): string => {
  if (answer.kind !== "rows" || answer.columns.length === 0) return "";
  const lines = isBare ? answer.rows : [answer.columns, ...answer.rows];
  if (!isTable) return lines.map((row) => `${row.join("\t")}\n`).join("");
  const widths = answer.columns.map((_, index) =>
    Math.max(...[answer.columns, ...answer.rows].map((row) => (row[index] ?? "").length)),
  );
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
  const line = (row: readonly string[]): string =>
    `|${widths.map((width, index) => ` ${(row[index] ?? "").padEnd(width)} `).join("|")}|\n`;
  return `${rule}${line(answer.columns)}${rule}${answer.rows.map(line).join("")}${rule}`;
};

/** mysqladmin [options] ping|status|version */
export const mysqlAdmin: ImageProgram = function* (sys, argv, env) {
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("mysqladmin", env));
    return 0;
  }
  const options = parseOptions(argv, env);
  const [command = "ping"] = options.rest;
  if (options.warnsOfPassword) yield* print(sys, 2, `mysqladmin: ${PASSWORD_WARNING}`);
  const answer = yield* ask(sys, options, "SELECT 1");
  const isRefused = typeof answer === "string" && answer.includes("Access denied");
  if (typeof answer === "string") {
    const why = answer.replace(/^ERROR \d+ \(\w+\): /, "");
    const hint =
      options.host === "localhost"
        ? "Check that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!"
        : `Check that mysqld is running on ${options.host} and that the port is ${String(options.port)}.\nYou can check this by doing 'telnet ${options.host} ${String(options.port)}'`;
    yield* print(
      sys,
      2,
      `mysqladmin: connect to server at '${options.host}' failed\nerror: '${why}'\n${isRefused ? "" : `${hint}\n`}`,
    );
    // A server that refuses a client is alive: client/mysqladmin.cc, 8.0, main.
    return isRefused && command === "ping" ? 0 : 1;
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
    isTable: switches.some((word) => /^-\w*t|^--table$/.test(word)),
    warnsOfPassword: (password ?? "") !== "" && !env.has("MARIADB_VERSION"),
  };
};

const LONG: Readonly<Record<string, string>> = { host: "h", port: "P", user: "u", execute: "e" };
