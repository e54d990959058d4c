import type { Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";

type Socket = ReturnType<Command["sys"]["sockets"]>[number];

const SERVICES: Readonly<Record<number, string>> = {
  21: "ftp",
  22: "ssh",
  25: "smtp",
  53: "domain",
  80: "http",
  443: "https",
};

function place(address: Socket["local"] | null, isNumeric: boolean): string {
  if (address === null) return "0.0.0.0:*";
  const port = isNumeric ? String(address.port) : (SERVICES[address.port] ?? String(address.port));
  return `${address.host}:${port}`;
}

/** The program behind a socket, where one may look. */
function programOf(command: Command, pid: number): string {
  const info = command.sys.processes().find((one) => one.pid === pid);
  return info === undefined
    ? "-"
    : `${String(pid)}/${info.argv[0]?.replace(/^.*\//, "") ?? info.command}`;
}

// networking/netstat.c
export function netstat(command: Command): number {
  const options = parseOptions(command, "laentuwxrWp");
  const which = options.has("a")
    ? "(servers and established)"
    : options.has("l")
      ? "(only servers)"
      : "(w/o servers)";
  const banner = options.has("p") ? "PID/Program name    " : "";
  command.output.add(
    `Active Internet connections ${which}\n` +
      `Proto Recv-Q Send-Q ${"Local Address".padEnd(23)} ${"Foreign Address".padEnd(23)} State       ${banner}\n`,
  );
  for (const socket of command.sys.sockets()) {
    if (isShown(socket, options)) command.output.add(netstatLine(command, socket, options));
  }
  return 0;
}

function isShown({ state, protocol }: Socket, options: Options): boolean {
  if (!options.has("a") && (state === "LISTEN") !== options.has("l")) return false;
  if (options.has("u") === options.has("t")) return true;
  return protocol === (options.has("u") ? "udp" : "tcp");
}

function netstatLine(command: Command, socket: Socket, options: Options): string {
  const isNumeric = options.has("n");
  const local = place(socket.local, isNumeric).padEnd(23);
  const remote = place(socket.remote, isNumeric).padEnd(23);
  const program = options.has("p") ? programOf(command, socket.pid).slice(0, 20) : "";
  return `${socket.protocol}        0      0 ${local} ${remote} ${socket.state.padEnd(12)}${program}\n`;
}

const SS_STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: "ESTAB",
  CLOSE_WAIT: "CLOSE-WAIT",
  FIN_WAIT2: "FIN-WAIT-2",
  TIME_WAIT: "TIME-WAIT",
  SYN_SENT: "SYN-SENT",
};

/** iproute's `ss`. */
export function ss(command: Command): number {
  const options = parseOptions(command, "lantuwxpHsreio4", {
    listening: "l",
    all: "a",
    numeric: "n",
    tcp: "t",
    udp: "u",
    processes: "p",
    "no-header": "H",
  });
  const rows: string[][] = [];
  if (!options.has("H")) {
    rows.push([
      "State",
      "Recv-Q",
      "Send-Q",
      "Local Address:Port",
      "Peer Address:Port",
      options.has("p") ? "Process" : "",
    ]);
  }
  for (const socket of command.sys.sockets()) {
    const isListener = socket.state === "LISTEN";
    if (!options.has("a") && isListener !== options.has("l")) continue;
    const isNumeric = options.has("n");
    rows.push([
      SS_STATES[socket.state] ?? socket.state,
      "0",
      isListener ? "128" : "0",
      place(socket.local, isNumeric),
      place(socket.remote, isNumeric),
      options.has("p")
        ? `users:(("${programOf(command, socket.pid).split("/")[1] ?? ""}",pid=${String(socket.pid)},fd=3))`
        : "",
    ]);
  }
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 3 ? cell.padStart(width) : cell.padEnd(width);
    });
    command.output.add(`${cells.join(" ").trimEnd()}\n`);
  }
  return 0;
}
