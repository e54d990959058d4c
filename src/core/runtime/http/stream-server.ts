import { SysError } from "../../vfs/index.js";
import type { Blocking, Sys } from "../../shell/index.js";
import { asImageSys } from "../kernel/image-sys.js";

/** What one client of a server has sent and not been answered yet. */
export interface Connection<Port> {
  readonly fd: number;
  readonly port: Port;
  received: Uint8Array;
}

/** Looks at `connection.received`, answers what is complete and cuts it off; false ends the connection. */
export type OnData<Port> = (connection: Connection<Port>) => Blocking<boolean>;

const READ_BYTES = 65_536;
const NOTHING: Uint8Array = new Uint8Array(0);
const NEVER = (): boolean => false;

/**
 * Serves connections in one event loop, as a single-threaded server does.
 * @param listeners what is behind each listening descriptor
 * @param shouldStop asked whenever it wakes, for servers that stop at a signal
 */
export function* serveStreams<Port>(
  sys: Sys,
  listeners: ReadonlyMap<number, Port>,
  onData: OnData<Port>,
  shouldStop: () => boolean = NEVER,
): Blocking<void> {
  const connections = new Map<number, Connection<Port>>();
  while (!shouldStop()) {
    const fds = [...listeners.keys(), ...connections.keys()];
    const ready = yield* asImageSys(sys).poll(fds, Infinity);
    if (ready === null) continue;
    yield* sys.charge(1);
    const port = listeners.get(ready);
    if (port !== undefined) {
      const fd = yield* sys.accept(ready);
      connections.set(fd, { fd, port, received: NOTHING });
      continue;
    }
    const connection = connections.get(ready);
    if (connection === undefined || (yield* serve(sys, connection, onData))) continue;
    connections.delete(ready);
    sys.close(ready);
  }
  for (const fd of [...listeners.keys(), ...connections.keys()]) sys.close(fd);
}

function* serve<Port>(
  sys: Sys,
  connection: Connection<Port>,
  onData: OnData<Port>,
): Blocking<boolean> {
  try {
    const bytes = yield* sys.read(connection.fd, READ_BYTES);
    if (bytes.length === 0) return false;
    connection.received = joinBytes(connection.received, bytes);
    return yield* onData(connection);
  } catch (error) {
    // A client that is gone is no reason to end.
    if (error instanceof SysError) return false;
    throw error;
  }
}

export const joinBytes = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
};
