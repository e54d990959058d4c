import type { Process } from "../process.js";
import { sockets } from "../socket-calls.js";
import { fixedDirectory, procFileSystem, TextFile } from "./synthetic.js";

const text = (make: (viewer: Process) => string): TextFile => new TextFile(procFileSystem, make);

const TCP_HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: "01",
  FIN_WAIT2: "05",
  CLOSE_WAIT: "08",
  LISTEN: "0A",
};

/** /proc/net/tcp: addresses are little-endian hexadecimal. */
const tcpTable = (viewer: Process): string =>
  TCP_HEAD +
  sockets(viewer)
    .map(({ local, remote, state }, index) => {
      const to = remote === null ? "00000000:0000" : address(remote.host, remote.port);
      const slot = String(index).padStart(4);
      return `${slot}: ${address(local.host, local.port)} ${to} ${STATES[state] ?? "01"} 00000000:00000000 00:00000000 00000000     0        0 ${String(20_000 + index)} 1 0000000000000000 100 0 0 10 0\n`;
    })
    .join("");

const address = (host: string, port: number): string => {
  const bytes = host.split(".").map((part) => hex(Number(part), 2));
  return `${bytes.length === 4 ? bytes.reverse().join("") : "00000000"}:${hex(port, 4)}`;
};

const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, "0");

const DEVICES = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
  eth0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
`;

const routes = (viewer: Process): string => {
  const gateway = viewer.confinement.network.address.replace(/\d+$/, "1");
  const hexGateway = address(gateway, 0).slice(0, 8);
  return `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t${hexGateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`;
};

/** /proc/net of whoever looks. */
export const netFiles = fixedDirectory(procFileSystem, {
  arp: text(
    () => "IP address       HW type     Flags       HW address            Mask     Device\n",
  ),
  dev: text(() => DEVICES),
  route: text(routes),
  tcp: text(tcpTable),
  tcp6: text(() => TCP_HEAD),
  udp: text(() => TCP_HEAD),
  unix: text(() => "Num       RefCount Protocol Flags    Type St Inode Path\n"),
});
