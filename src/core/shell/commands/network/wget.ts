import { describeFailure } from "../../errno-text.js";
import { writeError } from "../../io/write.js";
import { readAll } from "../../io/read-file.js";
import { SysError, type Blocking } from "../../syscall.js";
import { encodeBase64 } from "../text/base64.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { headerOf, HttpExchange, HttpProblem, type HttpHead } from "./http-client.js";
import { hostHeader, parseAddress, resolveLocation, type WebAddress } from "./url.js";

const MAX_REDIRECTS = 16;
const DEFAULT_TIMEOUT_SECONDS = 900;

/** busybox's wget: HTTP and HTTPS, without verification. */
export function* wget(command: Command): Blocking<number> {
  const options = parseOptions(command, "cqSO:o:P:Y:U:T:t:n::", {
    continue: "c",
    quiet: "q",
    "server-response": "S",
    "output-document=": "O",
    "output-file=": "o",
    "directory-prefix=": "P",
    "user-agent=": "U",
    "timeout=": "T",
    "tries=": "t",
    "header=": "H",
    "post-data=": "D",
    "post-file=": "F",
    spider: "s",
    "no-check-certificate": "k",
    "no-verbose": "q",
    "passive-ftp": "X",
    "no-host-directories": "X",
    "no-clobber": "X",
  });
  if (options.operands.length === 0) throw usageFailure(command);
  for (const url of options.operands) yield* new Download(command, options, url).run();
  return 0;
}

class Download {
  readonly #isQuiet: boolean;
  readonly #timeoutMs: number;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly url: string,
  ) {
    this.#isQuiet = options.has("q");
    this.#timeoutMs = Number(options.value("T") ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  }

  *run(): Blocking<void> {
    const first = parseAddress(this.url);
    if (first === null) throw this.command.failure(`not an http or ftp url: ${this.url}`);
    let address: WebAddress = first;
    let connectedTo = "";
    for (let redirects = 0; ; redirects += 1) {
      const key = `${address.host}:${String(address.port)}`;
      const fd = yield* this.#connect(address, key !== connectedTo);
      connectedTo = key;
      const next = yield* this.#exchange(address, fd);
      this.command.sys.close(fd);
      if (next === null) return;
      if (redirects >= MAX_REDIRECTS) throw this.command.failure("too many redirections");
      address = next;
    }
  }

  *#connect({ host, port }: WebAddress, announce: boolean): Blocking<number> {
    const { sys } = this.command;
    let ip: string;
    try {
      const [found] = yield* sys.resolve(host, "A");
      if (found === undefined) throw new SysError("ENOENT");
      ip = found;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw this.command.failure(`bad address '${host}'`);
    }
    if (announce) yield* this.#say(`Connecting to ${host} (${ip}:${String(port)})\n`);
    try {
      return yield* sys.connect({ host: ip, port }, this.#timeoutMs);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (error.errno === "ETIMEDOUT" && this.options.has("T")) throw this.#timedOut();
      throw this.command.failure(`can't connect to remote host (${ip}): ${describeFailure(error)}`);
    }
  }

  #timedOut(): Error {
    return this.command.failure("download timed out");
  }

  *#say(text: string): Blocking<void> {
    if (!this.#isQuiet) yield* writeError(this.command.sys, text);
  }

  /** @returns where to go on, or null when it is done */
  *#exchange(address: WebAddress, fd: number): Blocking<WebAddress | null> {
    const { sys } = this.command;
    const exchange = new HttpExchange(sys, fd, sys.nowMs() + this.#timeoutMs);
    try {
      if (address.isTls) yield* exchange.startTls();
      yield* exchange.send(yield* this.#request(address));
      const head = yield* exchange.readHead();
      if (this.options.has("S")) yield* this.#showHead(head);
      if (head.status >= 300 && head.status < 400 && headerOf(head, "location") !== undefined) {
        return resolveLocation(address, headerOf(head, "location") ?? "");
      }
      if (head.status < 200 || head.status >= 300) {
        throw this.command.failure(`server returned error: ${head.statusLine}`);
      }
      if (this.options.has("s")) yield* this.#say("remote file exists\n");
      else yield* this.#receive(exchange, head, address);
      return null;
    } catch (error) {
      if (error instanceof HttpProblem) throw this.#problem(error);
      if (error instanceof SysError) {
        throw this.command.failure(`error getting response: ${describeFailure(error)}`);
      }
      throw error;
    }
  }

  #problem(error: HttpProblem): Error {
    switch (error.kind) {
      case "timeout":
        return this.#timedOut();
      case "not-tls":
        return this.command.failure("TLS error from peer (alert code 70): protocol version");
      case "truncated":
        return this.command.failure("connection closed prematurely");
      case "empty":
      case "malformed":
        return this.command.failure("error getting response");
    }
  }

  *#showHead(head: HttpHead): Blocking<void> {
    yield* writeError(this.command.sys, `  ${head.statusLine}\n`);
    for (const [name, value] of head.headers) {
      yield* writeError(this.command.sys, `  ${name}: ${value}\n`);
    }
  }

  *#request(address: WebAddress): Blocking<string> {
    const { options } = this;
    let body = options.value("D");
    const file = options.value("F");
    if (file !== undefined) {
      const fd = this.command.sys.open(file, { read: true });
      body = yield* readAll(this.command.sys, fd);
      this.command.sys.close(fd);
    }
    const own = options.all("H");
    const has = (name: string): boolean =>
      own.some((line) => line.toLowerCase().startsWith(`${name}:`));
    const lines = [`${body === undefined ? "GET" : "POST"} ${address.target} HTTP/1.1`];
    if (!has("host")) lines.push(`Host: ${hostHeader(address)}`);
    if (!has("user-agent")) lines.push(`User-Agent: ${options.value("U") ?? "Wget"}`);
    lines.push("Connection: close");
    if (address.user !== null) lines.push(`Authorization: Basic ${encodeBase64(address.user)}`);
    lines.push(...own);
    if (body !== undefined) {
      if (!has("content-type")) lines.push("Content-Type: application/x-www-form-urlencoded");
      lines.push(`Content-Length: ${String(body.length)}`);
    }
    return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
  }

  *#receive(exchange: HttpExchange, head: HttpHead, address: WebAddress): Blocking<void> {
    const { sys } = this.command;
    const name = this.options.value("O") ?? this.#nameFor(address);
    const toOutput = name === "-";
    const fd = toOutput ? 1 : this.#open(name);
    yield* this.#say(toOutput ? "writing to stdout\n" : `saving to '${name}'\n`);
    const body = exchange.bodyReader(head, true);
    const startedMs = sys.nowMs();
    let received = 0;
    for (;;) {
      const bytes = yield* body.next();
      if (bytes === null) break;
      received += bytes.length;
      if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
    }
    const total = Number(headerOf(head, "content-length") ?? 0);
    yield* this.#say(progressLine(name, received, total, sys.nowMs() - startedMs));
    yield* this.#say(toOutput ? "written to stdout\n" : `'${name}' saved\n`);
    if (!toOutput) sys.close(fd);
  }

  #nameFor(address: WebAddress): string {
    const file = address.target.replace(/\?.*$/, "").replace(/^.*\//, "");
    const name = file === "" ? "index.html" : file;
    const directory = this.options.value("P");
    return directory === undefined ? name : `${directory}/${name}`;
  }

  /** An existing file is only overwritten when it was named with -O. */
  #open(name: string): number {
    const mayReplace = this.options.has("O") || this.options.has("c");
    try {
      const how = mayReplace ? { truncate: true } : { exclusive: true };
      return this.command.sys.open(name, { write: true, create: true, ...how }, 0o666);
    } catch (error) {
      throw this.command.failure(`can't open '${name}': ${describeFailure(error)}`);
    }
  }
}

const BAR_WIDTH = 32;

// libbb/progress.c bb_progress_update, on a screen of 80 columns
function progressLine(name: string, received: number, total: number, elapsedMs: number): string {
  const shown = name.slice(0, 20).padEnd(20);
  const size = shortSize(received);
  if (total === 0) return `${shown} ${size} --:--:-- ETA\n`;
  const percent = Math.min(100, Math.floor((100 * received) / total));
  const bar = "*".repeat(Math.floor((BAR_WIDTH * received) / total)).padEnd(BAR_WIDTH);
  const eta = received === 0 || elapsedMs < 0 ? " --:--:-- ETA" : "  0:00:00 ETA";
  return `${shown} ${String(percent).padStart(3)}% |${bar}| ${size}${eta}\n`;
}

/** Five characters: `  612`, `12.3k`. */
function shortSize(bytes: number): string {
  const units = " kMGTPEZY";
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1 && (unit > 0 || bytes >= 100_000)) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return String(bytes).padStart(5);
  return `${value.toFixed(value < 10 ? 1 : 0).padStart(4)}${units.charAt(unit)}`;
}
