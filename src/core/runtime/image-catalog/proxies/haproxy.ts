import { SysError, type SocketAddress } from "../../../shell/index.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { inTurn, proxyStreams, type ProxyRoute } from "./tcp-proxy.js";

const UNAVAILABLE =
  "HTTP/1.0 503 Service Unavailable\r\ncache-control: no-cache\r\nconnection: close\r\ncontent-type: text/html\r\n\r\n" +
  "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n";

/** haproxy -f file: `frontend`, `backend` and `listen` sections with `bind`, `default_backend` and `server`. */
export const haproxyProgram: ImageProgram = function* (sys, argv) {
  const at = argv.indexOf("-f");
  const file = at < 0 ? "/usr/local/etc/haproxy/haproxy.cfg" : (argv[at + 1] ?? "");
  const text = yield* readTextFile(sys, file);
  if (text === null) {
    yield* print(
      sys,
      2,
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
  const backends = new Map<string, SocketAddress[]>();
  const binds: { host: string; port: number; backend: string }[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    const [keyword = "", first = "", second = ""] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (/^(frontend|backend|listen)$/.test(keyword)) {
      section = first;
      backends.set(section, backends.get(section) ?? []);
    } else if (keyword === "bind") {
      const [, host = "", port = "0"] = /^(.*):(\d+)$/.exec(first) ?? [];
      binds.push({
        host: host === "" || host === "*" || host === "::" ? "0.0.0.0" : host,
        port: Number(port),
        backend: section,
      });
    } else if (keyword === "default_backend" || keyword === "use_backend") {
      for (const bind of binds) if (bind.backend === section) bind.backend = first;
    } else if (keyword === "server") {
      const [, host = second, port = "80"] = /^(.*):(\d+)$/.exec(second) ?? [];
      backends.get(section)?.push({ host, port: Number(port) });
    }
  }
  return binds.map(({ host, port, backend }) => ({
    host,
    port,
    targets: backends.get(backend) ?? [],
  }));
};
