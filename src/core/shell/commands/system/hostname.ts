import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";
import { readSmallFile } from "../../io/read-file.js";

export function* hostname(command: Command): Blocking<number> {
  const { sys } = command;
  const options = parseOptions(command, "dfisF:", { short: "s", fqdn: "f" });
  if (options.operands.length > 0) {
    throw command.failure("sethostname: Operation not permitted");
  }
  if (command.name === "dnsdomainname") {
    command.output.add(`${domainOf(canonicalName(command, sys.hostname))}\n`);
    return 0;
  }
  const name = sys.hostname;
  const dot = name.indexOf(".");
  if (options.has("i")) command.output.add(`${(yield* addressOf(command, name)) ?? ""}\n`);
  else if (options.has("s")) command.output.add(`${dot < 0 ? name : name.slice(0, dot)}\n`);
  else if (options.has("d")) command.output.add(`${domainOf(canonicalName(command, name))}\n`);
  else command.output.add(`${options.has("f") ? canonicalName(command, name) : name}\n`);
  return 0;
}

/** gethostid(3) of glibc, without /etc/hostid: the host's IPv4 address with its halves exchanged. */
export function* hostid(command: Command): Blocking<number> {
  const address = yield* addressOrNone(command);
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  // In memory order a b c d, read as a little-endian word.
  const id = [b, a, d, c].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  command.output.add(`${id}\n`);
  return 0;
}

function* addressOrNone({ sys }: Command): Blocking<string> {
  try {
    return (yield* sys.resolve(sys.hostname, "A"))[0] ?? "0.0.0.0";
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return "0.0.0.0";
  }
}

const domainOf = (name: string): string => {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1);
};

/** The first name on the host's line in /etc/hosts, which is what gethostbyname calls it; hosts(5). */
function canonicalName({ sys }: Command, name: string): string {
  let text: string;
  try {
    text = readSmallFile(sys, "/etc/hosts");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return name;
  }
  for (const line of text.split("\n")) {
    const [, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(name)) return names[0] ?? name;
  }
  return name;
}

function* addressOf(command: Command, name: string): Blocking<string | null> {
  try {
    return (yield* command.sys.resolve(name, "A"))[0] ?? null;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure(`${name}: ${describeFailure(error)}`);
  }
}
