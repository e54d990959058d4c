import { bytesToString, stringToBytes } from "../../bytes.js";
import { describeFailure } from "../../errno-text.js";
import { formatTime } from "../../text/time-format.js";
import { SysError, type Blocking, type FileStat, type Sys } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";
import { decodePercent } from "./url.js";

const MAX_HEAD_BYTES = 8192;
const REQUEST_TIMEOUT_MS = 60_000;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  svg: "image/svg+xml",
  xml: "text/xml",
};

/** busybox's httpd: files of a directory, each request in a process of its own; in the background unless -f. */
export function* httpd(command: Command): Blocking<number> {
  const options = parseOptions(command, "c:d:e:h:m:p:r:u:ifv");
  const { sys } = command;
  if (options.has("d")) {
    command.output.add(decodePercent(options.value("d") ?? ""));
    return 0;
  }
  const home = options.value("h");
  if (home !== undefined) {
    try {
      sys.chdir(home);
    } catch (error) {
      throw command.failure(`can't change directory to '${home}': ${describeFailure(error)}`);
    }
  }
  const [, host = "0.0.0.0", portText = "80"] =
    /^(?:(.*):)?(\d+)$/.exec(options.value("p") ?? "80") ?? [];
  let listener: number;
  try {
    listener = sys.listen({ host, port: Number(portText) }, 9);
  } catch (error) {
    throw command.failure(`bind: ${describeFailure(error)}`);
  }
  if (!options.has("f")) {
    sys.fork("httpd", (child) => serve(child, listener), { processGroup: 0 });
    return 0;
  }
  return yield* serve(sys, listener);
}

function* serve(sys: Sys, listener: number): Blocking<number> {
  sys.onSignal("CHLD", "ignore");
  for (;;) {
    const fd = yield* sys.accept(listener);
    try {
      sys.fork("httpd", (child) => answer(child, fd));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
    sys.close(fd);
  }
}

function* answer(sys: Sys, fd: number): Blocking<number> {
  const head = yield* readHead(sys, fd);
  if (head === null) return 0;
  const match = /^([A-Z]+) (\S+)(?: HTTP\/\d\.\d)?\r?\n/.exec(head);
  if (match === null) return yield* sendError(sys, fd, 400, "Bad Request");
  const [, method = "", target = ""] = match;
  if (method !== "GET" && method !== "HEAD")
    return yield* sendError(sys, fd, 501, "Not Implemented");
  const path = safePath(decodePercent(target.replace(/[?#].*$/, "")));
  if (path === null) return yield* sendError(sys, fd, 400, "Bad Request");
  return yield* sendPath(sys, fd, path, method === "GET");
}

function* readHead(sys: Sys, fd: number): Blocking<string | null> {
  let head = "";
  while (!/\r?\n\r?\n/.test(head)) {
    if (head.length > MAX_HEAD_BYTES) return null;
    const ready = yield* sys.waitReadable([fd], REQUEST_TIMEOUT_MS);
    if (ready === null) return null;
    const bytes = yield* sys.read(fd, 4096);
    if (bytes.length === 0) return null;
    head += bytesToString(bytes);
  }
  return head;
}

/** Without a way out of the directory. */
function safePath(path: string): string | null {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return null;
  }
  return names.length === 0 ? "." : names.join("/") + (path.endsWith("/") ? "/" : "");
}

function* sendPath(sys: Sys, fd: number, path: string, withBody: boolean): Blocking<number> {
  const bare = path.replace(/\/$/, "");
  let file = bare;
  let stat: FileStat;
  try {
    stat = sys.stat(bare);
    if (stat.type === "directory") {
      if (path !== "." && !path.endsWith("/")) {
        const header = `HTTP/1.1 302 Found\r\nLocation: /${path}/\r\nConnection: close\r\n\r\n`;
        yield* sys.write(fd, stringToBytes(header));
        return 0;
      }
      file = `${bare}/index.html`;
      stat = sys.stat(file);
    }
    const input = sys.open(file, { read: true });
    yield* sendFile(sys, fd, file, stat, input, withBody);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "EACCES") return yield* sendError(sys, fd, 403, "Forbidden");
    return yield* sendError(sys, fd, 404, "Not Found");
  }
}

const DATE_FORMAT = "%a, %d %b %Y %H:%M:%S GMT";

function* sendFile(
  sys: Sys,
  fd: number,
  path: string,
  stat: FileStat,
  input: number,
  withBody: boolean,
): Blocking<void> {
  const type =
    CONTENT_TYPES[/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
  const head =
    `HTTP/1.1 200 OK\r\nDate: ${formatTime(DATE_FORMAT, sys.nowMs())}\r\nConnection: close\r\n` +
    `Content-type: ${type}\r\nAccept-Ranges: bytes\r\nLast-Modified: ${formatTime(DATE_FORMAT, stat.mtimeMs)}\r\n` +
    `Content-length: ${String(stat.sizeBytes)}\r\n\r\n`;
  yield* sys.write(fd, stringToBytes(head));
  while (withBody) {
    const bytes = yield* sys.read(input, 65_536);
    if (bytes.length === 0) break;
    yield* sys.write(fd, bytes);
    if (!sys.tryCharge(2)) yield* sys.charge(2);
  }
  sys.close(input);
}

const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: "Unsupported method",
  403: "",
  404: "The requested URL was not found",
  501: "The requested method is not recognized",
};

function* sendError(sys: Sys, fd: number, status: number, words: string): Blocking<number> {
  const title = `${String(status)} ${words}`;
  const body = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD>\n<BODY><H1>${title}</H1>\n${EXPLANATIONS[status] ?? ""}\n</BODY></HTML>\n`;
  const head =
    `HTTP/1.1 ${title}\r\nDate: ${formatTime(DATE_FORMAT, sys.nowMs())}\r\nConnection: close\r\n` +
    "Content-type: text/html\r\n\r\n";
  yield* sys.write(fd, stringToBytes(head + body));
  return 0;
}
