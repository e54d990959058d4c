import { SysError } from "../../../shell/index.js";
import { serveStreams } from "../../http/stream-server.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { noteSignals, print } from "../program-io.js";

interface Item {
  readonly flags: string;
  readonly data: string;
  readonly dueMs: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** -m's default, in MiB. */
const MEMORY_MIB = 64;

/** memcached [-p port] [-m MiB] …: the text protocol (doc/protocol.txt). It logs nothing. */
export const memcachedProgram: ImageProgram = function* (sys, argv) {
  const option = (name: string, value: number): number => {
    const at = argv.indexOf(name);
    const joined = argv.find((word) => word.startsWith(name) && word.length > 2);
    return Number(joined?.slice(2) ?? (at < 0 ? value : argv[at + 1])) || value;
  };
  const port = option("-p", 11_211);
  let listener: number;
  try {
    listener = sys.listen({ host: "0.0.0.0", port }, 1024);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* print(sys, 2, `failed to listen on TCP port ${String(port)}: Address already in use\n`);
    return 71;
  }
  const stop = noteSignals(sys, ["TERM", "INT"]);
  const cache = new Cache(option("-m", MEMORY_MIB) * 1_048_576, () => sys.nowMs());
  yield* serveStreams(
    sys,
    new Map([[listener, null]]),
    function* (connection) {
      for (;;) {
        const step = cache.step(connection.received);
        if (step === null) return true;
        connection.received = connection.received.subarray(step.used);
        if (step.answer === null) return false;
        if (step.answer !== "") yield* sys.write(connection.fd, encoder.encode(step.answer));
      }
    },
    () => stop.name !== null,
  );
  const name = stop.name === "INT" ? "Interrupt" : "Terminated";
  yield* print(sys, 2, `Signal handled: ${name}.\n`);
  return 0;
};

/** Answer null: the client quits. */
interface Step {
  readonly answer: string | null;
  readonly used: number;
}

class Cache {
  readonly #items = new Map<string, Item>();
  #bytes = 0;
  #sets = 0;
  #hits = 0;
  #misses = 0;

  constructor(
    private readonly limitBytes: number,
    private readonly nowMs: () => number,
  ) {}

  /** The next command of what has come; null when it is not complete. */
  step(received: Uint8Array): Step | null {
    const end = received.indexOf(10);
    if (end < 0) return null;
    const words = decoder.decode(received.subarray(0, end)).trim().split(/\s+/);
    const [command = "", ...args] = words;
    if (/^(set|add|replace|append|prepend)$/.test(command))
      return this.#store(command, args, received, end + 1);
    return { answer: this.#run(command, args), used: end + 1 };
  }

  #run(command: string, args: readonly string[]): string | null {
    const [key = "", amount = ""] = args;
    switch (command) {
      case "get":
      case "gets":
        return `${args.map((name) => this.#show(name)).join("")}END\r\n`;
      case "delete":
        return this.#drop(key) ? "DELETED\r\n" : "NOT_FOUND\r\n";
      case "incr":
      case "decr":
        return this.#add(key, command === "incr" ? Number(amount) : -Number(amount));
      case "flush_all":
        for (const name of [...this.#items.keys()]) this.#drop(name);
        return "OK\r\n";
      case "version":
        return "VERSION 1.6.39\r\n";
      case "stats":
        return this.#stats();
      case "quit":
        return null;
      default:
        return "ERROR\r\n";
    }
  }

  #store(
    command: string,
    args: readonly string[],
    received: Uint8Array,
    start: number,
  ): Step | null {
    const [key = "", flags = "0", expiry = "0", length = "0"] = args;
    const size = Number(length);
    if (received.length < start + size + 2) return null;
    const used = start + size + 2;
    const data = decoder.decode(received.subarray(start, start + size));
    const before = this.#find(key);
    const isAllowed = command === "set" || (command === "add" ? before === null : before !== null);
    const quiet = args.includes("noreply");
    if (!isAllowed) return { answer: quiet ? "" : "NOT_STORED\r\n", used };
    const joined = joinData(command, before?.data ?? "", data);
    const seconds = Number(expiry);
    this.#put(key, {
      flags,
      data: joined,
      dueMs: seconds === 0 ? Infinity : this.nowMs() + seconds * 1000,
    });
    this.#sets += 1;
    return { answer: quiet ? "" : "STORED\r\n", used };
  }

  #add(key: string, amount: number): string {
    const item = this.#find(key);
    if (item === null) return "NOT_FOUND\r\n";
    if (!/^\d+$/.test(item.data))
      return "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";
    const value = String(Math.max(0, Number(item.data) + amount));
    this.#put(key, { ...item, data: value });
    return `${value}\r\n`;
  }

  #show(key: string): string {
    const item = this.#find(key);
    if (item === null) {
      this.#misses += 1;
      return "";
    }
    this.#hits += 1;
    return `VALUE ${key} ${item.flags} ${String(encoder.encode(item.data).length)}\r\n${item.data}\r\n`;
  }

  #find(key: string): Item | null {
    const item = this.#items.get(key) ?? null;
    if (item === null || item.dueMs > this.nowMs()) return item;
    this.#drop(key);
    return null;
  }

  /** Makes room by dropping what was set longest ago. */
  #put(key: string, item: Item): void {
    this.#drop(key);
    this.#items.set(key, item);
    this.#bytes += key.length + item.data.length;
    for (const oldest of this.#items.keys()) {
      if (this.#bytes <= this.limitBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): boolean {
    const item = this.#items.get(key);
    if (item !== undefined) this.#bytes -= key.length + item.data.length;
    return this.#items.delete(key);
  }

  #stats(): string {
    const rows: Readonly<Record<string, number | string>> = {
      pid: 1,
      uptime: Math.floor(this.nowMs() / 1000),
      version: "1.6.39",
      curr_items: this.#items.size,
      bytes: this.#bytes,
      cmd_set: this.#sets,
      get_hits: this.#hits,
      get_misses: this.#misses,
      limit_maxbytes: this.limitBytes,
    };
    const lines = Object.entries(rows).map(([name, value]) => `STAT ${name} ${String(value)}\r\n`);
    return `${lines.join("")}END\r\n`;
  }
}

const joinData = (command: string, before: string, data: string): string => {
  if (command === "append") return before + data;
  return command === "prepend" ? data + before : data;
};
