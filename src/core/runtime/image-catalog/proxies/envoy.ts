import { parse } from "yaml";
import type { SocketAddress } from "../../../shell/index.js";
import { SysError } from "../../../shell/index.js";
import { timestamp } from "../databases/database-server.js";
import { listenHttp, serveListeners } from "../../http/http-server.js";
import { asImageSys, type ImageProgram } from "../../kernel/image-sys.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { goResponse } from "../go-server.js";
import { inTurn, proxyStreams, type ProxyRoute } from "./tcp-proxy.js";

const UNREACHABLE_TEXT =
  "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused";
const UNREACHABLE =
  `HTTP/1.1 503 Service Unavailable\r\ncontent-length: ${String(UNREACHABLE_TEXT.length)}\r\ncontent-type: text/plain\r\n` +
  `server: envoy\r\nconnection: close\r\n\r\n${UNREACHABLE_TEXT}`;

/** envoy -c file: the static listeners of its configuration, each passed on to the first cluster that it names. */
export const envoyProgram: ImageProgram = function* (sys, argv) {
  const at = argv.findIndex((word) => word === "-c" || word === "--config-path");
  const file = at < 0 ? "/etc/envoy/envoy.yaml" : (argv[at + 1] ?? "");
  const log = function* (level: string, text: string) {
    yield* print(
      sys,
      2,
      `[${timestamp(sys.nowMs())}.000][1][${level}][main] [source/server/server.cc:0] ${text}\n`,
    );
  };
  const text = yield* readTextFile(sys, file);
  if (text === null) {
    yield* log(
      "critical",
      `error initializing configuration '${file}': unable to read file: ${file}`,
    );
    return 1;
  }
  let configuration: unknown;
  try {
    configuration = parse(text);
  } catch {
    yield* log("critical", `error initializing configuration '${file}': Unable to parse YAML`);
    return 1;
  }
  yield* log("info", "initializing epoch 0 (base id=0, hot restart version=11.104)");
  const stop = noteSignals(sys, ["TERM", "INT"]);
  const resources = field(configuration, "static_resources");
  const routes = new Map<number, ProxyRoute>();
  const admin = socketAddress(field(configuration, "admin"));
  try {
    for (const listener of list(field(resources, "listeners"))) {
      const address = socketAddress(listener);
      if (address === null) continue;
      const targets = clusterAddresses(resources, firstCluster(listener));
      routes.set(sys.listen(address, 511), { next: inTurn(targets), unreachable: UNREACHABLE });
    }
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* log("critical", "cannot bind: Address already in use");
    return 1;
  }
  if (admin !== null) sys.fork("envoy", (child) => serveAdmin(asImageSys(child), admin));
  yield* log("info", "all dependencies initialized. starting workers");
  yield* log("info", "starting main dispatch loop");
  yield* proxyStreams(sys, routes, () => stop.name !== null);
  yield* log("warning", `caught ENVOY_SIG${String(stop.name)}`);
  yield* log("info", "exiting");
  return 0;
};

function* serveAdmin(sys: ReturnType<typeof asImageSys>, { port }: SocketAddress) {
  const answers: Readonly<Record<string, string>> = {
    "/ready": "LIVE\n",
    "/server_info": '{"state":"LIVE"}',
    "/stats": "server.live: 1\nserver.state: 0\n",
    "/clusters": "",
  };
  yield* serveListeners(
    sys,
    listenHttp(sys, [
      {
        port,

        *handle({ request }) {
          const body = answers[request.path];
          return goResponse(
            sys,
            body === undefined ? 404 : 200,
            body ?? "invalid path. admin commands are:\n",
          );
        },
      },
    ]),
  );
  return 0;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const socketAddress = (value: unknown): SocketAddress | null => {
  const socket = field(field(value, "address"), "socket_address");
  const port = field(socket, "port_value");
  const host = field(socket, "address");
  if (typeof port !== "number") return null;
  return { host: typeof host === "string" ? host : "0.0.0.0", port };
};

/** The first cluster named anywhere below. */
const firstCluster = (value: unknown): string => {
  const own = field(value, "cluster");
  if (typeof own === "string") return own;
  if (typeof value !== "object" || value === null) return "";
  for (const child of Object.values(value)) {
    const found = firstCluster(child);
    if (found !== "") return found;
  }
  return "";
};

const clusterAddresses = (resources: unknown, name: string): readonly SocketAddress[] => {
  const cluster = list(field(resources, "clusters")).find((one) => field(one, "name") === name);
  const endpoints = list(field(field(cluster, "load_assignment"), "endpoints")).flatMap((group) =>
    list(field(group, "lb_endpoints")).map((one) => socketAddress(field(one, "endpoint"))),
  );
  return endpoints.filter((address) => address !== null);
};
