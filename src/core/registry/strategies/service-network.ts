/** The service network: kubeadm's default serviceSubnet and kube-apiserver's default --service-node-port-range, 1.34. */
export const SERVICE_CIDR = "10.96.0.0/12";
const FIRST_ADDRESS = ipNumber("10.96.0.0");
const ADDRESS_COUNT = 2 ** 20;

export const FIRST_NODE_PORT = 30000;
export const LAST_NODE_PORT = 32767;

/**
 * What is chosen comes from the upper band as long as it has room; the lower one is left for those who ask for one address or port.
 * pkg/registry/core/service/ipallocator/bitmap.go calculateRangeOffset, pkg/registry/core/service/portallocator/allocator.go, 1.34
 */
const STATIC_ADDRESSES = 256;
const STATIC_NODE_PORTS = 86;

export type Draw = (bound: number) => number;

/** Whether an address can be given to a service: neither the network's own nor the broadcast address. */
export const isServiceAddress = (address: string): boolean => {
  const offset = ipNumber(address) - FIRST_ADDRESS;
  return offset >= 1 && offset < ADDRESS_COUNT - 1;
};

/** A free address, drawn at random; null when all are taken. */
export const chooseAddress = (isTaken: (address: string) => boolean, draw: Draw): string | null =>
  choose(STATIC_ADDRESSES, ADDRESS_COUNT - 1, draw, (offset) => {
    const address = ipText(FIRST_ADDRESS + offset);
    return isTaken(address) ? null : address;
  }) ??
  choose(1, STATIC_ADDRESSES, draw, (offset) => {
    const address = ipText(FIRST_ADDRESS + offset);
    return isTaken(address) ? null : address;
  });

export const isNodePort = (port: number): boolean =>
  port >= FIRST_NODE_PORT && port <= LAST_NODE_PORT;

/** A free node port, drawn at random; null when all are taken. */
export const chooseNodePort = (isTaken: (port: number) => boolean, draw: Draw): number | null => {
  const free = (port: number): number | null => (isTaken(port) ? null : port);
  const firstDynamic = FIRST_NODE_PORT + STATIC_NODE_PORTS;
  return (
    choose(firstDynamic, LAST_NODE_PORT + 1, draw, free) ??
    choose(FIRST_NODE_PORT, firstDynamic, draw, free)
  );
};

/** The first one that `take` accepts, beginning anywhere in [from, to) and going round once. */
const choose = <T>(
  from: number,
  to: number,
  draw: Draw,
  take: (candidate: number) => T | null,
): T | null => {
  const count = to - from;
  const start = draw(count);
  for (let step = 0; step < count; step += 1) {
    const taken = take(from + ((start + step) % count));
    if (taken !== null) return taken;
  }
  return null;
};

/** NaN for what is no IPv4 address. */
function ipNumber(address: string): number {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (match === null) return Number.NaN;
  return match.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}

const ipText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
