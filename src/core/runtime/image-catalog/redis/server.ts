import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { calendarTime } from "../../calendar.js";
import { serveStreams } from "../../http/stream-server.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { runRedisCommand, type RedisContext } from "./commands.js";
import { encodeReply, failure, OK, readCommand, type Reply } from "./resp.js";
import { RedisStore } from "./store.js";

const encoder = new TextEncoder();

const DEFAULTS: readonly (readonly [string, string])[] = [
  ["appendonly", "no"],
  ["bind", "* -::*"],
  ["databases", "16"],
  ["dbfilename", "dump.rdb"],
  ["dir", "/data"],
  ["maxclients", "10000"],
  ["maxmemory", "0"],
  ["maxmemory-policy", "noeviction"],
  ["port", "6379"],
  ["requirepass", ""],
  ["save", "3600 1 300 100 60 10000"],
  ["tcp-keepalive", "300"],
  ["timeout", "0"],
];

/** redis-server [file] [--name value …] */
export const redisServer: ImageProgram = function* (sys, argv, env) {
  const version = env.get("REDIS_VERSION") ?? "8.2.1";
  const words = argv.slice(1);
  if (/^(-v|--version)$/.test(words[0] ?? "")) {
    const build = "sha=00000000:0 malloc=jemalloc-5.3.0 bits=64";
    yield* print(sys, 1, `Redis server v=${version} ${build} build=0000000000000000\n`);
    return 0;
  }
  const file = words[0]?.startsWith("-") === false ? words[0] : undefined;
  const config = new Map(DEFAULTS.map(([name, value]) => [name, value]));
  yield* say(sys, "C", "*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
  const facts = `bits=64, commit=00000000, modified=0, pid=${String(sys.pid)}`;
  yield* say(sys, "C", "*", `Redis version=${version}, ${facts}, just started`);
  if (file === undefined && words.length === 0) {
    const hint = "In order to specify a config file use redis-server /path/to/redis.conf";
    yield* say(
      sys,
      "C",
      "#",
      `Warning: no config file specified, using the default config. ${hint}`,
    );
  } else if (file !== undefined) {
    const text = yield* readTextFile(sys, file);
    if (text === null) {
      const why = "No such file or directory";
      yield* say(sys, "C", "#", `Fatal error, can't open config file '${file}': ${why}`);
      return 1;
    }
    readConfig(config, text.split("\n"));
    yield* say(sys, "C", "*", "Configuration loaded");
  } else yield* say(sys, "C", "*", "Configuration loaded");
  readConfig(config, optionLines(words));
  yield* say(sys, "M", "*", "monotonic clock: POSIX clock_gettime");
  return yield* serve(sys, config, version);
};

function* serve(sys: ImageSys, config: Map<string, string>, version: string): Blocking<number> {
  const port = Number(config.get("port"));
  const listener = yield* bind(sys, port);
  if (listener === null) return 1;
  sys.setTitle(`redis-server *:${String(port)}`);
  yield* say(sys, "M", "*", `Running mode=standalone, port=${String(port)}.`);
  yield* say(sys, "M", "*", "Server initialized");
  const store = new RedisStore(() => sys.nowMs());
  yield* load(sys, config, store);
  yield* say(sys, "M", "*", "Ready to accept connections tcp");
  const stop = noteSignals(sys, ["TERM", "INT"]);
  let isShutDown = false;
  const context: RedisContext = {
    store,
    config,
    nowMs: () => sys.nowMs(),
    info: () => infoText(sys, store, config, version),
  };
  const authorized = new WeakSet();
  let accounted = 0;
  yield* serveStreams(
    sys,
    new Map([[listener, null]]),
    function* (connection) {
      for (;;) {
        const command = readCommand(connection.received);
        if (command === null) return true;
        connection.received = connection.received.subarray(command.used);
        const [name = ""] = command.words;
        if (name === "") continue;
        const upper = name.toUpperCase();
        if (upper === "SHUTDOWN") {
          isShutDown = true;
          return false;
        }
        const reply =
          authorize(config, authorized, connection, command.words) ??
          runRedisCommand(context, command.words);
        sys.allocate(store.bytes - accounted);
        accounted = store.bytes;
        yield* sys.write(connection.fd, encoder.encode(encodeReply(reply)));
        if (upper === "QUIT") return false;
      }
    },
    () => stop.name !== null || isShutDown,
  );
  if (stop.name !== null) {
    const time = String(Math.floor(sys.nowMs() / 1000));
    yield* print(
      sys,
      1,
      `${String(sys.pid)}:signal-handler (${time}) Received SIG${stop.name} scheduling shutdown...\n`,
    );
  }
  yield* say(sys, "M", "*", "User requested shutdown...");
  yield* save(sys, config, store);
  yield* say(sys, "M", "#", "Redis is now ready to exit, bye bye...");
  return 0;
}

function* bind(sys: Sys, port: number): Blocking<number | null> {
  try {
    return sys.listen({ host: "0.0.0.0", port }, 511);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const what = "Could not create server TCP listening socket";
    yield* say(sys, "M", "#", `Warning: ${what} *:${String(port)}: bind: Address already in use`);
    yield* say(sys, "M", "#", `Failed listening on port ${String(port)} (tcp), aborting.`);
    return null;
  }
}

/** AUTH, and what a client without it gets; null to go on. */
const authorize = (
  config: ReadonlyMap<string, string>,
  authorized: WeakSet<object>,
  connection: object,
  words: readonly string[],
): Reply | null => {
  const password = config.get("requirepass") ?? "";
  const isAuth = words[0]?.toUpperCase() === "AUTH";
  if (isAuth) {
    if (password === "")
      return failure(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      );
    if (words.at(-1) !== password)
      return failure("WRONGPASS invalid username-password pair or user is disabled.");
    authorized.add(connection);
    return OK;
  }
  if (password === "" || authorized.has(connection)) return null;
  return failure("NOAUTH Authentication required.");
};

const snapshotPath = (config: ReadonlyMap<string, string>): string =>
  `${config.get("dir") ?? "/data"}/${config.get("dbfilename") ?? "dump.rdb"}`;

function* load(sys: Sys, config: ReadonlyMap<string, string>, store: RedisStore): Blocking<void> {
  const text = yield* readTextFile(sys, snapshotPath(config));
  if (text?.startsWith("REDIS0012") !== true) return;
  store.load(text.slice("REDIS0012".length));
  yield* say(
    sys,
    "M",
    "*",
    `Done loading RDB, keys loaded: ${String(store.size)}, keys expired: 0.`,
  );
  yield* say(sys, "M", "*", "DB loaded from disk: 0.000 seconds");
}

function* save(sys: Sys, config: ReadonlyMap<string, string>, store: RedisStore): Blocking<void> {
  if ((config.get("save") ?? "").replace(/["']/g, "").trim() === "") return;
  yield* say(sys, "M", "*", "Saving the final RDB snapshot before exiting.");
  try {
    const fd = sys.open(snapshotPath(config), { write: true, create: true, truncate: true }, 0o644);
    yield* sys.write(fd, encoder.encode(`REDIS0012${store.save()}`));
    sys.close(fd);
    yield* say(sys, "M", "*", "DB saved on disk");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* say(sys, "M", "#", "Failed opening the temp RDB file for saving: Permission denied");
  }
}

const readConfig = (config: Map<string, string>, lines: readonly string[]): void => {
  for (const line of lines) {
    const [, name, value = ""] = /^\s*([\w-]+)\s+(.*?)\s*$/.exec(line.replace(/^\s*#.*/, "")) ?? [];
    if (name === undefined) continue;
    const plain = value.replace(/^"(.*)"$/, "$1");
    config.set(name.toLowerCase(), name.toLowerCase() === "maxmemory" ? toBytes(plain) : plain);
  }
};

/** `--maxmemory 2mb --save ""` as lines of a file. */
const optionLines = (words: readonly string[]): readonly string[] => {
  const lines: string[] = [];
  for (const word of words) {
    if (word.startsWith("--")) lines.push(word.slice(2));
    else if (lines.length > 0)
      lines[lines.length - 1] = `${lines.at(-1) ?? ""} ${word === "" ? '""' : word}`;
  }
  return lines;
};

/** Redis' own units: k is a thousand, kb 1024. */
const toBytes = (text: string): string => {
  const [, number = "0", unit = ""] = /^(\d+)\s*(k|kb|m|mb|g|gb)?$/i.exec(text) ?? [];
  const factor = { "": 1, k: 1e3, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 }[
    unit.toLowerCase()
  ];
  return String(Number(number) * (factor ?? 1));
};

const infoText = (
  sys: Sys,
  store: RedisStore,
  config: ReadonlyMap<string, string>,
  version: string,
): string =>
  [
    "# Server",
    `redis_version:${version}`,
    "redis_mode:standalone",
    `process_id:${String(sys.pid)}`,
    `tcp_port:${config.get("port") ?? "6379"}`,
    `uptime_in_seconds:${String(Math.floor(sys.uptimeMs() / 1000))}`,
    "",
    "# Clients",
    "connected_clients:1",
    "",
    "# Memory",
    `used_memory:${String(store.bytes + 1_048_576)}`,
    `maxmemory:${config.get("maxmemory") ?? "0"}`,
    `maxmemory_policy:${config.get("maxmemory-policy") ?? "noeviction"}`,
    "",
    "# Replication",
    "role:master",
    "connected_slaves:0",
    "",
    "# Keyspace",
    ...(store.size === 0 ? [] : [`db0:keys=${String(store.size)},expires=0,avg_ttl=0`]),
    "",
  ].join("\r\n");

function* say(sys: Sys, role: string, level: string, text: string): Blocking<void> {
  const { day, monthName, year, hour, minute, second } = calendarTime(sys.nowMs());
  const millisecond = String(sys.nowMs() % 1000).padStart(3, "0");
  const time = `${day} ${monthName} ${year} ${hour}:${minute}:${second}.${millisecond}`;
  yield* print(sys, 1, `${String(sys.pid)}:${role} ${time} ${level} ${text}\n`);
}
