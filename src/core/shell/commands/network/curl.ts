import { stringToBytes } from "../../bytes.js";
import { readAll } from "../../io/read-file.js";
import { writeError } from "../../io/write.js";
import { SysError, type Blocking } from "../../syscall.js";
import { CommandFailure, type Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";
import { encodeBase64 } from "../text/base64.js";
import { headerOf, HttpExchange, HttpProblem, type HttpHead } from "./http-client.js";
import { hostHeader, parseAddress, resolveLocation, type WebAddress } from "./url.js";

const VERSION = "8.5.0";
const DEFAULT_CONNECT_TIMEOUT_SECONDS = 300;
const DEFAULT_MAX_REDIRECTS = 50;

const LONG_OPTIONS: Readonly<Record<string, string>> = {
  silent: "s",
  "show-error": "S",
  fail: "f",
  "fail-with-body": "f",
  location: "L",
  "output=": "o",
  "remote-name": "O",
  "request=": "X",
  "header=": "H",
  "data=": "d",
  "data-raw=": "r",
  "data-binary=": "b",
  "data-ascii=": "d",
  "data-urlencode=": "e",
  get: "G",
  include: "i",
  head: "I",
  verbose: "v",
  insecure: "k",
  "write-out=": "w",
  "user=": "u",
  "max-time=": "m",
  "connect-timeout=": "C",
  "user-agent=": "A",
  "retry=": "R",
  "retry-delay=": "D",
  "retry-connrefused": "K",
  "retry-all-errors": "K",
  "max-redirs=": "M",
  "upload-file=": "T",
  "cacert=": "B",
  "cert=": "E",
  "key=": "Z",
  "resolve=": "V",
  "referer=": "J",
  "no-buffer": "N",
  compressed: "Q",
  "progress-bar": "#",
  "http1.1": "1",
  "http1.0": "0",
  http2: "2",
  ipv4: "4",
  ipv6: "6",
  "noproxy=": "P",
  "proxy=": "x",
  "url=": "U",
  globoff: "g",
};

/** How a transfer failed, by curl's own numbers. */
class CurlFailure extends Error {
  override readonly name = "CurlFailure";

  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(text);
  }
}

export function* curl(command: Command): Blocking<number> {
  if (command.operands[0] === "--version" || command.operands[0] === "-V") {
    command.output.add(
      `curl ${VERSION} (x86_64-pc-linux-gnu) libcurl/${VERSION}\nProtocols: http https\n`,
    );
    return 0;
  }
  let options: Options;
  try {
    options = parseOptions(command, "sSfLo:OX:H:d:Giv Ikw:u:m:A:NT:e:x:E:#0:1246gJ:", LONG_OPTIONS);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const word = command.operands.find((each) => each.startsWith("-")) ?? "";
    throw new CommandFailure(
      `curl: option ${word}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
      2,
    );
  }
  const urls = [...options.all("U"), ...options.operands];
  if (urls.length === 0) {
    throw new CommandFailure(
      "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
      2,
    );
  }
  let status = 0;
  for (const url of urls) status = yield* transferWithRetries(command, options, url);
  return status;
}

function* transferWithRetries(command: Command, options: Options, url: string): Blocking<number> {
  const retries = Number(options.value("R") ?? 0);
  for (let attempt = 0; ; attempt += 1) {
    const transfer = new Transfer(command, options, url);
    try {
      yield* transfer.run();
      return 0;
    } catch (error) {
      if (!(error instanceof CurlFailure)) throw error;
      const isTransient =
        error.code === 28 || (error.code === 7 && options.has("K")) || transfer.isServerError;
      if (attempt < retries && isTransient) {
        const delaySeconds = Number(options.value("D") ?? Math.min(600, 2 ** attempt));
        yield* command.sys.sleep(delaySeconds * 1000);
        continue;
      }
      yield* command.output.flush();
      if (!options.has("s") || options.has("S")) {
        yield* writeError(command.sys, `curl: (${String(error.code)}) ${error.text}\n`);
      }
      yield* transfer.writeOut();
      return error.code;
    }
  }
}

class Transfer {
  isServerError = false;
  #head: HttpHead | null = null;
  #receivedBytes = 0;
  #redirects = 0;
  #connectMs = 0;
  readonly #startedMs: number;
  readonly #dueMs: number;
  #effective: WebAddress | null = null;
  #ip = "";

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly url: string,
  ) {
    this.#startedMs = command.sys.nowMs();
    const seconds = options.value("m");
    this.#dueMs = seconds === undefined ? Infinity : this.#startedMs + Number(seconds) * 1000;
  }

  *run(): Blocking<void> {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(this.url)?.[1];
    let address = parseAddress(this.url);
    if (address === null) {
      if (scheme !== undefined && !/^https?$/i.test(scheme)) {
        throw new CurlFailure(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
      }
      throw new CurlFailure(3, "URL rejected: Malformed input to a URL function");
    }
    const most = Number(this.options.value("M") ?? DEFAULT_MAX_REDIRECTS);
    for (;;) {
      this.#effective = address;
      const next: WebAddress | null = yield* this.#visit(address);
      if (next === null) break;
      if (this.#redirects >= most)
        throw new CurlFailure(47, `Maximum (${String(most)}) redirects followed`);
      this.#redirects += 1;
      address = next;
    }
    yield* this.writeOut();
  }

  *#visit(address: WebAddress): Blocking<WebAddress | null> {
    const { sys } = this.command;
    const fd = yield* this.#connect(address);
    try {
      return yield* this.#exchange(address, fd);
    } catch (error) {
      if (error instanceof HttpProblem) throw this.#problem(error, address);
      if (error instanceof SysError)
        throw new CurlFailure(56, "Recv failure: Connection reset by peer");
      throw error;
    } finally {
      if (sys.isOpen(fd)) sys.close(fd);
    }
  }

  #elapsedMs(): number {
    return Math.round(this.command.sys.nowMs() - this.#startedMs);
  }

  *#connect({ host, port }: WebAddress): Blocking<number> {
    const { sys } = this.command;
    const ip = yield* this.#resolve(host, port);
    const limit = Number(this.options.value("C") ?? DEFAULT_CONNECT_TIMEOUT_SECONDS) * 1000;
    const timeoutMs = Math.max(0, Math.min(limit, this.#dueMs - sys.nowMs()));
    if (this.options.has("v")) yield* writeError(sys, `*   Trying ${ip}:${String(port)}...\n`);
    try {
      const fd = yield* sys.connect({ host: ip, port }, timeoutMs);
      this.#connectMs = this.#elapsedMs();
      this.#ip = ip;
      if (this.options.has("v")) {
        yield* writeError(sys, `* Connected to ${host} (${ip}) port ${String(port)}\n`);
      }
      return fd;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      const elapsed = String(this.#elapsedMs());
      if (error.errno === "ETIMEDOUT") {
        throw new CurlFailure(
          28,
          `Failed to connect to ${host} port ${String(port)} after ${elapsed} ms: Timeout was reached`,
        );
      }
      throw new CurlFailure(
        7,
        `Failed to connect to ${host} port ${String(port)} after ${elapsed} ms: Couldn't connect to server`,
      );
    }
  }

  /** `--resolve host:port:address` comes first. */
  *#resolve(host: string, port: number): Blocking<string> {
    const prefix = `${host}:${String(port)}:`;
    const given = this.options.all("V").find((entry) => entry.startsWith(prefix));
    if (given !== undefined) return given.slice(prefix.length);
    try {
      const [ip] = yield* this.command.sys.resolve(host, "A");
      if (ip !== undefined) return ip;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
    throw new CurlFailure(6, `Could not resolve host: ${host}`);
  }

  #problem(error: HttpProblem, { host, port }: WebAddress): CurlFailure {
    switch (error.kind) {
      case "timeout":
        return new CurlFailure(
          28,
          `Operation timed out after ${String(this.#elapsedMs())} milliseconds with ${String(this.#receivedBytes)} bytes received`,
        );
      case "empty":
        return new CurlFailure(52, "Empty reply from server");
      case "not-tls":
        return new CurlFailure(
          35,
          "OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number",
        );
      case "truncated":
        return new CurlFailure(18, `transfer closed with outstanding read data remaining`);
      case "malformed":
        return new CurlFailure(1, `Received HTTP/0.9 when not allowed`);
    }
    return new CurlFailure(7, `Failed to connect to ${host} port ${String(port)}`);
  }

  *#exchange(address: WebAddress, fd: number): Blocking<WebAddress | null> {
    const exchange = new HttpExchange(this.command.sys, fd, this.#dueMs);
    if (address.isTls) yield* exchange.startTls();
    const request = yield* this.#request(address);
    if (this.options.has("v")) yield* this.#showRequest(request.head);
    yield* exchange.send(request.head + request.body);
    const head = yield* exchange.readHead();
    this.#head = head;
    this.isServerError = head.status >= 500 || head.status === 408 || head.status === 429;
    if (this.options.has("v")) yield* this.#showHead(head);
    const location = headerOf(head, "location");
    const follows =
      this.options.has("L") && head.status >= 300 && head.status < 400 && location !== undefined;
    if (this.options.has("f") && head.status >= 400) {
      throw new CurlFailure(22, `The requested URL returned error: ${String(head.status)}`);
    }
    yield* this.#receive(exchange, head, request.method, follows);
    return follows ? resolveLocation(address, location) : null;
  }

  *#showRequest(head: string): Blocking<void> {
    const lines = head
      .trimEnd()
      .split("\r\n")
      .map((line) => `> ${line}\n`);
    yield* writeError(this.command.sys, `${lines.join("")}> \n`);
  }

  *#showHead(head: HttpHead): Blocking<void> {
    const lines = headLines(head).map((line) => `< ${line}\n`);
    yield* writeError(this.command.sys, `${lines.join("")}< \n`);
  }

  *#request(address: WebAddress): Blocking<{ head: string; body: string; method: string }> {
    const { options } = this;
    const data = yield* this.#data();
    const upload = options.value("T");
    const body = upload !== undefined ? yield* this.#file(upload) : options.has("G") ? null : data;
    const method = options.value("X") ?? this.#impliedMethod(body);
    const mark = address.target.includes("?") ? "&" : "?";
    const query = data !== null && options.has("G") ? `${mark}${data}` : "";
    const lines = [
      `${method} ${address.target}${query} HTTP/1.1`,
      ...this.#headers(address, body?.length ?? null),
    ];
    return { head: `${lines.join("\r\n")}\r\n\r\n`, body: body ?? "", method };
  }

  #impliedMethod(body: string | null): string {
    if (this.options.has("I")) return "HEAD";
    if (this.options.has("T")) return "PUT";
    return body === null ? "GET" : "POST";
  }

  #headers(address: WebAddress, bodyBytes: number | null): string[] {
    const { options } = this;
    const own = options.all("H").filter((line) => line.includes(":"));
    const has = (name: string): boolean =>
      own.some((line) => line.toLowerCase().startsWith(`${name}:`));
    const user = options.value("u") ?? address.user;
    const lines: string[] = [];
    if (!has("host")) lines.push(`Host: ${hostHeader(address)}`);
    if (user !== null) lines.push(`Authorization: Basic ${encodeBase64(user)}`);
    if (!has("user-agent")) lines.push(`User-Agent: ${options.value("A") ?? `curl/${VERSION}`}`);
    if (!has("accept")) lines.push("Accept: */*");
    // `-H "Name:"` takes a header away.
    lines.push(...own.filter((line) => !/^[^:]+:\s*$/.test(line)));
    if (bodyBytes === null) return lines;
    lines.push(`Content-Length: ${String(bodyBytes)}`);
    if (!has("content-type") && !options.has("T")) {
      lines.push("Content-Type: application/x-www-form-urlencoded");
    }
    return lines;
  }

  /** All `-d` joined by `&`; `@file` reads one. Null without any. */
  *#data(): Blocking<string | null> {
    const parts: string[] = [];
    const queues = new Map(
      ["d", "r", "b", "e"].map((letter) => [letter, [...this.options.all(letter)]]),
    );
    for (const letter of this.options.order) {
      const value = queues.get(letter)?.shift();
      if (value === undefined) continue;
      if (letter === "e") parts.push(encodeForm(value));
      else if (letter === "r" || !value.startsWith("@")) parts.push(value);
      else {
        const content = yield* this.#file(value.slice(1));
        parts.push(letter === "d" ? content.replace(/[\r\n]/g, "") : content);
      }
    }
    return parts.length === 0 ? null : parts.join("&");
  }

  *#file(path: string): Blocking<string> {
    const { sys } = this.command;
    try {
      const fd = path === "-" ? 0 : sys.open(path, { read: true });
      const text = yield* readAll(sys, fd);
      if (fd !== 0) sys.close(fd);
      return text;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw new CurlFailure(26, `Failed to open ${path}`);
    }
  }

  *#receive(
    exchange: HttpExchange,
    head: HttpHead,
    method: string,
    isRedirect: boolean,
  ): Blocking<void> {
    const { sys } = this.command;
    const path = this.#outputPath();
    const fd = path !== null && !isRedirect ? this.#open(path) : 1;
    if (this.options.has("i") || this.options.has("I")) {
      yield* this.#write(fd, stringToBytes(`${headLines(head).join("\r\n")}\r\n\r\n`));
    }
    const body = exchange.bodyReader(head, method !== "HEAD");
    for (;;) {
      const bytes = yield* body.next();
      if (bytes === null) break;
      if (isRedirect) continue;
      this.#receivedBytes += bytes.length;
      yield* this.#write(fd, bytes);
    }
    if (fd !== 1) sys.close(fd);
    const meters = !this.options.has("s") && !isRedirect && (path !== null || !sys.isTerminal(1));
    if (meters) yield* this.#meter();
  }

  *#write(fd: number, bytes: Uint8Array): Blocking<void> {
    const { sys } = this.command;
    if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
  }

  /** The file that the body goes to; null for stdout. */
  #outputPath(): string | null {
    const path = this.options.value("o") ?? (this.options.has("O") ? this.#remoteName() : "-");
    return path === "-" ? null : path;
  }

  #remoteName(): string {
    const name = (this.#effective?.target ?? "").replace(/\?.*$/, "").replace(/^.*\//, "");
    if (name === "") throw new CurlFailure(23, "Failed writing received data to disk/application");
    return name;
  }

  #open(path: string): number {
    try {
      return this.command.sys.open(path, { write: true, create: true, truncate: true }, 0o666);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw new CurlFailure(23, "Failure writing output to destination");
    }
  }

  /** The progress table, of which only the last line is kept on a log. */
  *#meter(): Blocking<void> {
    const size = String(this.#receivedBytes).padStart(5);
    const seconds = Math.max(1, this.#elapsedMs()) / 1000;
    const speed = String(Math.round(this.#receivedBytes / seconds))
      .slice(0, 6)
      .padStart(6);
    yield* writeError(
      this.command.sys,
      "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
        "                                 Dload  Upload   Total   Spent    Left  Speed\n" +
        "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0" +
        `\r100 ${size}  100 ${size}    0     0 ${speed}      0 --:--:-- --:--:-- --:--:-- ${speed}\n`,
    );
  }

  /** `-w '%{http_code}'` */
  *writeOut(): Blocking<void> {
    const format = this.options.value("w");
    if (format === undefined) return;
    const text = format
      .replace(/%\{([^}]*)\}/g, (_, name: string) => this.#variable(name))
      .replace(/\\(n|r|t)/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? "")
      .replaceAll("%%", "%");
    this.command.output.add(text);
    yield* this.command.output.flush();
  }

  #variable(name: string): string {
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(6);
    switch (name) {
      case "http_code":
      case "response_code":
        return String(this.#head?.status ?? 0).padStart(3, "0");
      case "size_download":
        return String(this.#receivedBytes);
      case "num_redirects":
        return String(this.#redirects);
      case "time_total":
        return seconds(this.#elapsedMs());
      case "time_connect":
      case "time_appconnect":
        return seconds(this.#connectMs);
      case "time_namelookup":
      case "time_pretransfer":
      case "time_starttransfer":
        return seconds(this.#connectMs);
      case "url_effective":
        return this.url;
      case "remote_ip":
        return this.#ip;
      case "remote_port":
        return String(this.#effective?.port ?? 0);
      case "content_type":
        return (this.#head === null ? undefined : headerOf(this.#head, "content-type")) ?? "";
      default:
        return "";
    }
  }
}

function headLines(head: HttpHead): string[] {
  return [head.statusLine, ...head.headers.map(([name, value]) => `${name}: ${value}`)];
}

/** `name=content`: the content is encoded. */
function encodeForm(text: string): string {
  const equals = text.indexOf("=");
  const encode = (value: string): string =>
    value.replace(
      /[^A-Za-z0-9._~-]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
  if (equals < 0) return encode(text);
  return `${text.slice(0, equals)}${equals === 0 ? "" : "="}${encode(text.slice(equals + 1))}`;
}
