import type { Blocking } from "../../../shell/index.js";
import { calendarTime } from "../../calendar.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { noteSignals, print } from "../program-io.js";
import { openDatabase, serveDatabase } from "./database-server.js";
import { asksForVersion, mysqlVersion, versionLine } from "./mysql-version.js";

/** How long starting on a data directory that is there takes. */
const START_MS = 1200;
const SERVER_BYTES = 360 * 1_048_576;
const PORT = 3306;

export const mysqld: ImageProgram = function* (sys, argv, env) {
  const version = mysqlVersion(env);
  if (asksForVersion(argv)) {
    yield* print(sys, 1, versionLine("/usr/sbin/mysqld", env));
    return 0;
  }
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
  yield* answerClients(sys, listener, port, env);
  yield* log(
    sys,
    "System",
    "MY-013172",
    `Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: ${version}).`,
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

/** Until it is told to stop. */
function* answerClients(
  sys: ImageSys,
  listener: number,
  port: number,
  env: ReadonlyMap<string, string>,
): Blocking<void> {
  const version = mysqlVersion(env);
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
}

function* log(sys: ImageSys, level: string, code: string, text: string): Blocking<void> {
  const { year, month, day, hour, minute, second } = calendarTime(sys.nowMs());
  const fraction = String(sys.nowMs() % 1000).padStart(3, "0");
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}000Z`;
  yield* print(sys, 2, `${time} 0 [${level}] [${code}] [Server] ${text}\n`);
}
