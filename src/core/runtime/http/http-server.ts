import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
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

export type HttpHandler = (exchange: HttpExchange) => Blocking<HttpResponse | HangUp>;

/** Closes the connection without an answer. */
export const HANG_UP = Symbol("hang up");
export type HangUp = typeof HANG_UP;

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

/**
 * Serves HTTP/1.1 on some ports until the process is stopped: one event loop, as nginx's worker or a Go server's scheduler would look from outside. Throws what
 * listening throws (EADDRINUSE).
 * @param shouldStop asked after each wait, for servers that stop at a signal
 */
export function* serveHttp(
  sys: Sys,
  ports: readonly HttpPort[],
  shouldStop: () => boolean = () => false,
): Blocking<void> {
  const listeners = new Map<number, HttpPort>();
  for (const port of ports)
    listeners.set(sys.listen({ host: port.host ?? "0.0.0.0", port: port.port }, 511), port);
  const connections = new Map<number, Connection>();
  while (!shouldStop()) {
    const fds = [...listeners.keys(), ...connections.keys()];
    const ready = yield* sys.waitReadable(fds, Infinity);
    if (ready === null) continue;
    yield* sys.charge(1);
    const port = listeners.get(ready);
    if (port !== undefined) {
      const fd = yield* sys.accept(ready);
      connections.set(fd, { fd, port, received: NOTHING, isTlsDone: port.isTls !== true });
      continue;
    }
    const connection = connections.get(ready);
    if (connection === undefined) continue;
    const isOpen = yield* serveConnection(sys, connection);
    if (isOpen) continue;
    connections.delete(ready);
    sys.close(ready);
  }
  for (const fd of [...listeners.keys(), ...connections.keys()]) sys.close(fd);
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** Reads what has come and answers what is complete; false when the connection is over. */
function* serveConnection(sys: Sys, connection: Connection): Blocking<boolean> {
  try {
    const bytes = yield* sys.read(connection.fd, READ_BYTES);
    if (bytes.length === 0) return false;
    connection.received = joinBytes(connection.received, bytes);
    if (!connection.isTlsDone && !(yield* shakeHands(sys, connection))) return false;
    for (;;) {
      const parsed = parseRequest(connection.received);
      if (parsed.state === "incomplete") return true;
      if (parsed.state === "malformed") {
        yield* answerMalformed(sys, connection.fd);
        return false;
      }
      connection.received = connection.received.subarray(parsed.bytesUsed);
      if (!(yield* answer(sys, connection, parsed.message))) return false;
      if (connection.received.length === 0) return true;
    }
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
