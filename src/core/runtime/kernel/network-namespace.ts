import { SysError } from "../../vfs/index.js";
import type { ClusterNetwork } from "../cluster-network.js";
import type { ListenerDescription, SocketDescription } from "./sockets.js";

/** net.ipv4.ip_local_port_range. */
const FIRST_EPHEMERAL_PORT = 32_768;
const LAST_EPHEMERAL_PORT = 60_999;

/** A port that leads into another namespace: hostPort, by CNI's portmap plugin. */
export interface PortForward {
  /** The address that it holds for; empty or 0.0.0.0: all. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly to: NetworkNamespace;
  readonly port: number;
}

/** The network of one pod, or of a node: its address, who listens, what is connected. */
export class NetworkNamespace {
  #forwards: readonly PortForward[] = NO_FORWARDS;
  #listeners: ListenerDescription[] = NO_LISTENERS;
  #sockets: Set<SocketDescription> | null = null;
  #nextPort = FIRST_EPHEMERAL_PORT;

  constructor(
    readonly cluster: ClusterNetwork,
    readonly address: string,
    /** Bits of the prefix of its range: 24. */
    readonly prefix: number,
    readonly nodeName: string,
  ) {}

  get listeners(): readonly ListenerDescription[] {
    return this.#listeners;
  }

  get sockets(): Iterable<SocketDescription> {
    return this.#sockets ?? [];
  }

  /** The MAC address that the bridge plugin of CNI gives to an IPv4 address: plugins/pkg/utils/hwaddr, 0a:58. */
  get hardwareAddress(): string {
    const bytes = this.address.split(".").map((part) => hex(Number(part)));
    return ["0a", "58", ...bytes].join(":");
  }

  isOwn(host: string): boolean {
    return isLocal(host) || host === this.address;
  }

  /** Throws EADDRINUSE, EADDRNOTAVAIL. */
  addListener(listener: ListenerDescription): void {
    const { host, port } = listener.local;
    if (!this.isOwn(host)) throw new SysError("EADDRNOTAVAIL");
    const isTaken = this.#listeners.some(
      (other) =>
        other.local.port === port &&
        (isAny(host) || isAny(other.local.host) || other.local.host === host),
    );
    if (isTaken) throw new SysError("EADDRINUSE");
    this.#listeners = [...this.#listeners, listener];
  }

  removeListener(listener: ListenerDescription): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }

  /** Who answers at an address of this namespace. */
  listenerAt(host: string, port: number): ListenerDescription | null {
    for (const listener of this.#listeners) {
      if (listener.local.port !== port) continue;
      const bound = listener.local.host;
      if (isAny(bound) || bound === host || (isLoopback(bound) && isLoopback(host)))
        return listener;
    }
    return null;
  }

  addForward(forward: PortForward): void {
    this.#forwards = [...this.#forwards, forward];
  }

  /** All that lead there. */
  removeForwards(to: NetworkNamespace): void {
    this.#forwards = this.#forwards.filter((forward) => forward.to !== to);
  }

  /** Where a connection to an address of this namespace is sent on to, before anybody here is asked. */
  forwardAt(host: string, port: number): PortForward | null {
    return (
      this.#forwards.find(
        ({ hostIp, hostPort }) => hostPort === port && (isAny(hostIp) || hostIp === host),
      ) ?? null
    );
  }

  addSocket(socket: SocketDescription): void {
    (this.#sockets ??= new Set()).add(socket);
  }

  removeSocket(socket: SocketDescription): void {
    this.#sockets?.delete(socket);
    if (this.#sockets?.size === 0) this.#sockets = null;
  }

  takePort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === LAST_EPHEMERAL_PORT ? FIRST_EPHEMERAL_PORT : port + 1;
    return port;
  }
}

const NO_FORWARDS: readonly PortForward[] = [];
const NO_LISTENERS: ListenerDescription[] = [];

export const isLoopback = (host: string): boolean =>
  host.startsWith("127.") || host === "::1" || host === "localhost";

/** What a process reaches without leaving its own network, whatever address that has. */
export const isLocal = (host: string): boolean => isLoopback(host) || isAny(host);

const isAny = (host: string): boolean => host === "0.0.0.0" || host === "::" || host === "";

const hex = (value: number): string => value.toString(16).padStart(2, "0");
