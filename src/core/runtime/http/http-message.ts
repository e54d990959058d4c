import { joinBytes } from "./stream-server.js";
import { HTTP_BODY_BYTES, HTTP_HEAD_BYTES } from "../limits.js";

/** Names in lower case. */
export type HttpHeaders = ReadonlyMap<string, string>;

export interface HttpRequest {
  readonly method: string;
  /** As it was sent: path and query. */
  readonly target: string;
  readonly path: string;
  readonly query: URLQuery;
  readonly version: string;
  readonly headers: HttpHeaders;
  /** Names as they were sent, in order. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason?: string;
  /** Beside Content-Length and Connection, which the server adds. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array;
}

/** A query string: the first value of each name. */
export type URLQuery = ReadonlyMap<string, string>;

/** What has arrived of a message so far: not enough, too much or wrong, or all of it (with what lies behind). */
export type Parsed<T> =
  | { readonly state: "incomplete" }
  | { readonly state: "malformed"; readonly detail: string }
  | { readonly state: "complete"; readonly message: T; readonly bytesUsed: number };

export interface ReceivedResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

export const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  418: "I'm a teapot",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const parseRequest = (bytes: Uint8Array): Parsed<HttpRequest> => {
  // A TLS record where plain HTTP is spoken.
  if (bytes[0] === 0x16) return { state: "malformed", detail: "TLS" };
  const head = readHead(bytes);
  if (head === null) return headOverflow(bytes);
  const [method = "", target = "", version = ""] = head.firstLine.split(" ");
  if (!/^HTTP\/1\.[01]$/.test(version) || target === "")
    return { state: "malformed", detail: head.firstLine };
  const body = readBody(bytes, head, false);
  if (body === null) return { state: "incomplete" };
  const question = target.indexOf("?");
  const message: HttpRequest = {
    method,
    target,
    path: decodePath(question < 0 ? target : target.slice(0, question)),
    query: parseQuery(question < 0 ? "" : target.slice(question + 1)),
    version,
    headers: head.headers,
    rawHeaders: head.rawHeaders,
    body: body.bytes,
  };
  return { state: "complete", message, bytesUsed: body.end };
};

/** @param isAtEnd the other side has closed, which ends a body of unknown length. */
export const parseResponse = (
  bytes: Uint8Array,
  isAtEnd: boolean,
  method: string,
): Parsed<ReceivedResponse> => {
  const start = decoder.decode(bytes.subarray(0, 5));
  if (start !== "HTTP/".slice(0, start.length)) {
    const line = decoder.decode(bytes.subarray(0, 64)).split("\n", 1)[0] ?? "";
    return { state: "malformed", detail: line };
  }
  const head = readHead(bytes);
  if (head === null) return headOverflow(bytes);
  const [, version = "", status = "", reason = ""] =
    /^(HTTP\/\d\.\d) (\d{3}) ?(.*)$/.exec(head.firstLine) ?? [];
  if (status === "") return { state: "malformed", detail: head.firstLine };
  const hasNoBody = method === "HEAD" || status === "204" || status === "304";
  const body = hasNoBody
    ? { bytes: new Uint8Array(0), end: head.end }
    : readBody(bytes, head, true, isAtEnd);
  if (body === null) return { state: "incomplete" };
  const message = {
    status: Number(status),
    reason,
    version,
    headers: head.headers,
    body: body.bytes,
  };
  return { state: "complete", message, bytesUsed: body.end };
};

export const formatResponse = (
  response: HttpResponse,
  options: { readonly keepAlive: boolean; readonly isHead: boolean },
): Uint8Array => {
  const body = typeof response.body === "string" ? encoder.encode(response.body) : response.body;
  const reason = response.reason ?? REASONS[response.status] ?? "Unknown";
  let head = `HTTP/1.1 ${String(response.status)} ${reason}\r\n`;
  for (const [name, value] of response.headers) head += `${name}: ${value}\r\n`;
  if (response.status !== 204 && response.status !== 304)
    head += `Content-Length: ${String(body.length)}\r\n`;
  head += `Connection: ${options.keepAlive ? "keep-alive" : "close"}\r\n\r\n`;
  return options.isHead ? encoder.encode(head) : joinBytes(encoder.encode(head), body);
};

export const formatRequest = (
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array | null,
): Uint8Array => {
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  if (body !== null) head += `Content-Length: ${String(body.length)}\r\n`;
  const bytes = encoder.encode(`${head}\r\n`);
  return body === null ? bytes : joinBytes(bytes, body);
};

export const parseQuery = (text: string): URLQuery => {
  const query = new Map<string, string>();
  for (const part of text.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeComponent(equals < 0 ? part : part.slice(0, equals));
    if (!query.has(name))
      query.set(name, equals < 0 ? "" : decodeComponent(part.slice(equals + 1)));
  }
  return query;
};

interface Head {
  readonly firstLine: string;
  readonly headers: Map<string, string>;
  readonly rawHeaders: [string, string][];
  /** Where the body begins. */
  readonly end: number;
}

const readHead = (bytes: Uint8Array): Head | null => {
  const end = headEnd(bytes);
  if (end < 0) return null;
  const lines = decoder.decode(bytes.subarray(0, end)).split(/\r?\n/);
  const headers = new Map<string, string>();
  const rawHeaders: [string, string][] = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    rawHeaders.push([name, value]);
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return { firstLine: lines[0] ?? "", headers, rawHeaders, end };
};

/** Behind the empty line; -1 when it has not come yet. */
const headEnd = (bytes: Uint8Array): number => {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
};

const headOverflow = (bytes: Uint8Array): Parsed<never> =>
  bytes.length > HTTP_HEAD_BYTES
    ? { state: "malformed", detail: "headers too long" }
    : { state: "incomplete" };

const readBody = (
  bytes: Uint8Array,
  head: Head,
  mayRunToEnd: boolean,
  isAtEnd = false,
): { readonly bytes: Uint8Array; readonly end: number } | null => {
  if (head.headers.get("transfer-encoding")?.toLowerCase() === "chunked")
    return readChunks(bytes, head.end);
  const length = head.headers.get("content-length");
  if (length !== undefined) {
    const end = head.end + Math.min(Number(length) || 0, HTTP_BODY_BYTES);
    return bytes.length < end && !isAtEnd ? null : { bytes: bytes.subarray(head.end, end), end };
  }
  if (!mayRunToEnd) return { bytes: bytes.subarray(head.end, head.end), end: head.end };
  const isFull = bytes.length - head.end >= HTTP_BODY_BYTES;
  return isAtEnd || isFull ? { bytes: bytes.subarray(head.end), end: bytes.length } : null;
};

const readChunks = (
  bytes: Uint8Array,
  start: number,
): { readonly bytes: Uint8Array; readonly end: number } | null => {
  let body: Uint8Array = new Uint8Array(0);
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf(10, at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(decoder.decode(bytes.subarray(at, lineEnd)), 16) || 0;
    const from = lineEnd + 1;
    if (bytes.length < from + size + 2) return null;
    if (size === 0) return { bytes: body, end: from + 2 };
    if (body.length < HTTP_BODY_BYTES) body = joinBytes(body, bytes.subarray(from, from + size));
    at = from + size + 2;
  }
};

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const decodeComponent = (text: string): string => decodePath(text.replace(/\+/g, " "));
