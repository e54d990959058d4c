import { SysError, type Blocking } from "../../../shell/index.js";
import { callHttp } from "../../http/http-client.js";
import type { HttpResponse } from "../../http/http-message.js";
import {
  HANG_UP,
  serveListeners,
  listenHttp,
  type HttpExchange,
  type HttpPort,
} from "../../http/http-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { calendarTime } from "../../calendar.js";
import {
  formValue,
  goResponse,
  goSignals,
  klogLine,
  logTo,
  parseFlags,
  routes,
} from "../go-server.js";
import { runCommand } from "../run-command.js";
import { noteSignals } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/netexec/netexec.go */
export const netexec: Subcommand = function* (sys, args) {
  const { flags } = parseFlags(args);
  const port = Number(flags.get("http-port") ?? 8080);
  const udpPort = Number(flags.get("udp-port") ?? 8081);
  const delaySeconds = Number(flags.get("delay-shutdown") ?? 0);
  const isTls = (flags.get("tls-cert-file") ?? "") !== "";
  const stop = delaySeconds > 0 ? noteSignals(sys, ["TERM"]) : null;
  goSignals(sys, stop === null ? [] : ["TERM"]);
  yield* logTo(
    sys,
    klogLine(sys, "log.go:245", `Started HTTP${isTls ? "S" : ""} server on port ${String(port)}`),
  );
  if (udpPort !== -1)
    yield* logTo(
      sys,
      klogLine(sys, "log.go:245", `Started UDP server on port  ${String(udpPort)}`),
    );
  const http: HttpPort = { port, isTls, handle: handlers(sys) };
  yield* serveListeners(sys, listenHttp(sys, [http]), () => stop?.name != null);
  yield* logTo(
    sys,
    klogLine(sys, "log.go:245", `Sleeping ${String(delaySeconds)} seconds before terminating...`),
  );
  yield* sys.sleep(delaySeconds * 1000);
  return 0;
};

const handlers = (sys: ImageSys): HttpPort["handle"] => {
  let isReady = true;
  const log = (text: string): Blocking<void> => logTo(sys, klogLine(sys, "log.go:245", text));
  const handle = routes(sys, {
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
    *"/dial"(exchange) {
      return yield* dial(sys, exchange);
    },
    *"/echo"(exchange) {
      const message = formValue(exchange, "msg");
      const code = formValue(exchange, "code");
      yield* log(`GET /echo?msg=${message}&code=${code}`);
      return goResponse(sys, code === "" ? 200 : Number(code), message);
    },
    *"/exit"(exchange) {
      const code = formValue(exchange, "code");
      yield* log(`GET /exit?code=${code}`);
      sys.end({ code: Number(code || "0") });
      return goResponse(sys, 200, "");
    },
    *"/healthz"() {
      yield* log("GET /healthz");
      return goResponse(sys, isReady ? 200 : 412, "");
    },
    *"/hostname"() {
      yield* log("GET /hostname");
      return goResponse(sys, 200, sys.hostname);
    },
    "/hostName": function* () {
      yield* log("GET /hostName");
      return goResponse(sys, 200, sys.hostname);
    },
    *"/redirect"(exchange) {
      const location = formValue(exchange, "location");
      const code = formValue(exchange, "code");
      yield* log(`Redirecting: ${location}, with code: ${code}`);
      return goResponse(sys, code === "" ? 302 : Number(code), "", [["Location", location]]);
    },
    *"/shell"(exchange) {
      return yield* shell(sys, exchange);
    },
    *"/shutdown"() {
      isReady = false;
      sys.end({ code: 0 });
      return goResponse(sys, 200, "");
    },
    *"/upload"() {
      return goResponse(sys, 200, JSON.stringify({ output: "/uploads/upload" }));
    },
  });
  return function* (exchange): Blocking<HttpResponse | typeof HANG_UP> {
    return yield* handle(exchange);
  };
};

function* shell(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const command = formValue(exchange, "shellCommand") || formValue(exchange, "cmd");
  yield* logTo(sys, klogLine(sys, "log.go:245", `GET /shell?cmd=${command}`));
  const { output, code } = yield* runCommand(sys, "/bin/sh", ["sh", "-c", command]);
  const answer = code === 0 ? { output } : { error: `exit status ${String(code)}`, output };
  return goResponse(sys, code === 0 ? 200 : 417, JSON.stringify(answer));
}

/** Asks another netexec, several times, and tells what came back. */
function* dial(sys: ImageSys, exchange: HttpExchange): Blocking<HttpResponse> {
  const host = formValue(exchange, "host");
  const port = Number(formValue(exchange, "port") || "80");
  const request = formValue(exchange, "request") || "hostName";
  const tries = Math.max(1, Number(formValue(exchange, "tries") || "1"));
  yield* logTo(
    sys,
    klogLine(
      sys,
      "log.go:245",
      `GET /dial?host=${host}&protocol=http&port=${String(port)}&request=${request}&tries=${String(tries)}`,
    ),
  );
  const responses: string[] = [];
  const errors: string[] = [];
  for (let attempt = 0; attempt < Math.min(tries, 100); attempt += 1) {
    try {
      const [address = host] = yield* sys.resolve(host, "A");
      const outcome = yield* callHttp(sys, {
        address: { host: address, port },
        isTls: false,
        method: "GET",
        target: `/${request}`,
        headers: [
          ["Host", `${host}:${String(port)}`],
          ["Connection", "close"],
        ],
        body: null,
        timeoutMs: 5000,
      });
      if (outcome.kind === "response")
        responses.push(new TextDecoder().decode(outcome.response.body));
      else errors.push(`reading from ${host}:${String(port)} failed: ${outcome.kind}`);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      errors.push(`lookup ${host}: no such host`);
    }
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
