import { readSmallFile } from "../../io/read-file.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { usageFailure } from "../options.js";

export type RecordType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT";

interface ResolverConfig {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

function readConfig(command: Command): ResolverConfig {
  let text = "";
  try {
    text = readSmallFile(command.sys, "/etc/resolv.conf");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  const servers: string[] = [];
  let search: string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "nameserver" && words[0] !== undefined) servers.push(words[0]);
    if (keyword === "search" || keyword === "domain") search = words;
  }
  return { servers: servers.length === 0 ? ["127.0.0.1"] : servers, search };
}

export interface Answer {
  readonly kind: "records" | "no-name" | "no-server";
  readonly records: readonly string[];
}

/** Asks for one full name. @param server by name or address; those of resolv.conf by default */
export function* ask(
  command: Command,
  name: string,
  type: RecordType,
  server?: string,
): Blocking<Answer> {
  try {
    const [address] = server === undefined ? [] : yield* command.sys.resolve(server, "A");
    const full = name.endsWith(".") ? name : `${name}.`;
    const records = yield* command.sys.resolve(full, type, address);
    return { kind: "records", records };
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return { kind: error.errno === "ENOENT" ? "no-name" : "no-server", records: [] };
  }
}

/** The name that a name is an alias of, or null. Servers send it in front of the addresses. */
function* askAlias(
  command: Command,
  name: string,
  type: RecordType,
  server?: string,
): Blocking<string | null> {
  if (type === "CNAME" || type === "PTR") return null;
  const [alias] = (yield* ask(command, name, "CNAME", server)).records;
  return alias ?? null;
}

/** `10.0.0.1` → `1.0.0.10.in-addr.arpa`; null for a name. */
function reverseName(text: string): string | null {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(text)) return null;
  return `${text.split(".").reverse().join(".")}.in-addr.arpa`;
}

const TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "SRV", "PTR", "CNAME", "TXT"]);

// networking/nslookup.c, the larger of its two versions
export function* nslookup(command: Command): Blocking<number> {
  const types: RecordType[] = [];
  const words: string[] = [];
  for (const word of command.operands) {
    const match = /^-(?:type|querytype|q|t)=(.*)$/i.exec(word);
    if (match !== null) {
      const type = (match[1] ?? "").toUpperCase();
      if (!TYPES.has(type)) throw command.failure(`invalid query type "${match[1] ?? ""}"`);
      types.push(type as RecordType);
    } else if (!word.startsWith("-")) words.push(word);
  }
  const [name, server] = words;
  if (name === undefined) throw usageFailure(command);
  const config = readConfig(command);
  const address = server ?? config.servers[0] ?? "127.0.0.1";
  const queries = makeQueries(name, types, config);
  let status = 0;
  let isFirst = true;
  for (const query of queries) {
    const answer = yield* ask(command, query.name, query.type, server);
    if (answer.kind === "no-server") {
      command.output.add(";; connection timed out; no servers could be reached\n\n");
      return 1;
    }
    if (isFirst) command.output.add(`Server:\t\t${address}\nAddress:\t${address}:53\n\n`);
    isFirst = false;
    if (answer.kind === "no-name") {
      command.output.add(`** server can't find ${query.name}: NXDOMAIN\n`);
      status = 1;
    } else {
      yield* printRecords(command, query, answer.records, server);
    }
    command.output.add("\n");
  }
  return status;
}

/**
 * networking/nslookup.c as it was before 1.29: it asks the C library, so /etc/hosts and the search list count, and says an address's name too.
 */
export function* nslookupByLibrary(command: Command): Blocking<number> {
  const [name, server] = command.operands;
  if (name === undefined) throw usageFailure(command);
  const address = server ?? readConfig(command).servers[0] ?? "127.0.0.1";
  command.output.add(`Server:    ${address}\n`);
  command.output.add(`${yield* namedAddress(command, address, 1)}\n`);
  const addresses = yield* resolveOrNone(command, name, "A");
  if (addresses.length === 0) {
    yield* command.output.flush();
    yield* command.fail(`can't resolve '${name}'`);
    return command.status;
  }
  command.output.add(`Name:      ${name}\n`);
  for (const [index, each] of addresses.entries())
    command.output.add(yield* namedAddress(command, each, index + 1));
  return 0;
}

function* namedAddress(command: Command, address: string, number: number): Blocking<string> {
  const reversed = reverseName(address);
  const [name = ""] = reversed === null ? [] : yield* resolveOrNone(command, `${reversed}.`, "PTR");
  return `Address ${String(number)}: ${address} ${name.replace(/\.$/, "")}`.trimEnd() + "\n";
}

function* resolveOrNone(
  command: Command,
  name: string,
  type: RecordType,
): Blocking<readonly string[]> {
  try {
    return yield* command.sys.resolve(name, type);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return [];
  }
}

interface Query {
  readonly name: string;
  readonly type: RecordType;
}

/** What a name is an alias of, then the records of that. */
function* printRecords(
  command: Command,
  query: Query,
  records: readonly string[],
  server: string | undefined,
): Blocking<void> {
  const alias = yield* askAlias(command, query.name, query.type, server);
  if (alias !== null) command.output.add(recordText({ name: query.name, type: "CNAME" }, alias));
  const owner = alias === null ? query : { ...query, name: alias };
  for (const record of records) command.output.add(recordText(owner, record));
}

/** Names without a dot are looked for in each search domain, and all answers are shown. */
function makeQueries(name: string, types: readonly RecordType[], config: ResolverConfig): Query[] {
  const reversed = reverseName(name);
  if (reversed !== null && types.length === 0) return [{ name: reversed, type: "PTR" }];
  const names =
    name.includes(".") || config.search.length === 0
      ? [name]
      : config.search.map((domain) => `${name}.${domain}`);
  const wanted: readonly RecordType[] = types.length === 0 ? ["A", "AAAA"] : types;
  return wanted.flatMap((type) => names.map((each) => ({ name: each, type })));
}

function recordText({ name, type }: Query, record: string): string {
  const bare = name.replace(/\.$/, "");
  switch (type) {
    case "A":
    case "AAAA":
      return `Name:\t${bare}\nAddress: ${record}\n`;
    case "PTR":
      return `${bare}\tname = ${record.replace(/\.$/, "")}\n`;
    case "CNAME":
      return `${bare}\tcanonical name = ${record.replace(/\.$/, "")}\n`;
    case "TXT":
      return `${bare}\ttext = "${record}"\n`;
    case "SRV":
      return `${bare}\tservice = ${record.replace(/\.$/, "")}\n`;
  }
}

/** bind's `host`. */
export function* host(command: Command): Blocking<number> {
  const typeAt = command.operands.indexOf("-t");
  const asked = typeAt >= 0 ? (command.operands[typeAt + 1] ?? "A").toUpperCase() : null;
  const name = command.operands.find(
    (word, index) => !word.startsWith("-") && (typeAt < 0 || index !== typeAt + 1),
  );
  if (name === undefined) throw usageFailure(command);
  const reversed = reverseName(name);
  const types: RecordType[] =
    reversed !== null
      ? ["PTR"]
      : asked !== null && TYPES.has(asked)
        ? [asked as RecordType]
        : ["A", "AAAA"];
  const candidates =
    reversed !== null
      ? [reversed]
      : [name, ...readConfig(command).search.map((domain) => `${name}.${domain}`)];
  for (const candidate of candidates) {
    const status = yield* hostAnswers(command, candidate, types);
    if (status !== null) return status;
  }
  command.output.add(`Host ${reversed === null ? name : `${reversed}.`} not found: 3(NXDOMAIN)\n`);
  return 1;
}

/** Says what there is of a name; null when there is no such name. */
function* hostAnswers(
  command: Command,
  name: string,
  types: readonly RecordType[],
): Blocking<number | null> {
  let isKnown = false;
  let owner = name;
  for (const type of types) {
    const answer = yield* ask(command, name, type);
    if (answer.kind === "no-server") {
      command.output.add(";; connection timed out; no servers could be reached\n");
      return 1;
    }
    if (answer.kind === "no-name") continue;
    const alias = isKnown ? null : yield* askAlias(command, name, type);
    if (alias !== null) {
      command.output.add(`${name} ${HOST_WORDS.CNAME} ${alias}\n`);
      owner = alias.replace(/\.$/, "");
    }
    isKnown = true;
    for (const record of answer.records)
      command.output.add(`${owner} ${HOST_WORDS[type]} ${record}\n`);
  }
  return isKnown ? 0 : null;
}

const HOST_WORDS: Readonly<Record<RecordType, string>> = {
  A: "has address",
  AAAA: "has IPv6 address",
  PTR: "domain name pointer",
  CNAME: "is an alias for",
  TXT: "descriptive text",
  SRV: "has SRV record",
};

/** bind's `dig`, for its usual forms: `dig name [type]`, `+short`, `+search`, `-x`. */
export function* dig(command: Command): Blocking<number> {
  const question = digQuestion(command.operands);
  const config = readConfig(command);
  const { answer, name } = yield* askInTurn(command, question, config);
  const address = question.server ?? config.servers[0] ?? "127.0.0.1";
  if (answer.kind === "no-server") {
    command.output.add(
      `;; communications error to ${address}#53: timed out\n;; no servers could be reached\n`,
    );
    return 9;
  }
  const alias = yield* askAlias(command, name, question.type, question.server);
  if (question.isShort) {
    if (alias !== null) command.output.add(`${alias}\n`);
    for (const record of answer.records) command.output.add(`${record}\n`);
    return 0;
  }
  command.output.add(digReport(command, { name, type: question.type, alias }, answer, address));
  return 0;
}

interface DigQuestion extends Query {
  readonly server: string | undefined;
  readonly isShort: boolean;
  readonly searches: boolean;
}

function digQuestion(operands: readonly string[]): DigQuestion {
  const words = operands.filter((word) => !/^[-+@]/.test(word));
  const typeWord = words.find((word) => TYPES.has(word));
  const given = words.find((word) => word !== typeWord && word !== "IN") ?? ".";
  const isReverse = operands.includes("-x");
  return {
    name: isReverse ? (reverseName(given) ?? given) : given,
    type: (isReverse ? "PTR" : (typeWord ?? "A")) as RecordType,
    server: operands.find((word) => word.startsWith("@"))?.slice(1),
    isShort: operands.includes("+short"),
    searches: operands.includes("+search"),
  };
}

function candidatesOf({ name, searches }: DigQuestion, config: ResolverConfig): string[] {
  if (!searches || name.endsWith(".")) return [name];
  return [...config.search.map((domain) => `${name}.${domain}`), name];
}

/** The answer to the first name that has one, or to the last. */
function* askInTurn(
  command: Command,
  question: DigQuestion,
  config: ResolverConfig,
): Blocking<{ answer: Answer; name: string }> {
  const { type, server } = question;
  const names = candidatesOf(question, config);
  let last: { answer: Answer; name: string } = {
    answer: { kind: "no-name", records: [] },
    name: names[0] ?? ".",
  };
  for (const name of names) {
    last = { answer: yield* ask(command, name, type, server), name };
    if (last.answer.kind !== "no-name") break;
  }
  return last;
}

const TTL_SECONDS = 30;

function digReport(
  command: Command,
  { name, type, alias }: Query & { readonly alias: string | null },
  { kind, records }: Answer,
  server: string,
): string {
  const full = name.endsWith(".") ? name : `${name}.`;
  const id = Math.floor(command.sys.random() * 65_536);
  const answerText = (owner: string, kindOf: RecordType, record: string): string =>
    `${owner}\t\t${String(TTL_SECONDS)}\tIN\t${kindOf}\t${record}\n`;
  const answers = [
    ...(alias === null ? [] : [answerText(full, "CNAME", alias)]),
    ...records.map((record) => answerText(alias ?? full, type, record)),
  ].join("");
  const count = records.length + (alias === null ? 0 : 1);
  return (
    `\n; <<>> DiG 9.18.24 <<>> ${command.operands.join(" ")}\n;; global options: +cmd\n;; Got answer:\n` +
    `;; ->>HEADER<<- opcode: QUERY, status: ${kind === "records" ? "NOERROR" : "NXDOMAIN"}, id: ${String(id)}\n` +
    `;; flags: qr aa rd; QUERY: 1, ANSWER: ${String(count)}, AUTHORITY: 0, ADDITIONAL: 1\n\n` +
    `;; QUESTION SECTION:\n;${full}\t\t\tIN\t${type}\n\n` +
    (answers === "" ? "" : `;; ANSWER SECTION:\n${answers}\n`) +
    `;; Query time: 0 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n;; MSG SIZE  rcvd: 100\n\n`
  );
}
