import { SysError, type SocketAddress } from "../../../shell/index.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { inTurn, proxyStreams, type ProxyRoute } from "./tcp-proxy.js";

const UNAVAILABLE =
  "HTTP/1.0 503 Service Unavailable\r\ncache-control: no-cache\r\nconnection: close\r\ncontent-type: text/html\r\n\r\n" +
  "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n";

/** haproxy -f file: `frontend`, `backend` and `listen` sections with `bind`, `default_backend` and `server`. */
export const haproxyProgram: ImageProgram = function* (sys, argv, env) {
  const version = env.get("HAPROXY_VERSION") ?? "3.2.4";
  if (argv[1] === "-v") {
    yield* print(sys, 1, `HAProxy version ${version} - https://haproxy.org/\n`);
    return 0;
  }
  const at = argv.indexOf("-f");
  const file = at < 0 ? "/usr/local/etc/haproxy/haproxy.cfg" : (argv[at + 1] ?? "");
  const text = yield* readTextFile(sys, file);
  if (text === null) {
    yield* print(
      sys,
      2,
      `[NOTICE]   (1) : haproxy version is ${version}\n[NOTICE]   (1) : path to executable is /usr/local/sbin/haproxy\n` +
        `[ALERT]    (1) : Cannot open configuration file/directory ${file} : No such file or directory\n`,
    );
    return 1;
  }
  yield* print(
    sys,
    2,
    "[NOTICE]   (1) : New worker (8) forked\n[NOTICE]   (1) : Loading success.\n",
  );
  const stop = noteSignals(sys, ["TERM", "INT", "USR1"]);
  const routes = new Map<number, ProxyRoute>();
  for (const { host, port, targets } of parseSections(text)) {
    try {
      routes.set(sys.listen({ host, port }, 511), {
        next: inTurn(targets),
        unreachable: UNAVAILABLE,
      });
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* print(
        sys,
        2,
        `[ALERT]    (1) : Starting frontend: cannot bind socket (Address already in use) [${host}:${String(port)}]\n`,
      );
      return 1;
    }
  }
  yield* proxyStreams(sys, routes, () => stop.name !== null);
  return stop.name === "USR1" ? 0 : 143;
};

interface Binding {
  readonly host: string;
  readonly port: number;
  readonly targets: readonly SocketAddress[];
}

const parseSections = (text: string): readonly Binding[] => {
  const servers = new Map<string, SocketAddress[]>();
  const binds: { host: string; port: number; section: string }[] = [];
  /** What a section sends its connections to: itself, or the backend it names. */
  const backends = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n")) {
    const [keyword = "", first = "", second = ""] = line.replace(/#.*/, "").trim().split(/\s+/);
    switch (keyword) {
      case "frontend":
      case "backend":
      case "listen":
        section = first;
        servers.set(section, []);
        break;
      case "bind":
        binds.push({ ...parseAddress(first), section });
        break;
      case "default_backend":
      case "use_backend":
        backends.set(section, first);
        break;
      case "server":
        servers.get(section)?.push(parseAddress(second));
    }
  }
  return binds.map(({ host, port, section: name }) => ({
    host,
    port,
    targets: servers.get(backends.get(name) ?? name) ?? [],
  }));
};

const parseAddress = (text: string): SocketAddress => {
  const [, host = text, port = "80"] = /^(.*):(\d+)$/.exec(text) ?? [];
  return {
    host: host === "" || host === "*" || host === "::" ? "0.0.0.0" : host,
    port: Number(port),
  };
};
