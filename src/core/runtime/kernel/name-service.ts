import { findInode, GeneratedFile, RegularFile, SysError } from "../../vfs/index.js";
import type { Blocking } from "../../shell/index.js";
import type { DnsAnswer, DnsType } from "../cluster-network.js";
import type { Process } from "./process.js";
import { waitOn } from "./work.js";

/** A question to the cluster's DNS and its answer. */
const QUERY_MS = 1;
/** MAXNS, resolv.conf(5). */
const MAX_NAME_SERVERS = 3;
/** A name server that does not answer: timeout 5 s, two attempts, resolv.conf(5). */
const NO_SERVER_MS = 10_000;

/**
 * getaddrinfo: literal addresses, /etc/hosts, then DNS by /etc/resolv.conf with its search list. Throws ENOENT when there is no such name, EAGAIN when no
 * server answers.
 * @param server whom to ask instead of those of /etc/resolv.conf, by address
 */
export function* resolveName(
  process: Process,
  name: string,
  type: DnsType,
  server: string | null = null,
): Blocking<readonly string[]> {
  if (type === "A" && /^\d+\.\d+\.\d+\.\d+$/.test(name)) return [name];
  const config = readResolverConfig(process);
  // A name with its last dot is one of DNS: who asks for it wants to know what a server says.
  const inHosts = name.endsWith(".") ? [] : lookUpHosts(process, name, type);
  if (inHosts.length > 0) return inHosts;
  let isKnown = false;
  for (const candidate of candidates(name, config)) {
    const servers = server === null ? config.servers : [server];
    const answer = yield* query(process, candidate, type, servers);
    if (answer.kind === "silence") throw new SysError("EAGAIN");
    if (answer.kind === "no-such-name") continue;
    if (answer.records.length > 0) return answer.records;
    isKnown = true;
  }
  if (isKnown) return [];
  throw new SysError("ENOENT");
}

/** Asks the name servers in their order: the first one that answers at all has the last word. */
function* query(
  process: Process,
  name: string,
  type: DnsType,
  servers: readonly string[],
): Blocking<DnsAnswer> {
  const { dns } = process.confinement.network.cluster;
  for (const server of servers) {
    const answer = dns?.(name, type, server) ?? SILENCE;
    yield* waitOn(
      process,
      null,
      process.nowMs + (answer.kind === "silence" ? NO_SERVER_MS : QUERY_MS),
    );
    if (answer.kind !== "silence") return answer;
  }
  return SILENCE;
}

const SILENCE: DnsAnswer = { kind: "silence" };

interface ResolverConfig {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly dots: number;
}

/** The full names to ask for, in order: resolv.conf(5), `ndots` and `search`. */
const candidates = (name: string, { search, dots }: ResolverConfig): readonly string[] => {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  const hasEnoughDots = name.split(".").length - 1 >= dots;
  return hasEnoughDots ? [name, ...searched] : [...searched, name];
};

const readResolverConfig = (process: Process): ResolverConfig => {
  let search: readonly string[] = [];
  let dots = 1;
  const servers: string[] = [];
  for (const line of readText(process, "/etc/resolv.conf").split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "search") search = words;
    if (keyword === "nameserver" && words[0] !== undefined) servers.push(words[0]);
    if (keyword !== "options") continue;
    for (const option of words) if (option.startsWith("ndots:")) dots = Number(option.slice(6));
  }
  return { search, dots, servers: servers.slice(0, MAX_NAME_SERVERS) };
};

const lookUpHosts = (process: Process, name: string, type: DnsType): readonly string[] => {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  const found: string[] = [];
  for (const line of readText(process, "/etc/hosts").split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const isRightFamily = type === (address.includes(":") ? "AAAA" : "A");
    if (isRightFamily && names.some((other) => other.toLowerCase() === wanted)) found.push(address);
    if (type === "PTR" && address === name && names[0] !== undefined) found.push(names[0]);
  }
  return found;
};

const readText = (process: Process, path: string): string => {
  const inode = findInode(process, path);
  if (inode instanceof GeneratedFile) return inode.content(process);
  if (!(inode instanceof RegularFile)) return "";
  return new TextDecoder().decode(inode.data.read(0, inode.sizeBytes));
};
