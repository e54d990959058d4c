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
 * Serves connections side by side: while the answer to one waits for something, the others go on. What comes on a connection whose last request is not answered
 * yet waits.
 * @param listeners what is behind each listening descriptor
 * @param shouldStop asked whenever it wakes, for servers that stop at a signal; what is being answered then is still answered
 */
export function* serveStreams<Port>(
  sys: Sys,
  listeners: ReadonlyMap<number, Port>,
  onData: OnData<Port>,
  shouldStop: () => boolean = NEVER,
): Blocking<void> {
  /** Those that nobody is at work for. */
  const idle = new Map<number, Connection<Port>>();
  const tasks = asImageSys(sys).tasks();
  const answer = function* (connection: Connection<Port>): Blocking<void> {
    const goesOn = yield* serve(sys, connection, onData);
    if (goesOn) idle.set(connection.fd, connection);
    else sys.close(connection.fd);
  };
  while (!shouldStop()) {
    const fds = tasks.hasRoom ? [...listeners.keys(), ...idle.keys()] : [];
    const ready = yield* tasks.poll(fds);
    if (ready === null) continue;
    yield* sys.charge(1);
    const port = listeners.get(ready);
    if (port !== undefined) {
      const fd = yield* sys.accept(ready);
      idle.set(fd, { fd, port, received: NOTHING });
      continue;
    }
    const connection = idle.get(ready);
    if (connection === undefined) continue;
    idle.delete(ready);
    tasks.start(answer(connection));
  }
  for (const fd of listeners.keys()) sys.close(fd);
  while (!tasks.isEmpty) yield* tasks.poll([]);
  for (const fd of idle.keys()) sys.close(fd);
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
