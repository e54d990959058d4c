import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress } from "../../shell/index.js";
import { LISTEN_BACKLOG, SOCKET_BYTES } from "../limits.js";
import { AnonymousInode } from "./anonymous-inode.js";
import { InodeDescription } from "./descriptors.js";
import type { Kernel } from "./kernel.js";
import { isLocal, isLoopback, type NetworkNamespace } from "./network-namespace.js";
import { Pipe } from "./pipe.js";
import type { Process } from "./process.js";
import { WaitQueue } from "./wait-queue.js";
import { waitOn } from "./work.js";

/** How long the first packet to another node takes there and back. */
const OTHER_NODE_MS = 1;
/** No answer to ARP: three tries of a second each, net.ipv4.neigh.default. */
const UNREACHABLE_MS = 3072;
/** SYN retries go on for so long: net.ipv4.tcp_syn_retries 6. */
const CONNECT_MS = 127_000;

/** One end of a TCP connection. */
export class SocketDescription extends InodeDescription {
  #isShut = false;
  #isClosed = false;
  /** Whose it is, for netstat: the process that connected or accepted. */
  ownerPid = 0;

  constructor(
    inode: AnonymousInode,
    path: string,
    readonly namespace: NetworkNamespace,
    readonly local: SocketAddress,
    readonly remote: SocketAddress,
    private readonly inbound: Pipe,
    private readonly outbound: Pipe,
  ) {
    super(inode, path, true, true);
    inbound.openReader();
    outbound.openWriter();
    namespace.addSocket(this);
  }

  get state(): string {
    if (this.inbound.isAtEnd) return "CLOSE_WAIT";
    return this.#isShut ? "FIN_WAIT2" : "ESTABLISHED";
  }

  override get isReadable(): boolean {
    return this.inbound.isReadable;
  }

  override get readers(): WaitQueue {
    return this.inbound.readable;
  }

  override get writers(): WaitQueue {
    return this.outbound.writable;
  }

  override get roomBytes(): number {
    return this.#isShut ? 0 : this.outbound.roomBytes;
  }

  read(_process: Process, maxBytes: number): Uint8Array | null {
    return this.inbound.take(maxBytes);
  }

  write(_process: Process, bytes: Uint8Array): number {
    if (this.#isShut) throw new SysError("EPIPE");
    return this.outbound.put(bytes);
  }

  /** Nothing more will be sent; the other side reads to the end. */
  shutdown(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.outbound.closeWriter();
  }

  protected override closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.shutdown();
    this.inbound.closeReader();
    this.namespace.removeSocket(this);
  }
}

/** A listening socket with connections that nobody has accepted yet. */
export class ListenerDescription extends InodeDescription {
  readonly #arrived = new WaitQueue();
  #queue: SocketDescription[] = [];

  constructor(
    inode: AnonymousInode,
    path: string,
    readonly namespace: NetworkNamespace,
    readonly local: SocketAddress,
    private readonly backlog: number,
    readonly ownerPid: number,
  ) {
    super(inode, path, true, false);
  }

  override get isReadable(): boolean {
    return this.#queue.length > 0;
  }

  override get readers(): WaitQueue {
    return this.#arrived;
  }

  get hasRoom(): boolean {
    return this.#queue.length < Math.min(Math.max(1, this.backlog), LISTEN_BACKLOG);
  }

  /** A connection comes in. The kernel holds it until it is accepted. */
  offer(socket: SocketDescription): void {
    this.#queue.push(socket.retain());
    this.#arrived.fire();
  }

  /** The next connection, or null. */
  take(): SocketDescription | null {
    return this.#queue.shift() ?? null;
  }

  read(): Uint8Array {
    throw new SysError("ENOTCONN");
  }

  write(): number {
    throw new SysError("ENOTCONN");
  }

  protected override closed(): void {
    this.namespace.removeListener(this);
    const waiting = this.#queue;
    this.#queue = [];
    for (const socket of waiting) socket.release();
  }
}

export const listenOn = (
  process: Process,
  address: SocketAddress,
  backlog: number,
): ListenerDescription => {
  const { network } = process.confinement;
  const local = {
    host: address.host,
    port: address.port === 0 ? network.takePort() : address.port,
  };
  const [inode, path] = socketInode(process.kernel);
  const listener = new ListenerDescription(inode, path, network, local, backlog, process.pid);
  network.addListener(listener);
  return listener;
};

/** Throws ECONNREFUSED, EHOSTUNREACH, ETIMEDOUT. */
export function* connectTo(
  process: Process,
  address: SocketAddress,
  timeoutMs: number,
): Blocking<SocketDescription> {
  const from = process.confinement.network;
  const target = findTarget(from, address);
  const dueMs = process.nowMs + Math.min(timeoutMs, CONNECT_MS);
  if (target === "nowhere") throw new SysError("ECONNREFUSED");
  if (target === "void") {
    yield* pass(process, dueMs, Infinity);
    throw new SysError("ETIMEDOUT");
  }
  if (target === null) return yield* failToReach(process, address, dueMs);
  const { namespace, host, port } = target;
  if (namespace.nodeName !== from.nodeName)
    yield* pass(process, process.nowMs + OTHER_NODE_MS, dueMs);
  // It may have begun to listen, or ended, on the way.
  const listener = namespace.listenerAt(host, port);
  if (listener === null) throw new SysError("ECONNREFUSED");
  if (!listener.hasRoom) {
    // A full backlog drops the packet; it is sent again until somebody accepts.
    yield* pass(process, dueMs, dueMs + 1);
    throw new SysError("ETIMEDOUT");
  }
  const socket = join(process.kernel, from, listener, address);
  socket.ownerPid = process.pid;
  return socket;
}

interface Target {
  readonly namespace: NetworkNamespace;
  /** As the listener sees it. */
  readonly host: string;
  readonly port: number;
}

/** Services come before everything else, a node's own addresses included: their rules are in the kernel's first table. */
const findTarget = (
  from: NetworkNamespace,
  { host, port }: SocketAddress,
): Target | "nowhere" | "void" | null => {
  if (isLocal(host)) return arrive(from, "127.0.0.1", port);
  const route = from.cluster.router?.(host, port, from) ?? null;
  if (route === null) return direct(from, host, port);
  return route.to === "address" ? direct(from, route.host, route.port) : route.to;
};

const direct = (from: NetworkNamespace, host: string, port: number): Target | null => {
  const namespace = host === from.address ? from : from.cluster.at(host);
  return namespace === null ? null : arrive(namespace, host, port);
};

const arrive = (namespace: NetworkNamespace, host: string, port: number): Target => {
  const forward = namespace.forwardAt(host, port);
  if (forward === null) return { namespace, host, port };
  return { namespace: forward.to, host: forward.to.address, port: forward.port };
};

/** Nobody has the address. Within the cluster's ranges that is noticed; what lies outside never answers. */
function* failToReach(process: Process, address: SocketAddress, dueMs: number): Blocking<never> {
  const isInside = isPrivate(address.host);
  const noticedMs = isInside ? process.nowMs + UNREACHABLE_MS : Infinity;
  yield* pass(process, Math.min(noticedMs, dueMs), Infinity);
  throw new SysError(noticedMs <= process.nowMs ? "EHOSTUNREACH" : "ETIMEDOUT");
}

/** Lets time go by, whatever signals come. Throws ETIMEDOUT when `dueMs` is reached. */
function* pass(process: Process, untilMs: number, dueMs: number): Blocking<void> {
  while (process.nowMs < untilMs) {
    yield* waitOn(process, null, Math.min(untilMs, dueMs));
    if (process.nowMs >= dueMs) throw new SysError("ETIMEDOUT");
  }
}

const join = (
  kernel: Kernel,
  from: NetworkNamespace,
  listener: ListenerDescription,
  address: SocketAddress,
): SocketDescription => {
  const request = new Pipe(SOCKET_BYTES);
  const answer = new Pipe(SOCKET_BYTES);
  const isOverLoopback = isLoopback(address.host);
  const source = { host: isOverLoopback ? "127.0.0.1" : from.address, port: from.takePort() };
  const [clientInode, clientPath] = socketInode(kernel);
  const [serverInode, serverPath] = socketInode(kernel);
  const client = new SocketDescription(
    clientInode,
    clientPath,
    from,
    source,
    address,
    answer,
    request,
  );
  const server = new SocketDescription(
    serverInode,
    serverPath,
    listener.namespace,
    { host: isOverLoopback ? "127.0.0.1" : listener.namespace.address, port: listener.local.port },
    source,
    request,
    answer,
  );
  server.ownerPid = listener.ownerPid;
  listener.offer(server);
  return client;
};

const socketInode = (kernel: Kernel): [AnonymousInode, string] => {
  const number = kernel.takeAnonymousInode();
  const refuse = (): never => {
    throw new SysError("ENXIO");
  };
  const inode = new AnonymousInode("socket", 0o777, 0, 0, number, kernel.nowMs, refuse);
  return [inode, `socket:[${String(number)}]`];
};

const isPrivate = (host: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
