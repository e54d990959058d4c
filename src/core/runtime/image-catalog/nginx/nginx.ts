import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { calendarTime } from "../../calendar.js";
import {
  HANG_UP,
  listenHttp,
  serveListeners,
  type HttpExchange,
  type HttpPort,
} from "../../http/http-server.js";
import type { HttpResponse } from "../../http/http-message.js";
import { asImageSys, type ImageProgram, type ImageSys } from "../../kernel/image-sys.js";
import { errnoNumber } from "../errno-number.js";
import { noteSignals, print, waitForStop } from "../program-io.js";
import {
  ConfigurationError,
  parseConfiguration,
  readConfiguration,
  type Directive,
} from "./configuration.js";
import { errorPage, respond, variables, type SiteRequest } from "./respond.js";
import { chooseLocation, chooseServer, effective, serversOf, type ServerBlock } from "./site.js";
import { logLine } from "./variables.js";

const DEFAULT_FORMAT =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const TEMPORARY = ["client_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp", "scgi_temp"];
const WORKER_BYTES = 3_400_000;
/** How often bind is tried again, and how long nginx waits between. */
const BIND_TRIES = 5;
const BIND_WAIT_MS = 500;

interface Running {
  readonly configuration: readonly Directive[];
  readonly servers: readonly ServerBlock[];
  readonly version: string;
  readonly errorLog: string;
  /** Log files by path, open since before the workers gave up their privileges. */
  readonly logs: ReadonlyMap<string, number>;
}

/** nginx: its master process, which reads the configuration and starts workers. */
export const nginxProgram: ImageProgram = function* (sys, argv, env) {
  const version = env.get("NGINX_VERSION") ?? "1.29.1";
  const options = parseOptions(argv);
  if (options.version) {
    yield* print(sys, 2, `nginx version: nginx/${version}\n`);
    return 0;
  }
  try {
    const running = yield* readAll(sys, options, version);
    if (options.test) {
      yield* print(sys, 2, `nginx: the configuration file ${options.file} syntax is ok\n`);
      yield* print(sys, 2, `nginx: configuration file ${options.file} test is successful\n`);
      return 0;
    }
    if (options.signal !== null) return yield* signalMaster(sys, options.signal);
    yield* prepareFiles(sys);
    const ports = portsOf(sys, running);
    const listeners = yield* bindAll(sys, running, ports);
    return yield* runMaster(sys, options, argv, { running, listeners });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const time = logTime(sys);
    yield* print(
      sys,
      2,
      `${time} [emerg] ${String(sys.pid)}#${String(sys.pid)}: ${error.message}\n`,
    );
    yield* print(sys, 2, `nginx: [emerg] ${error.message}\n`);
    return 1;
  }
};

function* readAll(sys: Sys, options: Options, version: string): Blocking<Running> {
  const global = parseConfiguration(options.directives, "command line");
  const file = yield* readConfiguration(sys, options.file);
  const configuration = [...global, ...file];
  const errorLog = configuration.find(({ name }) => name === "error_log")?.args[0];
  const errorPath = errorLog ?? "/var/log/nginx/error.log";
  const paths = [errorPath, "/var/log/nginx/access.log", ...accessLogs(configuration)];
  return {
    configuration,
    servers: serversOf(configuration),
    version,
    errorLog: errorPath,
    logs: options.test ? new Map() : openLogs(sys, paths),
  };
}

const openLogs = (sys: Sys, paths: readonly string[]): Map<string, number> => {
  const logs = new Map<string, number>();
  for (const path of new Set(paths)) {
    if (path === "off" || path === "stderr") continue;
    try {
      logs.set(path, sys.open(path, { append: true, write: true, create: true }, 0o644));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw new ConfigurationError(`open() "${path}" failed (${errnoNumber(error.errno)})`);
    }
  }
  return logs;
};

const accessLogs = (directives: readonly Directive[]): readonly string[] =>
  directives.flatMap(({ name, args, block }) =>
    name === "access_log" ? [args[0] ?? ""] : accessLogs(block ?? []),
  );

/** What a worker needs to be there: paths that nginx is built with. */

function* prepareFiles(sys: Sys): Blocking<void> {
  for (const name of TEMPORARY) {
    const path = `/var/cache/nginx/${name}`;
    try {
      sys.mkdir(path, 0o700);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (error.errno !== "EEXIST")
        throw new ConfigurationError(`mkdir() "${path}" failed (${errnoNumber(error.errno)})`);
    }
  }
  try {
    sys.close(sys.open("/run/nginx.pid", { write: true, create: true, truncate: true }, 0o644));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new ConfigurationError(`open() "/run/nginx.pid" failed (${errnoNumber(error.errno)})`);
  }
}

const portsOf = (sys: Sys, running: Running): readonly HttpPort[] => {
  const ports = new Map<number, HttpPort>();
  for (const { listens } of running.servers)
    for (const { host, port, isTls } of listens)
      if (!ports.has(port))
        ports.set(port, {
          port,
          host,
          isTls,
          handle: (exchange) => handle(sys, running, exchange, isTls),
        });
  return [...ports.values()];
};

function* bindAll(
  sys: Sys,
  running: Running,
  ports: readonly HttpPort[],
): Blocking<Map<number, HttpPort>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return listenHttp(sys, ports);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      const port = String(ports[0]?.port ?? 80);
      const text = `bind() to 0.0.0.0:${port} failed (${errnoNumber(error.errno)})`;
      yield* logError(sys, running, "emerg", text);
      yield* print(sys, 2, `nginx: [emerg] ${text}\n`);
      if (attempt < BIND_TRIES) yield* sys.sleep(BIND_WAIT_MS);
      else throw new ConfigurationError("still could not bind()");
    }
  }
}

/** What the master process works with; replaced as a whole when it reads its configuration again. */
interface Generation {
  readonly running: Running;
  readonly listeners: ReadonlyMap<number, HttpPort>;
  readonly workers: readonly number[];
}

function* runMaster(
  sys: ImageSys,
  options: Options,
  argv: readonly string[],
  started: Omit<Generation, "workers">,
): Blocking<number> {
  const note = noteSignals(sys, ["QUIT", "TERM", "INT", "HUP"]);
  sys.onSignal("USR1", () => undefined);
  const { running, listeners } = started;
  const notices = [
    'using the "epoll" event method',
    `nginx/${running.version}`,
    "built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ",
    `OS: Linux ${sys.sysctl("kernel.osrelease")}`,
    "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
    "start worker processes",
  ];
  for (const notice of notices) yield* logError(sys, running, "notice", notice);
  sys.setTitle(`nginx: master process ${argv.join(" ")}`);
  let present: Generation = { ...started, workers: yield* startWorkers(sys, running, listeners) };
  let signal = yield* waitForStop(sys, note);
  while (signal === "HUP") {
    note.name = null;
    present = yield* reload(sys, options, present);
    signal = yield* waitForStop(sys, note);
  }
  const isGraceful = signal === "QUIT";
  const number = { QUIT: 3, TERM: 15, INT: 2 }[signal as "QUIT" | "TERM" | "INT"];
  const doing = isGraceful ? "shutting down" : "exiting";
  const text = `signal ${String(number)} (SIG${signal}) received, ${doing}`;
  yield* logError(sys, present.running, "notice", text);
  for (const fd of present.listeners.keys()) sys.close(fd);
  yield* stopWorkers(sys, present, isGraceful ? "QUIT" : "TERM");
  yield* logError(sys, present.running, "notice", "exit");
  return 0;
}

function* startWorkers(
  sys: ImageSys,
  running: Running,
  listeners: ReadonlyMap<number, HttpPort>,
): Blocking<readonly number[]> {
  const workers: number[] = [];
  for (let index = 0; index < workerCount(sys, running); index += 1) {
    const isServing = index === 0;
    const pid = sys.fork("nginx", (child) =>
      runWorker(asImageSys(child), running, isServing ? listeners : new Map()),
    );
    yield* logError(sys, running, "notice", `start worker process ${String(pid)}`);
    workers.push(pid);
  }
  return workers;
}

function* stopWorkers(
  sys: ImageSys,
  { running, workers }: Generation,
  signal: "QUIT" | "TERM",
): Blocking<void> {
  for (const pid of workers) sys.kill(pid, signal);
  for (const pid of workers) {
    yield* sys.wait(pid);
    yield* logError(sys, running, "notice", `signal 17 (SIGCHLD) received from ${String(pid)}`);
    yield* logError(sys, running, "notice", `worker process ${String(pid)} exited with code 0`);
  }
}

/** `nginx -s reload`: new workers with the new configuration, then the old ones end. One that is wrong changes nothing. */
function* reload(sys: ImageSys, options: Options, present: Generation): Blocking<Generation> {
  const { running: before } = present;
  yield* logError(sys, before, "notice", "signal 1 (SIGHUP) received, reconfiguring");
  yield* logError(sys, before, "notice", "reconfiguring");
  try {
    const running = yield* readAll(sys, options, before.version);
    const listeners = yield* rebind(sys, running, present.listeners);
    yield* logError(sys, running, "notice", 'using the "epoll" event method');
    yield* logError(sys, running, "notice", "start worker processes");
    const workers = yield* startWorkers(sys, running, listeners);
    yield* stopWorkers(sys, present, "QUIT");
    for (const fd of before.logs.values()) sys.close(fd);
    return { running, listeners, workers };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    yield* logError(sys, before, "emerg", error.message);
    return present;
  }
}

/** Ports that stay keep their sockets, and what waits there. */
function* rebind(
  sys: Sys,
  running: Running,
  before: ReadonlyMap<number, HttpPort>,
): Blocking<ReadonlyMap<number, HttpPort>> {
  const listeners = new Map<number, HttpPort>();
  const added: HttpPort[] = [];
  for (const port of portsOf(sys, running)) {
    const kept = [...before].find(([, old]) => old.port === port.port && old.host === port.host);
    if (kept === undefined) added.push(port);
    else listeners.set(kept[0], port);
  }
  for (const [fd, port] of yield* bindAll(sys, running, added)) listeners.set(fd, port);
  for (const fd of before.keys()) if (!listeners.has(fd)) sys.close(fd);
  return listeners;
}

function* runWorker(
  sys: ImageSys,
  running: Running,
  listeners: ReadonlyMap<number, HttpPort>,
): Blocking<number> {
  sys.setTitle("nginx: worker process");
  sys.reserve(WORKER_BYTES);
  if (sys.uid === 0) sys.becomeUser(101, 101);
  const stop = noteSignals(sys, ["QUIT", "TERM", "INT"]);
  // Handlers run in the worker, so they are made again with its own system calls.
  const own = new Map(
    [...listeners].map(([fd, port]): [number, HttpPort] => [
      fd,
      { ...port, handle: (exchange) => handle(sys, running, exchange, port.isTls === true) },
    ]),
  );
  if (own.size === 0) yield* waitForStop(sys, stop);
  else yield* serveListeners(sys, own, () => stop.name !== null);
  if (stop.name === "QUIT") yield* logError(sys, running, "notice", "gracefully shutting down");
  yield* logError(sys, running, "notice", "exiting");
  yield* logError(sys, running, "notice", "exit");
  return 0;
}

function* handle(
  sys: Sys,
  running: Running,
  exchange: HttpExchange,
  isTls: boolean,
): Blocking<HttpResponse | typeof HANG_UP> {
  const host = exchange.request.headers.get("host")?.replace(/:\d+$/, "") ?? "";
  const server = chooseServer(running.servers, exchange.local.port, host);
  if (server === null) return errorPage({ sys, version: running.version }, 404);
  const { request, remote } = exchange;
  const site: SiteRequest = {
    sys,
    version: running.version,
    server,
    exchange,
    isTls,
    configuration: running.configuration,
    logError: (level, text) => {
      const asked = `request: "${request.method} ${request.target} ${request.version}"`;
      const context = `client: ${remote.host}, server: ${server.names[0] ?? ""}, ${asked}`;
      const [what = "", upstream] = text.split(", upstream: ");
      const behind = upstream === undefined ? "" : `, upstream: ${upstream}`;
      return logError(
        sys,
        running,
        level,
        `*1 ${what}, ${context}${behind}, host: "${request.headers.get("host") ?? ""}"`,
      );
    },
  };
  const response = yield* respond(site);
  if (response !== HANG_UP) yield* logAccess(site, running, response);
  return response;
}

function* logAccess(site: SiteRequest, running: Running, response: HttpResponse): Blocking<void> {
  const scope = chooseLocation(site.server, site.exchange.request.path);
  const [path = "/var/log/nginx/access.log", formatName = "combined"] =
    effective(scope, "access_log")?.args ?? [];
  if (path === "off") return;
  const format = site.server.http.find(
    ({ name, args }) => name === "log_format" && args[0] === formatName,
  );
  const bodyBytes = typeof response.body === "string" ? response.body.length : response.body.length;
  const context = {
    ...variables(site, site.exchange.request.path),
    status: response.status,
    bodyBytes,
  };
  const line = logLine(format?.args.slice(1).join("") ?? DEFAULT_FORMAT, context);
  yield* print(site.sys, running.logs.get(path) ?? 2, `${line}\n`);
}

function* logError(sys: Sys, running: Running, level: string, text: string): Blocking<void> {
  const pid = String(sys.pid);
  const line = `${logTime(sys)} [${level}] ${pid}#${pid}: ${text}\n`;
  yield* print(sys, running.logs.get(running.errorLog) ?? 2, line);
}

/** `nginx -s quit`: tells the master, whose pid is in its file. */
function* signalMaster(sys: Sys, signal: string): Blocking<number> {
  const name = ({ stop: "TERM", quit: "QUIT", reload: "HUP", reopen: "USR1" } as const)[signal];
  if (name === undefined) {
    yield* print(sys, 2, `nginx: invalid option: "-s ${signal}"\n`);
    return 1;
  }
  const master = sys.processes().find(({ argv }) => argv[0]?.startsWith("nginx: master") === true);
  if (master === undefined) {
    yield* print(sys, 2, 'nginx: [error] invalid PID number "" in "/run/nginx.pid"\n');
    return 1;
  }
  sys.kill(master.pid, name);
  return 0;
}

interface Options {
  readonly file: string;
  readonly directives: string;
  readonly test: boolean;
  readonly version: boolean;
  readonly signal: string | null;
}

const parseOptions = (argv: readonly string[]): Options => {
  const value = (flag: string): string | null => {
    const index = argv.indexOf(flag);
    return index < 0 ? null : (argv[index + 1] ?? "");
  };
  const directives = value("-g") ?? "";
  return {
    file: value("-c") ?? "/etc/nginx/nginx.conf",
    directives: directives === "" || /[;}]\s*$/.test(directives) ? directives : `${directives};`,
    test: argv.includes("-t") || argv.includes("-T"),
    version: argv.includes("-v") || argv.includes("-V"),
    signal: value("-s"),
  };
};

const workerCount = (sys: ImageSys, running: Running): number => {
  const wanted = running.configuration.find(({ name }) => name === "worker_processes")?.args[0];
  return wanted === "auto" ? sys.cores : Math.min(64, Math.max(1, Number(wanted ?? 1) || 1));
};

const logTime = (sys: Sys): string => {
  const { year, month, day, hour, minute, second } = calendarTime(sys.nowMs());
  return `${year}/${month}/${day} ${hour}:${minute}:${second}`;
};
