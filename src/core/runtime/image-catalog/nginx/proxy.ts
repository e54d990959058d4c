import { SysError, type Blocking } from "../../../shell/index.js";
import { callHttp, type HttpOutcome } from "../../http/http-client.js";
import type { HttpResponse } from "../../http/http-message.js";
import { errnoNumber } from "../errno-number.js";
import type { Directive } from "./configuration.js";
import type { SiteRequest } from "./respond.js";
import { effective, effectiveAll, type Scope } from "./site.js";
import { expandVariables, type VariableContext } from "./variables.js";

/** proxy_read_timeout's and proxy_connect_timeout's default. */
const TIMEOUT_MS = 60_000;
/** Headers of one connection alone. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "te",
]);

/** `proxy_pass`: asks another server. Null when none answered: a bad gateway. */
export function* proxy(
  site: SiteRequest,
  scope: Scope,
  directive: Directive,
  path: string,
  context: VariableContext,
): Blocking<HttpResponse | null> {
  const url = expandVariables(directive.args[0] ?? "", context);
  const [, scheme = "http", authority = "", rest = ""] =
    /^(https?):\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const { request } = site.exchange;
  const query = request.target.includes("?")
    ? request.target.slice(request.target.indexOf("?"))
    : "";
  const target = rest === "" ? request.target : rest + path.slice(scope.prefix.length) + query;
  for (const server of upstreamServers(site, authority)) {
    const [host = "", portText] = server.split(":");
    const port = Number(portText ?? (scheme === "https" ? 443 : 80));
    const address = yield* addressOf(site, host);
    if (address === null) {
      yield* site.logError("error", `${host} could not be resolved (3: Host not found)`);
      continue;
    }
    const outcome = yield* callHttp(site.sys, {
      address: { host: address, port },
      isTls: scheme === "https",
      method: request.method,
      target,
      headers: requestHeaders(site, scope, authority, context),
      body: request.body.length > 0 ? request.body : null,
      timeoutMs: timeoutOf(scope),
    });
    if (outcome.kind === "response") return toResponse(site, outcome);
    const upstream = `${scheme}://${address}:${String(port)}${target}`;
    yield* site.logError("error", `${failureText(outcome)}, upstream: "${upstream}"`);
  }
  return null;
}

/** The servers of an `upstream` block, starting with the next in turn; else the one that is named. */
const upstreamServers = (site: SiteRequest, authority: string): readonly string[] => {
  const blocks = site.server.http.filter(
    ({ name, args }) => name === "upstream" && args[0] === authority,
  );
  const servers = blocks
    .flatMap(({ block }) => block ?? [])
    .filter(({ name, args }) => name === "server" && !args.includes("down"))
    .map(({ args }) => args[0] ?? "");
  if (servers.length === 0) return [authority];
  const turn = turns.get(site.server) ?? 0;
  turns.set(site.server, turn + 1);
  return servers.map((_, index) => servers[(turn + index) % servers.length] ?? "");
};

const turns = new WeakMap<object, number>();

function* addressOf(site: SiteRequest, host: string): Blocking<string | null> {
  try {
    const [address] = yield* site.sys.resolve(host, "A");
    return address ?? null;
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}

const requestHeaders = (
  site: SiteRequest,
  scope: Scope,
  authority: string,
  context: VariableContext,
): [string, string][] => {
  const set = effectiveAll(scope, "proxy_set_header").map(
    ({ args: [name = "", value = ""] }): [string, string] => [
      name,
      expandVariables(value, context),
    ],
  );
  const names = new Set(set.map(([name]) => name.toLowerCase()));
  const passed = site.exchange.request.rawHeaders.filter(
    ([name]) =>
      !HOP_BY_HOP.has(name.toLowerCase()) &&
      name.toLowerCase() !== "host" &&
      !names.has(name.toLowerCase()),
  );
  const host: [string, string][] = names.has("host") ? [] : [["Host", authority]];
  const kept = set.filter(([name, value]) => value !== "" && name.toLowerCase() !== "connection");
  return [
    ...host,
    ...kept,
    ["Connection", "close"],
    ...passed.map(([n, v]): [string, string] => [n, v]),
  ];
};

const timeoutOf = (scope: Scope): number => {
  const text = effective(scope, "proxy_read_timeout")?.args[0] ?? "";
  const [, value, unit] = /^(\d+)(ms|s|m)?$/.exec(text) ?? [];
  if (value === undefined) return TIMEOUT_MS;
  return Number(value) * (unit === "ms" ? 1 : unit === "m" ? 60_000 : 1000);
};

const toResponse = (
  site: SiteRequest,
  { response }: Extract<HttpOutcome, { kind: "response" }>,
): HttpResponse => ({
  status: response.status,
  ...(response.reason === "" ? {} : { reason: response.reason }),
  headers: [
    ["Server", `nginx/${site.version}`],
    ...[...response.headers].filter(([name]) => !HOP_BY_HOP.has(name) && name !== "server"),
  ],
  body: response.body,
});

const failureText = (outcome: Exclude<HttpOutcome, { kind: "response" }>): string => {
  switch (outcome.kind) {
    case "unconnected":
      return `connect() failed (${errnoNumber(outcome.errno)}) while connecting to upstream`;
    case "timeout":
      return `upstream timed out (110: Connection timed out) while ${outcome.isConnected ? "reading response header from" : "connecting to"} upstream`;
    case "closed":
      return "upstream prematurely closed connection while reading response header from upstream";
    case "malformed":
      return "upstream sent no valid HTTP/1.0 header while reading response header from upstream";
    case "not-tls":
      return "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream";
  }
};
