import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
import type { Process } from "./process.js";
import { connectTo, ListenerDescription, listenOn, SocketDescription } from "./sockets.js";
import { giveWay, mustYield, waitOn } from "./work.js";

export function* connect(
  process: Process,
  address: SocketAddress,
  timeoutMs: number,
): Blocking<number> {
  if (mustYield(process)) yield* giveWay(process);
  return process.descriptors.add(yield* connectTo(process, address, timeoutMs));
}

export const listen = (process: Process, address: SocketAddress, backlog: number): number =>
  process.descriptors.add(listenOn(process, address, backlog));

export function* accept(process: Process, fd: number): Blocking<number> {
  for (;;) {
    if (mustYield(process)) yield* giveWay(process);
    const listener = process.descriptors.get(fd);
    if (!(listener instanceof ListenerDescription)) throw new SysError("EINVAL");
    const socket = listener.take();
    if (socket !== null) {
      const accepted = process.descriptors.add(socket);
      // The backlog's own hold on it ends here.
      socket.release();
      socket.ownerPid = process.pid;
      return accepted;
    }
    yield* waitOn(process, listener.readers, Infinity);
  }
}

export const socketAddresses = (
  process: Process,
  fd: number,
): ReturnType<Sys["socketAddresses"]> => {
  const socket = process.descriptors.get(fd);
  if (socket instanceof SocketDescription) return { local: socket.local, remote: socket.remote };
  if (socket instanceof ListenerDescription) return { local: socket.local, remote: null };
  throw new SysError("ENOTCONN");
};

export const shutdown = (process: Process, fd: number): void => {
  const socket = process.descriptors.get(fd);
  if (!(socket instanceof SocketDescription)) throw new SysError("ENOTCONN");
  socket.shutdown();
};

export const sockets = (process: Process): ReturnType<Sys["sockets"]> => {
  const { network } = process.confinement;
  return [
    ...network.listeners.map(({ local, ownerPid }) => ({
      protocol: "tcp" as const,
      local,
      remote: null,
      state: "LISTEN",
      pid: ownerPid,
    })),
    ...[...network.sockets].map(({ local, remote, state, ownerPid }) => ({
      protocol: "tcp" as const,
      local,
      remote,
      state,
      pid: ownerPid,
    })),
  ];
};

export const interfaces = (process: Process): ReturnType<Sys["interfaces"]> => {
  const { address, prefix, hardwareAddress } = process.confinement.network;
  return [
    { name: "lo", address: "127.0.0.1", prefix: 8, mac: "00:00:00:00:00:00" },
    { name: "eth0", address, prefix, mac: hardwareAddress },
  ];
};
