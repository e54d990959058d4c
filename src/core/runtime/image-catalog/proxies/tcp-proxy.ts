import { SysError, type Blocking, type SocketAddress, type Sys } from "../../../shell/index.js";
import { asImageSys } from "../../kernel/image-sys.js";

/** What a proxy does with the connections of one listening descriptor. */
export interface ProxyRoute {
  /** Where the next connection goes; null when there is nowhere. */
  readonly next: () => SocketAddress | null;
  /** What a client gets when nothing can be reached. */
  readonly unreachable: string;
}

const READ_BYTES = 65_536;
const CONNECT_MS = 5000;
const encoder = new TextEncoder();

/** Passes bytes between clients and servers, both ways, until a noted signal comes. */
export function* proxyStreams(
  sys: Sys,
  routes: ReadonlyMap<number, ProxyRoute>,
  shouldStop: () => boolean,
): Blocking<void> {
  /** The other end of each open connection. */
  const peers = new Map<number, number>();
  const tasks = asImageSys(sys).tasks();
  const begin = function* (client: number, route: ProxyRoute): Blocking<void> {
    const server = yield* reach(sys, route);
    if (server === null) {
      yield* refuse(sys, client, route);
      return;
    }
    peers.set(client, server);
    peers.set(server, client);
  };
  while (!shouldStop()) {
    const fds = tasks.hasRoom ? [...routes.keys(), ...peers.keys()] : [...peers.keys()];
    const ready = yield* tasks.poll(fds);
    if (ready === null) continue;
    yield* sys.charge(1);
    const route = routes.get(ready);
    if (route !== undefined) {
      tasks.start(begin(yield* sys.accept(ready), route));
      continue;
    }
    const peer = peers.get(ready);
    if (peer === undefined || (yield* pass(sys, ready, peer))) continue;
    for (const fd of [ready, peer]) {
      peers.delete(fd);
      sys.close(fd);
    }
  }
}

/** False when either side is gone. */
function* pass(sys: Sys, from: number, to: number): Blocking<boolean> {
  try {
    const bytes = yield* sys.read(from, READ_BYTES);
    if (bytes.length === 0) return false;
    yield* sys.write(to, bytes);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function* reach(sys: Sys, route: ProxyRoute): Blocking<number | null> {
  const target = route.next();
  if (target === null) return null;
  try {
    const [host = target.host] = yield* sys.resolve(target.host, "A");
    return yield* sys.connect({ host, port: target.port }, CONNECT_MS);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}

function* refuse(sys: Sys, client: number, route: ProxyRoute): Blocking<void> {
  try {
    yield* sys.read(client, READ_BYTES);
    yield* sys.write(client, encoder.encode(route.unreachable));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  sys.close(client);
}

/** One after the other. */
export const inTurn = (targets: readonly SocketAddress[]): (() => SocketAddress | null) => {
  let turn = 0;
  return () => targets[turn++ % Math.max(1, targets.length)] ?? null;
};
