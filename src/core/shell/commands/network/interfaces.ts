import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

type Interface = ReturnType<Command["sys"]["interfaces"]>[number];

const LOOPBACK_MTU = 65_536;
const MTU = 1500;

function isLoopback({ name }: Interface): boolean {
  return name === "lo";
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join(".");
}

function maskOf(prefix: number): number {
  return 2 ** 32 - 2 ** (32 - prefix);
}

function networkOf({ address, prefix }: Interface): string {
  const size = 2 ** (32 - prefix);
  return toAddress(Math.floor(toNumber(address) / size) * size);
}

function broadcastOf({ address, prefix }: Interface): string {
  const size = 2 ** (32 - prefix);
  return toAddress(Math.floor(toNumber(address) / size) * size + size - 1);
}

/** The bridge of the pod network has the first address of the range. */
function gatewayOf(one: Interface): string {
  const size = 2 ** (32 - one.prefix);
  return toAddress(Math.floor(toNumber(one.address) / size) * size + 1);
}

// networking/interface.c
export function ifconfig(command: Command): number {
  const names = command.operands.filter((word) => !word.startsWith("-"));
  const all = command.sys.interfaces();
  const [wanted, ...rest] = names;
  if (rest.length > 0) throw command.failure("SIOCSIFADDR: Operation not permitted");
  const shown =
    wanted === undefined
      ? [...all].sort((a, b) => (a.name < b.name ? -1 : 1))
      : all.filter(({ name }) => name === wanted);
  if (shown.length === 0)
    throw command.failure(
      `${wanted ?? ""}: error fetching interface information: Device not found`,
    );
  for (const one of shown) command.output.add(`${ifconfigText(one)}\n`);
  return 0;
}

function ifconfigText(one: Interface): string {
  const mask = toAddress(maskOf(one.prefix));
  const indent = " ".repeat(10);
  const statistics =
    `${indent}RX packets:0 errors:0 dropped:0 overruns:0 frame:0\n` +
    `${indent}TX packets:0 errors:0 dropped:0 overruns:0 carrier:0\n`;
  if (isLoopback(one)) {
    return (
      `${one.name.padEnd(9)} Link encap:Local Loopback  \n` +
      `${indent}inet addr:${one.address}  Mask:${mask}\n` +
      `${indent}UP LOOPBACK RUNNING  MTU:${String(LOOPBACK_MTU)}  Metric:1\n${statistics}` +
      `${indent}collisions:0 txqueuelen:1000 \n${indent}RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n`
    );
  }
  return (
    `${one.name.padEnd(9)} Link encap:Ethernet  HWaddr ${one.mac.toUpperCase()}  \n` +
    `${indent}inet addr:${one.address}  Bcast:${broadcastOf(one)}  Mask:${mask}\n` +
    `${indent}UP BROADCAST RUNNING MULTICAST  MTU:${String(MTU)}  Metric:1\n${statistics}` +
    `${indent}collisions:0 txqueuelen:0 \n${indent}RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n`
  );
}

/** `ip addr`, `ip link`, `ip route`, in iproute's words. */
export function ip(command: Command): number {
  const words = command.operands.filter((word) => !/^-/.test(word));
  const options = command.operands.filter((word) => /^-/.test(word)).join("");
  const [object = "", ...rest] = words;
  const name = rest.at(-1);
  const all = command.sys.interfaces();
  const wanted = all.some((one) => one.name === name)
    ? all.filter((one) => one.name === name)
    : all;
  const verb = rest[0];
  if (verb !== undefined && /^(?:add|del|set|change|flush|replace)/.test(verb)) {
    throw command.failure("RTNETLINK answers: Operation not permitted", 2);
  }
  if (/^a(?:d|dd|ddr|ddress)?$/.test(object)) {
    for (const one of wanted)
      command.output.add(linkText(one, all.indexOf(one) + 1) + addressText(one));
  } else if (/^l(?:i|in|ink)?$/.test(object)) {
    for (const one of wanted) command.output.add(linkText(one, all.indexOf(one) + 1));
  } else if (/^r(?:o|ou|out|oute)?$/.test(object)) {
    command.output.add(routeText(all));
  } else if (/^n(?:eigh?)?/.test(object)) {
    return 0;
  } else {
    throw command.failure(
      object === "" ? "missing object" : `unknown object '${object}'${options}`,
    );
  }
  return 0;
}

function linkText(one: Interface, index: number): string {
  if (isLoopback(one)) {
    return (
      `${String(index)}: lo: <LOOPBACK,UP,LOWER_UP> mtu ${String(LOOPBACK_MTU)} qdisc noqueue state UNKNOWN qlen 1000\n` +
      "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
    );
  }
  return (
    `${String(index)}: ${one.name}@if3: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu ${String(MTU)} qdisc noqueue state UP qlen 1000\n` +
    `    link/ether ${one.mac} brd ff:ff:ff:ff:ff:ff\n`
  );
}

function addressText(one: Interface): string {
  const prefix = `${one.address}/${String(one.prefix)}`;
  const rest = isLoopback(one)
    ? "scope host lo"
    : `brd ${broadcastOf(one)} scope global ${one.name}`;
  return `    inet ${prefix} ${rest}\n       valid_lft forever preferred_lft forever\n`;
}

function routeText(all: readonly Interface[]): string {
  const own = all.filter((one) => !isLoopback(one));
  const [first] = own;
  if (first === undefined) return "";
  return (
    `default via ${gatewayOf(first)} dev ${first.name} \n` +
    own
      .map(
        (one) =>
          `${networkOf(one)}/${String(one.prefix)} dev ${one.name} scope link  src ${one.address} \n`,
      )
      .join("")
  );
}

// networking/route.c
export function route(command: Command): number {
  const options = parseOptions(command, "A:neh");
  if (options.operands.length > 0) throw command.failure("SIOCADDRT: Operation not permitted");
  const isNumeric = options.has("n");
  command.output.add(
    "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
  );
  const row = (
    destination: string,
    gateway: string,
    mask: string,
    flags: string,
    name: string,
  ): string =>
    `${destination.padEnd(15)} ${gateway.padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} 0      0        0 ${name}\n`;
  for (const one of command.sys.interfaces()) {
    if (isLoopback(one)) continue;
    command.output.add(
      row(isNumeric ? "0.0.0.0" : "default", gatewayOf(one), "0.0.0.0", "UG", one.name),
    );
    command.output.add(
      row(
        networkOf(one),
        isNumeric ? "0.0.0.0" : "*",
        toAddress(maskOf(one.prefix)),
        "U",
        one.name,
      ),
    );
  }
  return 0;
}
