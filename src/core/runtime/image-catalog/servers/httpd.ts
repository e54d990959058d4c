import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { calendarTime, commonLogTime, httpDate } from "../../calendar.js";
import type { HttpRequest, HttpResponse } from "../../http/http-message.js";
import { listenHttp, serveListeners } from "../../http/http-server.js";
import type { ImageProgram, ImageSys } from "../../kernel/image-sys.js";
import { contentType } from "../mime-types.js";
import { noteSignals, print, readFile, readTextFile } from "../program-io.js";

const CONFIGURATION = "/usr/local/apache2/conf/httpd.conf";
const ALREADY = "(98)Address already in use: AH00072: make_sock: could not bind to address";

/** httpd-foreground of Docker's httpd image: Apache, of whose configuration the port, the root and the server's name are read. */
export const httpdProgram: ImageProgram = function* (sys, argv, env) {
  const version = env.get("HTTPD_VERSION") ?? "2.4.65";
  if (argv[1] === "-v") {
    yield* print(sys, 1, `Server version: Apache/${version} (Unix)\n`);
    return 0;
  }
  const text = (yield* readTextFile(sys, CONFIGURATION)) ?? "";
  const directive = (name: string): string | null =>
    new RegExp(`^\\s*${name}\\s+"?([^"\\n]+)"?\\s*$`, "mi").exec(text)?.[1] ?? null;
  const port = Number((directive("Listen") ?? "80").replace(/^.*:/, ""));
  const root = (directive("DocumentRoot") ?? "/usr/local/apache2/htdocs").trim();
  const server = `Apache/${version} (Unix)`;
  if (directive("ServerName") === null) {
    const { address } = sys.interfaces().at(-1) ?? { address: "127.0.0.1" };
    const hint = "Set the 'ServerName' directive globally to suppress this message";
    for (let times = 0; times < 2; times += 1)
      yield* print(
        sys,
        2,
        `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${address}. ${hint}\n`,
      );
  }
  const stop = noteSignals(sys, ["TERM", "INT", "WINCH"]);
  let listeners: ReturnType<typeof listenHttp>;
  try {
    listeners = listenHttp(sys, [
      { port, handle: ({ request, remote }) => serve(sys, root, server, request, remote.host) },
    ]);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* print(
      sys,
      2,
      `${ALREADY} 0.0.0.0:${String(port)}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    );
    return 1;
  }
  yield* log(sys, "mpm_event", `AH00489: ${server} configured -- resuming normal operations`);
  yield* log(sys, "core", "AH00094: Command line: 'httpd -D FOREGROUND'");
  yield* serveListeners(sys, listeners, () => stop.name !== null);
  const isGraceful = stop.name === "WINCH";
  yield* log(
    sys,
    "mpm_event",
    isGraceful
      ? "AH00492: caught SIGWINCH, shutting down gracefully"
      : "AH00491: caught SIGTERM, shutting down",
  );
  return 0;
};

function* serve(
  sys: Sys,
  root: string,
  server: string,
  request: HttpRequest,
  client: string,
): Blocking<HttpResponse> {
  const response = yield* find(sys, root, server, request);
  const size = response.body.length;
  const line = `${client} - - [${commonLogTime(sys.nowMs())}] "${request.method} ${request.target} ${request.version}" ${String(response.status)} ${size === 0 ? "-" : String(size)}\n`;
  yield* print(sys, 1, line);
  return response;
}

function* find(
  sys: Sys,
  root: string,
  server: string,
  request: HttpRequest,
): Blocking<HttpResponse> {
  const common: [string, string][] = [
    ["Date", httpDate(sys.nowMs())],
    ["Server", server],
  ];
  const path = request.path.replaceAll("..", "");
  let file = root + path;
  if (sys.access(file, {}) && sys.stat(file).type === "directory")
    file = `${file.replace(/\/$/, "")}/index.html`;
  if (!sys.access(file, {}))
    return page(common, 404, "Not Found", "The requested URL was not found on this server.");
  const bytes = yield* readFile(sys, file);
  if (bytes === null)
    return page(common, 403, "Forbidden", "You don't have permission to access this resource.");
  const { mtimeMs, sizeBytes } = sys.stat(file);
  const type = contentType(file);
  return {
    status: 200,
    headers: [
      ...common,
      ["Last-Modified", httpDate(mtimeMs)],
      ["ETag", `"${sizeBytes.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`],
      ["Accept-Ranges", "bytes"],
      ...(type === null ? [] : ([["Content-Type", type]] as const)),
    ],
    body: bytes,
  };
}

const page = (
  common: readonly (readonly [string, string])[],
  status: number,
  title: string,
  text: string,
): HttpResponse => ({
  status,
  headers: [...common, ["Content-Type", "text/html; charset=iso-8859-1"]],
  body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${String(status)} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`,
});

function* log(sys: ImageSys, module: string, text: string): Blocking<void> {
  const { weekday, monthName, day, hour, minute, second, year } = calendarTime(sys.nowMs());
  const micros = String(sys.nowMs() % 1000)
    .padStart(3, "0")
    .padEnd(6, "0");
  const pid = String(sys.pid);
  yield* print(
    sys,
    2,
    `[${weekday} ${monthName} ${day} ${hour}:${minute}:${second}.${micros} ${year}] [${module}:notice] [pid ${pid}:tid ${pid}] ${text}\n`,
  );
}
