import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
import {
  formatResponse,
  parseRequest,
  type HttpRequest,
  type HttpResponse,
} from "./http-message.js";
import { serveStreams, type Connection } from "./stream-server.js";
import { startsWithTlsHello, TLS_HELLO, TLS_REPLY } from "./tls.js";

/** Who asked, beside what. */
export interface HttpExchange {
  readonly request: HttpRequest;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
}

/** Closes the connection without an answer. */
export const HANG_UP = Symbol("hang up");

export type HttpHandler = (exchange: HttpExchange) => Blocking<HttpResponse | typeof HANG_UP>;

/** One listening port and what it answers. */
export interface HttpPort {
  readonly port: number;
  readonly host?: string;
  readonly isTls?: boolean;
  readonly handle: HttpHandler;
}

const BACKLOG = 511;

/** Listens on every port. Throws what listening throws (EADDRINUSE). */
export const listenHttp = (sys: Sys, ports: readonly HttpPort[]): Map<number, HttpPort> => {
  const listeners = new Map<number, HttpPort>();
  for (const port of ports)
    listeners.set(sys.listen({ host: port.host ?? "0.0.0.0", port: port.port }, BACKLOG), port);
  return listeners;
};

/** Listens and serves until the process is stopped. */
export function* serveHttp(sys: Sys, ports: readonly HttpPort[]): Blocking<void> {
  yield* serveListeners(sys, listenHttp(sys, ports));
}

/** Serves HTTP/1.1 on what is listened on. @param shouldStop as of serveStreams */
export function* serveListeners(
  sys: Sys,
  listeners: ReadonlyMap<number, HttpPort>,
  shouldStop?: () => boolean,
): Blocking<void> {
  /** Connections to TLS ports that have shaken hands. */
  const greeted = new WeakSet<Connection<HttpPort>>();
  yield* serveStreams(
    sys,
    listeners,
    function* (connection) {
      if (connection.port.isTls === true && !greeted.has(connection)) {
        if (!(yield* shakeHands(sys, connection))) return false;
        greeted.add(connection);
      }
      return yield* answerAll(sys, connection);
    },
    shouldStop,
  );
}

/** Answers every request that is complete; false when the connection is over. */
function* answerAll(sys: Sys, connection: Connection<HttpPort>): Blocking<boolean> {
  while (connection.received.length > 0) {
    const parsed = parseRequest(connection.received);
    if (parsed.state === "incomplete") return true;
    if (parsed.state === "malformed") {
      yield* answerMalformed(sys, connection.fd);
      return false;
    }
    connection.received = connection.received.subarray(parsed.bytesUsed);
    if (!(yield* answer(sys, connection, parsed.message))) return false;
  }
  return true;
}

function* answer(
  sys: Sys,
  connection: Connection<HttpPort>,
  request: HttpRequest,
): Blocking<boolean> {
  const { local, remote } = sys.socketAddresses(connection.fd);
  const exchange = { request, local, remote: remote ?? local };
  const response = yield* connection.port.handle(exchange);
  if (response === HANG_UP) return false;
  const wish = request.headers.get("connection")?.toLowerCase();
  const keepAlive = request.version === "HTTP/1.1" ? wish !== "close" : wish === "keep-alive";
  const isHead = request.method === "HEAD";
  yield* sys.write(connection.fd, formatResponse(response, { keepAlive, isHead }));
  return keepAlive;
}

function* shakeHands(sys: Sys, connection: Connection<HttpPort>): Blocking<boolean> {
  if (!startsWithTlsHello(connection.received)) {
    // net/http, Go: what a plain request to a TLS port gets.
    const text = "Client sent an HTTP request to an HTTPS server.\n";
    const response = { status: 400, headers: [], body: text };
    yield* sys.write(connection.fd, formatResponse(response, { keepAlive: false, isHead: false }));
    return false;
  }
  connection.received = connection.received.subarray(TLS_HELLO.length);
  yield* sys.write(connection.fd, TLS_REPLY);
  return true;
}

function* answerMalformed(sys: Sys, fd: number): Blocking<void> {
  const response = {
    status: 400,
    headers: [["Content-Type", "text/plain; charset=utf-8"]] as const,
    body: "400 Bad Request",
  };
  yield* sys.write(fd, formatResponse(response, { keepAlive: false, isHead: false }));
}
