import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
import { asImageSys } from "../kernel/image-sys.js";
import {
  formatResponse,
  joinBytes,
  parseRequest,
  type HttpRequest,
  type HttpResponse,
} from "./http-message.js";
import { TLS_HELLO, TLS_REPLY, startsWithTlsHello } from "./tls.js";

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

interface Connection {
  readonly fd: number;
  readonly port: HttpPort;
  received: Uint8Array;
  isTlsDone: boolean;
}

const READ_BYTES = 65_536;
const BACKLOG = 511;
const NOTHING: Uint8Array = new Uint8Array(0);
const NEVER = (): boolean => false;

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

/**
 * Serves HTTP/1.1: one event loop, as nginx's worker or a Go server's scheduler looks from outside.
 * @param shouldStop asked whenever it wakes, for servers that stop at a signal
 */
export function* serveListeners(
  sys: Sys,
  listeners: ReadonlyMap<number, HttpPort>,
  shouldStop: () => boolean = NEVER,
): Blocking<void> {
  const connections = new Map<number, Connection>();
  while (!shouldStop()) {
    const fds = [...listeners.keys(), ...connections.keys()];
    const ready = yield* awaitWork(sys, fds, shouldStop);
    if (ready === null) break;
    yield* sys.charge(1);
    const port = listeners.get(ready);
    if (port !== undefined) {
      const fd = yield* sys.accept(ready);
      connections.set(fd, { fd, port, received: NOTHING, isTlsDone: port.isTls !== true });
      continue;
    }
    const connection = connections.get(ready);
    if (connection === undefined || (yield* serveConnection(sys, connection))) continue;
    connections.delete(ready);
    sys.close(ready);
  }
  for (const fd of [...listeners.keys(), ...connections.keys()]) sys.close(fd);
}

/** The next descriptor with something to read; null when the server is to stop. */
function* awaitWork(
  sys: Sys,
  fds: readonly number[],
  shouldStop: () => boolean,
): Blocking<number | null> {
  for (;;) {
    const ready = yield* asImageSys(sys).poll(fds, Infinity);
    if (shouldStop()) return null;
    if (ready !== null) return ready;
  }
}

/** Reads what has come and answers what is complete; false when the connection is over. */
function* serveConnection(sys: Sys, connection: Connection): Blocking<boolean> {
  try {
    const bytes = yield* sys.read(connection.fd, READ_BYTES);
    if (bytes.length === 0) return false;
    connection.received = joinBytes(connection.received, bytes);
    if (!connection.isTlsDone && !(yield* shakeHands(sys, connection))) return false;
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
  } catch (error) {
    // A client that is gone is no reason to end.
    if (error instanceof SysError) return false;
    throw error;
  }
}

function* answer(sys: Sys, connection: Connection, request: HttpRequest): Blocking<boolean> {
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

function* shakeHands(sys: Sys, connection: Connection): Blocking<boolean> {
  if (!startsWithTlsHello(connection.received)) {
    // net/http, Go: what a plain request to a TLS port gets.
    const text = "Client sent an HTTP request to an HTTPS server.\n";
    const response = { status: 400, headers: [], body: text };
    yield* sys.write(connection.fd, formatResponse(response, { keepAlive: false, isHead: false }));
    return false;
  }
  connection.received = connection.received.subarray(TLS_HELLO.length);
  connection.isTlsDone = true;
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
