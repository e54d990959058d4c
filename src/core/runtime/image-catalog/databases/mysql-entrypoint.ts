import { SysError, type Blocking } from "../../../shell/index.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { execCommand } from "../exec-command.js";
import { print } from "../program-io.js";
import { timestamp } from "./database-server.js";
import { readSecretFiles } from "./secret-files.js";

const DATA = "/var/lib/mysql";
/** How long making a new data directory takes. */
const INITIALIZE_MS = 8000;

/** docker-entrypoint.sh of the mysql image. */
export const mysqlEntrypoint: ImageProgram = function* (sys, argv, given) {
  const words = argv.slice(1);
  const server = given.has("MARIADB_VERSION") ? "mariadbd" : "mysqld";
  const command = words[0]?.startsWith("-") === true ? [server, ...words] : words;
  if (command[0] !== server && command[0] !== "mysqld")
    return yield* execCommand(sys, "docker-entrypoint.sh", command, given);
  const env = yield* readSecretFiles(sys, withMysqlNames(given), SETTINGS);
  if (env === null) return 1;
  const isMariaDb = server === "mariadbd";
  const product = isMariaDb ? "MariaDB" : "MySQL";
  const version = env.get(isMariaDb ? "MARIADB_VERSION" : "MYSQL_VERSION") ?? "9.4.0-1.el9";
  const note: Note = (level, text) =>
    print(
      sys,
      level === "Note" ? 1 : 2,
      `${timestamp(sys.nowMs())}+00:00 [${level}] [Entrypoint]: ${text}\n`,
    );
  yield* note("Note", `Entrypoint script for ${product} Server ${version} started.`);
  if (sys.uid === 0) {
    yield* note("Note", "Switching to dedicated user 'mysql'");
    sys.becomeUser(999, 999);
    yield* note("Note", `Entrypoint script for ${product} Server ${version} started.`);
  }
  if (!sys.access(`${DATA}/mysql`, {}) && !(yield* initialize(sys, env, product, note))) return 1;
  return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
};

type Note = (level: string, text: string) => Blocking<void>;

/** Makes the data directory; false where nobody said how root is to come in. */
function* initialize(
  sys: ImageSys,
  env: ReadonlyMap<string, string>,
  product: string,
  note: Note,
): Blocking<boolean> {
  const hasPassword = [
    "MYSQL_ROOT_PASSWORD",
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MYSQL_RANDOM_ROOT_PASSWORD",
  ].some((name) => (env.get(name) ?? "") !== "");
  if (!hasPassword) {
    yield* note(
      "ERROR",
      product === "MariaDB"
        ? NO_MARIADB_PASSWORD
        : "Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n" +
            "    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD",
    );
    return false;
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
  yield* note("Note", `${product} init process done. Ready for start up.`);
  try {
    sys.mkdir(`${DATA}/mysql`, 0o750);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  return true;
}

/** MariaDB's image knows both families of names: docker-entrypoint.sh, docker_setup_env. */
const withMysqlNames = (env: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const result = new Map(env);
  if (!env.has("MARIADB_VERSION")) return result;
  for (const [name, value] of env)
    if (name.startsWith("MARIADB_"))
      result.set(`MYSQL_${name.slice(8).replace("EMPTY_ROOT_PASSWORD", "EMPTY_PASSWORD")}`, value);
  return result;
};

/** What may come from a file. */
const SETTINGS = ["MYSQL_ROOT_PASSWORD", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"];
const NO_MARIADB_PASSWORD =
  "Database is uninitialized and password option is not specified\n\tYou need to specify one of MARIADB_ROOT_PASSWORD, " +
  "MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD";
