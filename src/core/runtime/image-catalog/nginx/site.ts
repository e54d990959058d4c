import { RE2JS } from "re2js";
import { ConfigurationError, type Directive } from "./configuration.js";

/** A `location`, or the server itself where none matches, with what it inherits. */
export interface Scope {
  /** From the innermost outwards: location, server, http. */
  readonly levels: readonly (readonly Directive[])[];
  /** The prefix that matched: what `alias` and `proxy_pass` replace. */
  readonly prefix: string;
}

export interface ServerBlock {
  readonly directives: readonly Directive[];
  readonly listens: readonly {
    readonly host: string;
    readonly port: number;
    readonly isTls: boolean;
    readonly isDefault: boolean;
  }[];
  readonly names: readonly string[];
  readonly http: readonly Directive[];
}

/** The servers of a configuration. */
export const serversOf = (configuration: readonly Directive[]): readonly ServerBlock[] => {
  const servers: ServerBlock[] = [];
  for (const http of configuration) {
    if (http.name !== "http" || http.block === null) continue;
    for (const server of http.block) {
      if (server.name !== "server" || server.block === null) continue;
      const listens = server.block.filter(({ name }) => name === "listen").map(parseListen);
      servers.push({
        directives: server.block,
        listens:
          listens.length > 0
            ? listens
            : [{ host: "0.0.0.0", port: 80, isTls: false, isDefault: false }],
        names: server.block
          .filter(({ name }) => name === "server_name")
          .flatMap(({ args }) => args),
        http: http.block,
      });
    }
  }
  return servers;
};

/** Which server answers on a port for a host name: an exact name, then wildcards, then regular ones, then the default. */
export const chooseServer = (
  servers: readonly ServerBlock[],
  port: number,
  host: string,
): ServerBlock | null => {
  const candidates = servers.filter(({ listens }) =>
    listens.some((listen) => listen.port === port),
  );
  const exact = candidates.find(({ names }) => names.includes(host));
  const wildcard = candidates.find(({ names }) =>
    names.some((name) => matchesWildcard(name, host)),
  );
  const preferred = candidates.find(({ listens }) =>
    listens.some((listen) => listen.port === port && listen.isDefault),
  );
  return exact ?? wildcard ?? preferred ?? candidates[0] ?? null;
};

/** The location of a path: `=`, then the longest prefix if it is `^~`, then the first regular expression, then the longest prefix. */
export const chooseLocation = (server: ServerBlock, path: string): Scope => {
  const locations = server.directives.filter(
    ({ name, block }) => name === "location" && block !== null,
  );
  const exact = locations.find(({ args }) => args[0] === "=" && args[1] === path);
  if (exact !== undefined) return scopeOf(server, exact, path);
  const longest = longestPrefix(locations, path);
  if (longest?.args[0] !== "^~") {
    const matching = locations.find(
      (location) => isExpression(location) && matchesExpression(location, path),
    );
    if (matching !== undefined) return scopeOf(server, matching, "");
  }
  if (longest === null) return { levels: [server.directives, server.http], prefix: "/" };
  return scopeOf(server, longest, prefixOf(longest) ?? "");
};

const isExpression = ({ args }: Directive): boolean => args[0] === "~" || args[0] === "~*";

/** The path that a location stands for; null of those that are no prefixes. */
const prefixOf = ({ args: [first = "", second = ""] }: Directive): string | null => {
  if (first === "^~") return second;
  return /^(=|~|~\*|@.*)$/.test(first) ? null : first;
};

const longestPrefix = (locations: readonly Directive[], path: string): Directive | null => {
  let longest: Directive | null = null;
  let length = -1;
  for (const location of locations) {
    const prefix = prefixOf(location);
    if (prefix === null || prefix.length <= length || !path.startsWith(prefix)) continue;
    longest = location;
    length = prefix.length;
  }
  return longest;
};

/** `@name`, for try_files and error_page. */
export const namedLocation = (server: ServerBlock, name: string): Scope | null => {
  const directive = server.directives.find(
    (other) => other.name === "location" && other.args[0] === name,
  );
  return directive === undefined ? null : scopeOf(server, directive, "");
};

/** The directive in effect: the innermost level that has it. */
export const effective = (scope: Scope, name: string): Directive | null => {
  for (const level of scope.levels)
    for (const directive of level) if (directive.name === name) return directive;
  return null;
};

/** All of the innermost level that has any. */
export const effectiveAll = (scope: Scope, name: string): readonly Directive[] => {
  for (const level of scope.levels) {
    const found = level.filter((directive) => directive.name === name);
    if (found.length > 0) return found;
  }
  return [];
};

const scopeOf = (server: ServerBlock, location: Directive, prefix: string): Scope => ({
  levels: [location.block ?? [], server.directives, server.http],
  prefix,
});

const parseListen = (directive: Directive): ServerBlock["listens"][number] => {
  const [address = "80", ...parameters] = directive.args;
  const [, host, port] = /^(?:(\[.*\]|[^:]*):)?(\d+)$/.exec(address) ?? [];
  if (port === undefined && !address.startsWith("unix:") && !/^[\w.*-]+$/.test(address))
    throw new ConfigurationError(
      `invalid parameter "${address}" in ${directive.file}:${String(directive.line)}`,
    );
  return {
    host: host === undefined || host === "*" || host === "[::]" ? "0.0.0.0" : host,
    port: port === undefined ? 80 : Number(port),
    isTls: parameters.includes("ssl"),
    isDefault: parameters.includes("default_server"),
  };
};

const matchesWildcard = (pattern: string, host: string): boolean => {
  if (pattern.startsWith("*.")) return host.endsWith(pattern.slice(1));
  if (pattern.endsWith(".*")) return host.startsWith(pattern.slice(0, -1));
  return pattern.startsWith(".") && (host === pattern.slice(1) || host.endsWith(pattern));
};

/** Linear in the path, whatever the manifest wrote. */
const matchesExpression = (directive: Directive, path: string): boolean => {
  const [kind, pattern = ""] = directive.args;
  try {
    return RE2JS.compile(pattern, kind === "~*" ? RE2JS.CASE_INSENSITIVE : 0)
      .matcher(path)
      .find();
  } catch {
    throw new ConfigurationError(
      `pcre2_compile() failed in "${pattern}" in ${directive.file}:${String(directive.line)}`,
    );
  }
};
