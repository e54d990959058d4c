import type { Blocking, SignalName, Sys } from "../../shell/index.js";
import { calendarTime, httpDate } from "../calendar.js";
import { parseQuery, REASONS, type HttpResponse } from "../http/http-message.js";
import type { HttpExchange } from "../http/http-server.js";
import type { ImageSys } from "../kernel/image-sys.js";
import { print } from "./program-io.js";

/**
 * What TERM and the like do to a Go program that has not asked for them: it dies of the signal, but as PID 1, which no default action
 * reaches, the runtime then exits with 2 (runtime/signal_unix.go, dieFromSignal).
 */
export const goSignals = (sys: ImageSys, except: readonly SignalName[] = []): void => {
  for (const signal of ["TERM", "INT", "HUP", "QUIT"] as const) {
    if (except.includes(signal)) continue;
    sys.onSignal(signal, () => {
      sys.end(sys.pid === 1 || signal === "QUIT" ? { code: 2 } : { signal });
    });
  }
};

/** A line of klog or glog: `I1101 12:00:00.000000       1 log.go:245] text`. */
export const klogLine = (sys: Sys, place: string, text: string): string => {
  const { month, day, hour, minute, second } = calendarTime(sys.nowMs());
  const micros = String(sys.nowMs() % 1000)
    .padStart(3, "0")
    .padEnd(6, "0");
  const pid = String(sys.pid).padStart(7);
  return `I${month}${day} ${hour}:${minute}:${second}.${micros} ${pid} ${place}] ${text}\n`;
};

/** What Go's log package writes in a program that sends it through klog, as agnhost does: the place is that of the log package itself. */
export const logThroughKlog = (sys: Sys, text: string): Blocking<void> =>
  logTo(sys, klogLine(sys, "log.go:245", text));

/** Go's %q for text of one line. */
export const goQuote = (text: string): string => JSON.stringify(text);

/** http.Redirect. */
export const goRedirect = (
  sys: Sys,
  { request }: HttpExchange,
  location: string,
  code = 302,
): HttpResponse => {
  const directory = request.path.slice(0, request.path.lastIndexOf("/") + 1);
  const isRelative = !/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(location);
  const target = isRelative ? `${directory}${location}` : location;
  const reason = code === 302 ? "Found" : (REASONS[code] ?? "");
  const href = target.replace(/&/g, "&amp;").replace(/"/g, "&#34;").replace(/</g, "&lt;");
  return goResponse(sys, code, `<a href="${href}">${reason}</a>.\n\n`, [
    ["Location", target],
    ["Content-Type", "text/html; charset=utf-8"],
  ]);
};

/** http.Error. */
export const goError = (sys: Sys, status: number, text: string): HttpResponse =>
  goResponse(sys, status, `${text}\n`, [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["X-Content-Type-Options", "nosniff"],
  ]);

/** A line of Go's log package: `2025/11/01 12:00:00 text`. */
export const goLogLine = (sys: Sys, text: string): string => {
  const { year, month, day, hour, minute, second } = calendarTime(sys.nowMs());
  return `${year}/${month}/${day} ${hour}:${minute}:${second} ${text}\n`;
};

/** An answer as net/http gives it. */
export const goResponse = (
  sys: Sys,
  status: number,
  body: string | Uint8Array,
  headers: readonly (readonly [string, string])[] = [],
): HttpResponse => {
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const isEmpty = body.length === 0;
  return {
    status,
    headers: [
      ...headers,
      ["Date", httpDate(sys.nowMs())],
      ...(hasType || isEmpty ? [] : ([["Content-Type", sniff(body)]] as const)),
    ],
    body,
  };
};

export const notFound = (sys: Sys): HttpResponse => goError(sys, 404, "404 page not found");

/** http.DetectContentType, as far as text goes. */
const sniff = (body: string | Uint8Array): string => {
  const start =
    typeof body === "string" ? body.slice(0, 64) : new TextDecoder().decode(body.subarray(0, 64));
  return /^\s*(<!doctype html|<html|<head|<body|<h1|<p|<div|<!--)/i.test(start)
    ? "text/html; charset=utf-8"
    : "text/plain; charset=utf-8";
};

export type GoHandler = (exchange: HttpExchange) => Blocking<HttpResponse>;

/** http.ServeMux: exact paths, and prefixes that end in a slash. */
export const routes = (sys: Sys, handlers: Readonly<Record<string, GoHandler>>): GoHandler => {
  const prefixes = Object.keys(handlers)
    .filter((path) => path.endsWith("/"))
    .sort((a, b) => b.length - a.length);
  return function* (exchange) {
    const { path } = exchange.request;
    const exact = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    const handler = exact ?? (prefix === undefined ? undefined : handlers[prefix]);
    return handler === undefined ? notFound(sys) : yield* handler(exchange);
  };
};

/** A query parameter, from the query or from a form in the body. */
export const formValue = ({ request }: HttpExchange, name: string): string => {
  const inQuery = request.query.get(name);
  if (inQuery !== undefined || request.body.length === 0) return inQuery ?? "";
  return parseQuery(new TextDecoder().decode(request.body)).get(name) ?? "";
};

/** Flags as Go's flag package and pflag read them: `-name=value`, `--name value`, `--switch`. What is no flag is left over. */
export const parseFlags = (
  words: readonly string[],
  switches: readonly string[] = [],
): { readonly flags: ReadonlyMap<string, string>; readonly rest: readonly string[] } => {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(word);
    if (match === null || word === "--") {
      if (word !== "--") rest.push(word);
      continue;
    }
    const [, name = "", value] = match;
    if (value !== undefined) flags.set(name, value);
    else if (switches.includes(name)) flags.set(name, "true");
    else {
      i += 1;
      flags.set(name, words[i] ?? "");
    }
  }
  return { flags, rest };
};

/** Go's time.ParseDuration in milliseconds; null when it is none. */
export const parseDuration = (text: string): number | null => {
  const units: Readonly<Record<string, number>> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
  };
  if (text === "0") return 0;
  let total = 0;
  const rest = text.replace(
    /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g,
    (_, value: string, unit: string) => {
      total += Number(value) * (units[unit] ?? 0);
      return "";
    },
  );
  return rest === "" && text !== "" ? total : null;
};

/** Prints a line to standard error, where Go's loggers write. */
export const logTo = (sys: Sys, line: string): Blocking<void> => print(sys, 2, line);

/** Go's Duration.String for what is below an hour. */
export const formatElapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${String(milliseconds)}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = String((milliseconds % 60_000) / 1000);
  return minutes === 0 ? `${seconds}s` : `${String(minutes)}m${seconds}s`;
};
