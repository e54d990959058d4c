import { SysError, type Blocking } from "../../../shell/index.js";
import { parseQuery, type HttpResponse } from "../../http/http-message.js";
import {
  listenHttp,
  serveListeners,
  type HttpExchange,
  type HttpHandler,
} from "../../http/http-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { calendarTime } from "../../calendar.js";
import {
  formatElapsed,
  formValue,
  goError,
  goQuote,
  goRedirect,
  goResponse,
  goSignals,
  logThroughKlog,
  parseDuration,
  parseFlags,
  routes,
  type GoHandler,
} from "../go-server.js";
import { noteSignals, print } from "../program-io.js";
import { runCommand } from "../run-command.js";
import { getOverHttp } from "./get-over-http.js";
import type { Subcommand } from "./agnhost.js";

/** Tries of one `/dial` at most; real ones are bounded by who waits for the answer. */
const MAX_TRIES = 1000;

/** test/images/agnhost/netexec/netexec.go */
export const netexec: Subcommand = function* (sys, args) {
  const { flags } = parseFlags(args);
  const port = Number(flags.get("http-port") ?? 8080);
  const udpPort = Number(flags.get("udp-port") ?? 8081);
  const delaySeconds = Number(flags.get("delay-shutdown") ?? 0);
  const isTls = (flags.get("tls-cert-file") ?? "") !== "";
  const stop = delaySeconds > 0 ? noteSignals(sys, ["TERM"]) : null;
  goSignals(sys, stop === null ? [] : ["TERM"]);
  yield* logThroughKlog(sys, `Started HTTP server on port ${String(port)}`);
  if (udpPort !== -1)
    for (const address of (flags.get("udp-listen-addresses") ?? "").split(","))
      yield* logThroughKlog(sys, `Started UDP server on port ${address} ${String(udpPort)}`);
  const answer = handlers(sys, udpPort !== -1);
  const override = flags.get("http-override") ?? "";
  const handle = override === "" ? answer : overridden(answer, override);
  yield* serveListeners(sys, listenHttp(sys, [{ port, isTls, handle }]), () => stop?.name != null);
  yield* logThroughKlog(sys, `Sleeping ${String(delaySeconds)} seconds before terminating...`);
  yield* sys.sleep(delaySeconds * 1000);
  return 0;
};

/** Answers as if it had been asked for something else. */
const overridden =
  (answer: GoHandler, target: string): HttpHandler =>
  (exchange) => {
    const { pathname, searchParams } = splitTarget(target);
    const request = { ...exchange.request, method: "GET", path: pathname, query: searchParams };
    return answer({ ...exchange, request });
  };

const splitTarget = (
  target: string,
): { readonly pathname: string; readonly searchParams: ReadonlyMap<string, string> } => {
  const [pathname = "/", query = ""] = target.split("?", 2);
  return { pathname, searchParams: parseQuery(query) };
};

/** @param isReady once its UDP server runs, which the health check asks for */
const handlers = (sys: ImageSys, isReady: boolean): GoHandler => {
  const log = (text: string): Blocking<void> => logThroughKlog(sys, text);
  const hostname = function* (name: string): Blocking<HttpResponse> {
    yield* log(`GET /${name}`);
    return goResponse(sys, 200, sys.hostname);
  };
  return routes(sys, {
    *"/"() {
      yield* log("GET /");
      return goResponse(sys, 200, `NOW: ${goTime(sys)}`);
    },
    *"/clientip"({ remote }) {
      yield* log("GET /clientip");
      return goResponse(sys, 200, `${remote.host}:${String(remote.port)}`);
    },
    *"/header"(exchange) {
      const key = formValue(exchange, "key");
      yield* log(`GET /header?key=${key}`);
      return goResponse(sys, 200, exchange.request.headers.get(key.toLowerCase()) ?? "");
    },
    "/dial": (exchange) => dial(sys, exchange),
    "/echo": (exchange) => echo(sys, exchange),
    "/exit": (exchange) => exit(sys, exchange),
    *"/healthz"() {
      yield* log("GET /healthz");
      return goResponse(sys, isReady ? 200 : 412, "");
    },
    "/hostname": () => hostname("hostname"),
    "/hostName": () => hostname("hostName"),
    "/redirect": (exchange) => redirect(sys, exchange),
    "/shell": (exchange) => shell(sys, exchange),
    *"/shutdown"() {
      yield* log("GET /shutdown");
      sys.end({ code: 0 });
      return goResponse(sys, 200, "");
    },
    "/upload": (exchange) => upload(sys, exchange),
  });
};

const notInteger = (sys: ImageSys, what: string, text: string): HttpResponse =>
  goResponse(
    sys,
    200,
    `argument 'code' must be an integer${what} or empty, got ${goQuote(text)}\n`,
  );

function* echo(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const message = formValue(exchange, "msg");
  const code = formValue(exchange, "code");
  yield* logThroughKlog(sys, `GET /echo?msg=${message}&code=${code}`);
  if (!/^([-+]?\d+)?$/.test(code)) return notInteger(sys, "", code);
  return goResponse(sys, code === "" ? 200 : Number(code), message);
}

function* redirect(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const location = formValue(exchange, "location");
  const code = formValue(exchange, "code");
  yield* logThroughKlog(sys, `${exchange.request.method} /redirect?msg=${location}&code=${code}`);
  if (!/^([-+]?\d+)?$/.test(code)) return notInteger(sys, "", code);
  return goRedirect(sys, exchange, location, code === "" ? 302 : Number(code));
}

/** Ends the process, at once or when what is open has been answered. */
function* exit(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const code = formValue(exchange, "code");
  const times = { timeout: formValue(exchange, "timeout"), wait: formValue(exchange, "wait") };
  yield* logThroughKlog(sys, `GET /exit?code=${code}&timeout=${times.timeout}&wait=${times.wait}`);
  for (const [name, text] of Object.entries(times)) {
    if (text === "" || parseDuration(text) !== null) continue;
    const problem = `argument '${name}' must be a valid golang duration or empty, got ${goQuote(text)}\n`;
    return goResponse(sys, 200, problem);
  }
  if (!/^([-+]?\d+)?$/.test(code)) return notInteger(sys, " [0-127]", code);
  const waitMs = parseDuration(times.wait) ?? 0;
  const timeoutMs = parseDuration(times.timeout) ?? 0;
  yield* logThroughKlog(
    sys,
    `Will begin shutdown in ${duration(waitMs)}, allowing ${duration(timeoutMs)} for connections to close, then will exit with ${code || "0"}`,
  );
  if (waitMs > 0) yield* sys.sleep(waitMs);
  if (timeoutMs > 0) yield* logThroughKlog(sys, "Graceful shutdown completed with: <nil>");
  sys.end({ code: Number(code) & 0xff });
  return goResponse(sys, 200, "");
}

const duration = (milliseconds: number): string =>
  milliseconds === 0 ? "0s" : formatElapsed(milliseconds);

function* shell(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const command = formValue(exchange, "shellCommand") || formValue(exchange, "cmd");
  yield* logThroughKlog(sys, `GET /shell?cmd=${command}`);
  const { output, code } = yield* runCommand(sys, "/bin/sh", ["/bin/sh", "-c", command]);
  const answer: Record<string, string> = {};
  if (code !== 0) answer["error"] = `exit status ${String(code)}`;
  if (output !== "") answer["output"] = output;
  const shown = Object.entries(answer).map(([name, text]) => `${name}:${text}`);
  yield* logThroughKlog(sys, `Output: map[${shown.join(" ")}]`.replace(/\n$/, ""));
  return goResponse(sys, 200, JSON.stringify(answer));
}

/** Takes the file of a form (`curl -F file=@x`). */
function* upload(sys: ImageSys, { request }: HttpExchange): Blocking<HttpResponse> {
  yield* logThroughKlog(sys, "GET /upload");
  const content = uploadedFile(request.headers.get("content-type") ?? "", request.body);
  if (content === null) {
    yield* logThroughKlog(
      sys,
      "Unable to upload file: request Content-Type isn't multipart/form-data",
    );
    return goResponse(sys, 200, JSON.stringify({ error: "Unable to upload file." }));
  }
  const path = `/uploads/upload${String(Math.floor(sys.random() * 2 ** 32))}`;
  try {
    const fd = sys.open(path, { write: true, create: true }, 0o600);
    yield* print(sys, fd, content);
    sys.close(fd);
    sys.chmod(path, 0o700);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return goResponse(sys, 200, JSON.stringify({ error: "Unable to open file for write" }));
  }
  yield* logThroughKlog(sys, `Wrote upload to ${path}`);
  return goResponse(sys, 201, JSON.stringify({ output: path }));
}

/** What stands under the name `file` in a form of several parts; null when there is none. */
const uploadedFile = (type: string, body: Uint8Array): string | null => {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  if (boundary === undefined) return null;
  for (const part of new TextDecoder().decode(body).split(`--${boundary}`)) {
    const end = part.indexOf("\r\n\r\n");
    if (end >= 0 && /name="file"/.test(part.slice(0, end)))
      return part.slice(end + 4).replace(/\r\n$/, "");
  }
  return null;
};

/** Asks another netexec, several times, and tells what came back. */
function* dial(sys: ImageSys, { request }: HttpExchange): Blocking<HttpResponse> {
  const asked = (name: string): string => request.query.get(name) ?? "";
  const host = asked("host");
  const port = asked("port");
  const target = asked("request");
  const protocol = asked("protocol");
  const tries = asked("tries");
  yield* logThroughKlog(
    sys,
    `GET /dial?host=${host}&protocol=${protocol}&port=${port}&request=${target}&tries=${tries}`,
  );
  if (!/^([-+]?\d+)?$/.test(tries)) {
    const why = `strconv.Atoi: parsing ${goQuote(tries)}: invalid syntax`;
    return goError(sys, 400, `tries parameter is invalid. ${why}`);
  }
  if (target === "") return goError(sys, 400, "request parameter not specified. <nil>");
  if (!["", "http", "udp", "sctp"].includes(protocol.toLowerCase()))
    return goError(sys, 400, `unsupported protocol. ${protocol}`);
  const responses: string[] = [];
  const errors: string[] = [];
  const count = tries === "" ? 1 : Math.min(Number(tries), MAX_TRIES);
  for (let attempt = 0; attempt < count; attempt += 1) {
    const gotten = ["udp", "sctp"].includes(protocol.toLowerCase())
      ? { error: `reading from ${protocol} connection failed. err:'connection refused'` }
      : yield* getOverHttp(sys, host, Number(port), target);
    if ("body" in gotten) responses.push(gotten.body);
    else errors.push(gotten.error);
  }
  const answer = {
    ...(errors.length > 0 ? { errors } : {}),
    ...(responses.length > 0 ? { responses } : {}),
  };
  return goResponse(sys, 200, JSON.stringify(answer));
}

/** time.Time's own format. */
const goTime = (sys: ImageSys): string => {
  const { year, month, day, hour, minute, second } = calendarTime(sys.nowMs());
  const fraction = String(sys.nowMs() % 1000).padStart(3, "0");
  const monotonic = (sys.uptimeMs() / 1000).toFixed(9);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}.${fraction} +0000 UTC m=+${monotonic}`;
};
