import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { joinBytes } from "../../http/stream-server.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { print, readFile } from "../program-io.js";
import { encodeCommand, readReply, type Reply } from "./resp.js";

/** src/redis-cli.c, 8.2: main. */
const PASSWORD_WARNING =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n";
const CONNECT_MS = 5000;
const encoder = new TextEncoder();

/** redis-cli [-h host] [-p port] [-a password] [-n db] [command …] */
export const redisClient: ImageProgram = function* (sys, argv, env) {
  const { host, port, password, words, failsOnError, warnsOfPassword } = parseOptions(argv, env);
  if (/^(-v|--version)$/.test(argv[1] ?? "")) {
    yield* print(sys, 1, `redis-cli ${env.get("REDIS_VERSION") ?? "8.2.1"}\n`);
    return 0;
  }
  if (warnsOfPassword) yield* print(sys, 2, PASSWORD_WARNING);
  const commands = words.length > 0 ? [words] : yield* commandsFromInput(sys);
  const fd = yield* connect(sys, host, port);
  if (fd === null) return 1;
  if (password !== "") {
    const reply = yield* call(sys, fd, ["AUTH", password]);
    if (reply?.kind === "error") yield* print(sys, 2, `AUTH failed: ${reply.text}\n`);
  }
  for (const command of commands) {
    const reply = yield* call(sys, fd, command);
    if (reply === null) {
      yield* print(sys, 2, "Error: Server closed the connection\n");
      return 1;
    }
    if (reply.kind === "error" && failsOnError) {
      yield* print(sys, 2, `${reply.text}\n`);
      return 1;
    }
    yield* print(sys, 1, `${formatReply(reply)}\n`);
  }
  sys.close(fd);
  return 0;
};

interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** `-e`: an error reply ends it with 1, where it would be printed as any other. */
  readonly failsOnError: boolean;
  readonly warnsOfPassword: boolean;
  /** The command itself. */
  readonly words: readonly string[];
}

/** Options end at the first word that is none. */
const parseOptions = (argv: readonly string[], env: ReadonlyMap<string, string>): ClientOptions => {
  const values = new Map<string, string>();
  let at = 1;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (/^(-e|--no-auth-warning)$/.test(word)) values.set(word, "");
    else if (/^--(raw|no-raw|csv|json)$/.test(word)) continue;
    else if (!/^(-[hpanir]|--pass)$/.test(word)) break;
    else values.set(word === "--pass" ? "-a" : word, argv[(at += 1)] ?? "");
  }
  return {
    host: values.get("-h") ?? "127.0.0.1",
    port: Number(values.get("-p") ?? 6379),
    password: values.get("-a") ?? env.get("REDISCLI_AUTH") ?? "",
    failsOnError: values.has("-e"),
    warnsOfPassword: values.has("-a") && !values.has("--no-auth-warning"),
    words: argv.slice(at),
  };
};

function* connect(sys: Sys, host: string, port: number): Blocking<number | null> {
  const where = `${host}:${String(port)}`;
  try {
    const [address = host] = yield* sys.resolve(host, "A");
    return yield* sys.connect({ host: address, port }, CONNECT_MS);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const why =
      error.errno === "ECONNREFUSED"
        ? "Connection refused"
        : error.errno === "ENOENT" || error.errno === "EAGAIN"
          ? "Name or service not known"
          : "Connection timed out";
    yield* print(sys, 2, `Could not connect to Redis at ${where}: ${why}\n`);
    return null;
  }
}

function* call(sys: Sys, fd: number, words: readonly string[]): Blocking<Reply | null> {
  yield* sys.write(fd, encoder.encode(encodeCommand(words)));
  let received: Uint8Array = new Uint8Array(0);
  for (;;) {
    const bytes = yield* sys.read(fd, 65_536);
    if (bytes.length === 0) return null;
    received = joinBytes(received, bytes);
    const read = readReply(received);
    if (read !== null) return read.reply;
  }
}

function* commandsFromInput(sys: Sys): Blocking<readonly (readonly string[])[]> {
  const bytes = (yield* readFile(sys, "/dev/stdin")) ?? new Uint8Array(0);
  return new TextDecoder()
    .decode(bytes)
    .split("\n")
    .map((line) => line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2")));
}

/** As it prints where no terminal is: values alone, one a line. */
const formatReply = (reply: Reply): string => {
  switch (reply.kind) {
    case "status":
      return reply.text;
    case "error":
      return `${reply.text}\n`;
    case "integer":
      return String(reply.value);
    case "bulk":
      return reply.text ?? "";
    case "array":
      return reply.items.map(formatReply).join("\n");
  }
};
