import { commonLogTime } from "../../calendar.js";
import type { HttpExchange } from "../../http/http-server.js";
import type { Sys } from "../../../shell/index.js";

/** What nginx's variables are worked out from. */
export interface VariableContext {
  readonly sys: Sys;
  readonly exchange: HttpExchange;
  readonly serverName: string;
  readonly isTls: boolean;
  readonly status: number;
  readonly bodyBytes: number;
  readonly uri: string;
}

/** Replaces `$name` and `${name}`. */
export const expandVariables = (text: string, context: VariableContext): string =>
  text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, plain?: string) => variable(braced ?? plain ?? "", context) ?? whole,
  );

const FIXED: Readonly<Record<string, (context: VariableContext) => string>> = {
  args: ({ exchange: { request } }) => request.target.split("?")[1] ?? "",
  body_bytes_sent: ({ bodyBytes }) => String(bodyBytes),
  bytes_sent: ({ bodyBytes }) => String(bodyBytes + 200),
  document_uri: ({ uri }) => uri,
  host: ({ exchange, serverName }) => hostOf(exchange) ?? serverName,
  hostname: ({ sys }) => sys.hostname,
  is_args: ({ exchange: { request } }) => (request.target.includes("?") ? "?" : ""),
  msec: ({ sys }) => (sys.nowMs() / 1000).toFixed(3),
  pid: ({ sys }) => String(sys.pid),
  proxy_add_x_forwarded_for: ({ exchange }) => {
    const before = exchange.request.headers.get("x-forwarded-for");
    return before === undefined ? exchange.remote.host : `${before}, ${exchange.remote.host}`;
  },
  proxy_host: ({ exchange }) => hostOf(exchange) ?? "",
  query_string: ({ exchange: { request } }) => request.target.split("?")[1] ?? "",
  remote_addr: ({ exchange }) => exchange.remote.host,
  remote_port: ({ exchange }) => String(exchange.remote.port),
  remote_user: () => "-",
  request: ({ exchange: { request } }) => `${request.method} ${request.target} ${request.version}`,
  request_length: () => "0",
  request_method: ({ exchange: { request } }) => request.method,
  request_time: () => "0.000",
  request_uri: ({ exchange: { request } }) => request.target,
  scheme: ({ isTls }) => (isTls ? "https" : "http"),
  server_addr: ({ exchange }) => exchange.local.host,
  server_name: ({ serverName }) => serverName,
  server_port: ({ exchange }) => String(exchange.local.port),
  server_protocol: ({ exchange: { request } }) => request.version,
  status: ({ status }) => String(status),
  time_iso8601: ({ sys }) => commonLogTime(sys.nowMs()),
  time_local: ({ sys }) => commonLogTime(sys.nowMs()),
  uri: ({ uri }) => uri,
};

const variable = (name: string, context: VariableContext): string | null => {
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed !== undefined) return fixed(context);
  const { request } = context.exchange;
  if (name.startsWith("http_"))
    return request.headers.get(name.slice(5).replaceAll("_", "-")) ?? "";
  if (name.startsWith("arg_")) return request.query.get(name.slice(4)) ?? "";
  return null;
};

const hostOf = ({ request }: HttpExchange): string | undefined =>
  request.headers.get("host")?.replace(/:\d+$/, "");

/** `$remote_addr - $remote_user [$time_local] …`: an empty value is logged as a dash. */
export const logLine = (format: string, context: VariableContext): string =>
  format.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const value = variable(braced ?? plain ?? "", context);
    if (value === null) return whole;
    return value === "" ? "-" : value;
  });
