import { RE2JS } from "re2js";
import type { Blocking, Sys } from "../../../shell/index.js";
import { httpDate } from "../../calendar.js";
import { REASONS, type HttpResponse } from "../../http/http-message.js";
import { HANG_UP, type HttpExchange } from "../../http/http-server.js";
import { contentType } from "../mime-types.js";
import { readFile } from "../program-io.js";
import type { Directive } from "./configuration.js";
import { proxy } from "./proxy.js";
import {
  chooseLocation,
  effective,
  effectiveAll,
  namedLocation,
  type Scope,
  type ServerBlock,
} from "./site.js";
import { expandVariables, type VariableContext } from "./variables.js";

/** What a request is answered from. */
export interface SiteRequest {
  readonly sys: Sys;
  readonly version: string;
  readonly server: ServerBlock;
  readonly exchange: HttpExchange;
  readonly isTls: boolean;
  readonly configuration: readonly Directive[];
  /** Writes to the error log; `context` (client, server, request, host) is added. */
  readonly logError: (level: string, text: string) => Blocking<void>;
}

/** Internal redirections of one request before nginx gives up: NGX_HTTP_MAX_URI_CHANGES. */
const REDIRECTIONS = 10;

export function* respond(site: SiteRequest): Blocking<HttpResponse | typeof HANG_UP> {
  const path = normalize(site.exchange.request.path);
  return yield* respondAt(site, chooseLocation(site.server, path), path, 0);
}

function* respondAt(
  site: SiteRequest,
  scope: Scope,
  path: string,
  depth: number,
): Blocking<HttpResponse | typeof HANG_UP> {
  if (depth > REDIRECTIONS) {
    yield* site.logError("error", "rewrite or internal redirection cycle");
    return errorPage(site, 500);
  }
  const [location = []] = scope.levels;
  const own = (name: string): Directive | undefined =>
    location.find((directive) => directive.name === name);
  const returned = own("return") ?? scope.levels[1]?.find(({ name }) => name === "return");
  if (returned !== undefined) return withHeaders(site, scope, answerReturn(site, returned, path));
  const rewritten = rewrite(location, path);
  if (rewritten !== null)
    return yield* respondAt(site, chooseLocation(site.server, rewritten), rewritten, depth + 1);
  if (own("stub_status") !== undefined) return stubStatus(site);
  const passed = own("proxy_pass");
  if (passed !== undefined) {
    const context = variables(site, path);
    const response = yield* proxy(site, scope, passed, path, context);
    return withHeaders(site, scope, response ?? errorPage(site, 502));
  }
  const tried = effective(scope, "try_files");
  if (tried !== null && scope.levels[0]?.includes(tried) === true)
    return yield* tryFiles(site, scope, tried, path, depth);
  return withHeaders(site, scope, yield* serveFile(site, scope, path, depth));
}

function* tryFiles(
  site: SiteRequest,
  scope: Scope,
  directive: Directive,
  path: string,
  depth: number,
): Blocking<HttpResponse | typeof HANG_UP> {
  const candidates = directive.args.slice(0, -1);
  const fallback = directive.args.at(-1) ?? "";
  const context = variables(site, path);
  for (const candidate of candidates) {
    const uri = expandVariables(candidate, context);
    const file = filePath(site, scope, uri);
    const wantsDirectory = uri.endsWith("/");
    if (typeOf(site.sys, file) === (wantsDirectory ? "directory" : "file"))
      return withHeaders(site, scope, yield* serveFile(site, scope, uri, depth));
  }
  if (fallback.startsWith("=")) return errorPage(site, Number(fallback.slice(1)));
  const named = fallback.startsWith("@") ? namedLocation(site.server, fallback) : null;
  if (named !== null) return yield* respondAt(site, named, path, depth + 1);
  const uri = expandVariables(fallback, context).split("?")[0] ?? "/";
  return yield* respondAt(site, chooseLocation(site.server, uri), uri, depth + 1);
}

function* serveFile(
  site: SiteRequest,
  scope: Scope,
  path: string,
  depth: number,
): Blocking<HttpResponse> {
  const { sys, exchange } = site;
  const { method } = exchange.request;
  if (method !== "GET" && method !== "HEAD") return errorPage(site, 405);
  const file = filePath(site, scope, path);
  const type = typeOf(sys, file);
  if (type === "directory") return yield* serveDirectory(site, scope, path, file, depth);
  const bytes = type === null ? null : yield* readFile(sys, file);
  if (bytes === null) {
    const why = type === null ? "2: No such file or directory" : "13: Permission denied";
    yield* site.logError("error", `open() "${file}" failed (${why})`);
    return errorPage(site, type === null ? 404 : 403);
  }
  const stat = sys.stat(file);
  const modified = httpDate(stat.mtimeMs);
  const tag = `"${Math.floor(stat.mtimeMs / 1000).toString(16)}-${stat.sizeBytes.toString(16)}"`;
  const validators: [string, string][] = [
    ["Last-Modified", modified],
    ["ETag", tag],
  ];
  const isFresh =
    exchange.request.headers.get("if-none-match") === tag ||
    exchange.request.headers.get("if-modified-since") === modified;
  if (isFresh) return { status: 304, headers: [...common(site), ...validators], body: "" };
  const defaultType = effective(scope, "default_type")?.args[0] ?? "text/plain";
  const typeHeader: [string, string] = ["Content-Type", contentType(file) ?? defaultType];
  return {
    status: 200,
    headers: [...common(site), typeHeader, ...validators, ["Accept-Ranges", "bytes"]],
    body: bytes,
  };
}

function* serveDirectory(
  site: SiteRequest,
  scope: Scope,
  path: string,
  file: string,
  depth: number,
): Blocking<HttpResponse> {
  if (!path.endsWith("/")) {
    const host = site.exchange.request.headers.get("host") ?? site.exchange.local.host;
    const scheme = site.isTls ? "https" : "http";
    return redirect(site, 301, `${scheme}://${host}${path}/`);
  }
  const indexes = effective(scope, "index")?.args ?? ["index.html"];
  for (const index of indexes) {
    const base = file.endsWith("/") ? file : `${file}/`;
    if (typeOf(site.sys, base + index) === "file") {
      const next = path + index;
      const inner = chooseLocation(site.server, next);
      // An index file is looked for again as a path of its own, where another location may take it.
      return yield* serveFile(site, depth < REDIRECTIONS ? inner : scope, next, depth + 1);
    }
  }
  if (effective(scope, "autoindex")?.args[0] === "on") return autoIndex(site, path, file);
  yield* site.logError("error", `directory index of "${file}" is forbidden`);
  return errorPage(site, 403);
}

const filePath = (site: SiteRequest, scope: Scope, path: string): string => {
  const alias = scope.levels[0]?.find(({ name }) => name === "alias");
  if (alias !== undefined) return (alias.args[0] ?? "") + path.slice(scope.prefix.length);
  const root = effective(scope, "root")?.args[0] ?? "/etc/nginx/html";
  return expandVariables(root, variables(site, path)).replace(/\/$/, "") + path;
};

const answerReturn = (site: SiteRequest, directive: Directive, path: string): HttpResponse => {
  const [first = "", second] = directive.args;
  const context = variables(site, path);
  if (!/^\d+$/.test(first)) return redirect(site, 302, expandVariables(first, context));
  const status = Number(first);
  if (second === undefined) return errorPage(site, status);
  if ([301, 302, 303, 307, 308].includes(status))
    return redirect(site, status, expandVariables(second, context));
  const type =
    effective(chooseLocation(site.server, path), "default_type")?.args[0] ?? "text/plain";
  return {
    status,
    headers: [...common(site), ["Content-Type", type]],
    body: expandVariables(second, context).replace(/\\n/g, "\n"),
  };
};

const redirect = (site: SiteRequest, status: number, location: string): HttpResponse => {
  const page = errorPage(site, status);
  return { ...page, headers: [...page.headers, ["Location", location]] };
};

/** Only the flags that stay within the server: `last` and `break` both look at the new path. */
const rewrite = (location: readonly Directive[], path: string): string | null => {
  for (const { name, args } of location) {
    if (name !== "rewrite") continue;
    const [pattern = "", replacement = ""] = args;
    const match = matchPattern(pattern, path);
    if (match === null || /^https?:/.test(replacement)) continue;
    const next = replacement.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? "");
    if (next !== path) return next;
  }
  return null;
};

const matchPattern = (pattern: string, path: string): readonly string[] | null => {
  const matcher = RE2JS.compile(pattern).matcher(path);
  if (!matcher.find()) return null;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? "");
};

const stubStatus = (site: SiteRequest): HttpResponse => ({
  status: 200,
  headers: [...common(site), ["Content-Type", "text/plain"]],
  body: "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n",
});

const autoIndex = (site: SiteRequest, path: string, directory: string): HttpResponse => {
  const names = site.sys
    .readDirectory(directory)
    .map(({ name, type }) => (type === "directory" ? `${name}/` : name))
    .sort();
  const rows = names.map((name) => `<a href="${name}">${name}</a>\r\n`).join("");
  const body =
    `<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre>` +
    `<a href="../">../</a>\r\n${rows}</pre><hr></body>\r\n</html>\r\n`;
  return { status: 200, headers: [...common(site), ["Content-Type", "text/html"]], body };
};

/** ngx_http_special_response.c */
export const errorPage = (
  site: Pick<SiteRequest, "sys" | "version">,
  status: number,
): HttpResponse => {
  const title = `${String(status)} ${TITLES[status] ?? REASONS[status] ?? ""}`.trim();
  const isBare = status < 300 || status === 304;
  return {
    status,
    ...(TITLES[status] === undefined ? {} : { reason: TITLES[status] }),
    headers: [...common(site), ...(isBare ? [] : ([["Content-Type", "text/html"]] as const))],
    body: isBare
      ? ""
      : `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
        `<hr><center>nginx/${site.version}</center>\r\n</body>\r\n</html>\r\n`,
  };
};

/** Where nginx words a status otherwise than net/http does. */
const TITLES: Readonly<Record<number, string>> = {
  302: "Found",
  405: "Not Allowed",
  413: "Request Entity Too Large",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

const common = ({ sys, version }: Pick<SiteRequest, "sys" | "version">): [string, string][] => [
  ["Server", `nginx/${version}`],
  ["Date", httpDate(sys.nowMs())],
];

const withHeaders = (site: SiteRequest, scope: Scope, response: HttpResponse): HttpResponse => {
  const path = site.exchange.request.path;
  const added = effectiveAll(scope, "add_header")
    .filter(({ args }) => args[2] === "always" || response.status < 400)
    .map(({ args: [name = "", value = ""] }): [string, string] => [
      name,
      expandVariables(value, variables(site, path)),
    ]);
  return added.length === 0 ? response : { ...response, headers: [...response.headers, ...added] };
};

export const variables = (site: SiteRequest, uri: string): VariableContext => ({
  sys: site.sys,
  exchange: site.exchange,
  serverName: site.server.names[0] ?? "",
  isTls: site.isTls,
  status: 0,
  bodyBytes: 0,
  uri,
});

/** `//` and `..` away, as merge_slashes and the parser of request lines do. */
const normalize = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}${path.endsWith("/") && parts.length > 0 ? "/" : ""}`;
};

const typeOf = (sys: Sys, path: string): string | null => {
  const plain = path.replace(/(?<=.)\/+$/, "");
  return sys.access(plain, {}) ? sys.stat(plain).type : null;
};
