import type { Blocking, Sys } from "../../../shell/index.js";
import type { HttpExchange } from "../../http/http-server.js";
import { listenHttp, serveHttp, serveListeners } from "../../http/http-server.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { goLogLine, goResponse, goSignals, logTo, parseFlags } from "../go-server.js";
import { noteSignals, print } from "../program-io.js";

/** gcr.io/google-samples/hello-app: kubernetes-engine-samples, hello-app/main.go. */
export const helloApp: ImageProgram = function* (sys, _argv, env) {
  goSignals(sys);
  const port = Number(env.get("PORT") ?? "8080");
  const version = `${env.get("HELLO_VERSION") ?? "1.0"}.0`;
  yield* logTo(sys, goLogLine(sys, `Server listening on port ${String(port)}`));
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request }) {
        yield* logTo(sys, goLogLine(sys, `Serving request: ${request.path}`));
        return goResponse(
          sys,
          200,
          `Hello, world!\nVersion: ${version}\nHostname: ${sys.hostname}\n`,
        );
      },
    },
  ]);
  return 1;
};

const HTTP_ECHO_FLAGS = ["listen", "status-code", "text", "version"];
const HTTP_ECHO_USAGE = `Usage of /http-echo:
  -listen string
    \taddress and port to listen (default ":5678")
  -status-code int
    \thttp response code, e.g.: 200 (default 200)
  -text string
    \ttext to put on the webpage
  -version
    \tdisplay version information
`;

/** hashicorp/http-echo -text=hello -listen=:5678 */
export const httpEcho: ImageProgram = function* (sys, argv, env) {
  goSignals(sys);
  const { flags, rest } = parseFlags(argv.slice(1), ["version", "h", "help"]);
  const version = env.get("HTTP_ECHO_VERSION") ?? "1.0.0";
  if (flags.has("version")) {
    yield* print(sys, 2, `http-echo v${version}\n`);
    return 0;
  }
  const unknown = [...flags.keys()].find((name) => !HTTP_ECHO_FLAGS.includes(name));
  if (unknown !== undefined) {
    const isHelp = unknown === "h" || unknown === "help";
    const problem = isHelp ? "" : `flag provided but not defined: -${unknown}\n`;
    yield* print(sys, 2, `${problem}${HTTP_ECHO_USAGE}`);
    return isHelp ? 0 : 2;
  }
  const text = flags.get("text") || (env.get("ECHO_TEXT") ?? "");
  if (text === "") {
    yield* print(sys, 2, "Missing -text option OR ENV var TEXT is empty!\n");
    return 127;
  }
  if (rest.length > 0) {
    yield* print(sys, 2, "Too many arguments!\n");
    return 127;
  }
  const listen = flags.get("listen") ?? ":5678";
  const port = Number(listen.slice(listen.lastIndexOf(":") + 1));
  const status = Number(flags.get("status-code") ?? 200);
  yield* logTo(sys, goLogLine(sys, `[INFO] server is listening on ${listen}`));
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request, remote }) {
        const isHealth = request.path === "/health";
        const body = `${isHealth ? '{"status":"ok"}' : text}\n`;
        const from = `${remote.host}:${String(remote.port)}`;
        const line = `${request.headers.get("host") ?? ""} ${from} "${request.method} ${request.target} ${request.version}" ${String(status)} ${String(body.length)} "${request.headers.get("user-agent") ?? ""}" 12.345µs`;
        if (!isHealth) yield* print(sys, 1, goLogLine(sys, line));
        return goResponse(sys, isHealth ? 200 : status, body, [
          ["X-App-Name", "http-echo"],
          ["X-App-Version", version],
        ]);
      },
    },
  ]);
  return 1;
};

/** traefik/whoami [--port 80] */
export const whoami: ImageProgram = function* (sys, argv, env) {
  goSignals(sys);
  const { flags } = parseFlags(argv.slice(1), ["verbose"]);
  const port = Number(flags.get("port") ?? env.get("WHOAMI_PORT_NUMBER") ?? 80);
  const name = flags.get("name") ?? env.get("WHOAMI_NAME") ?? "";
  yield* print(sys, 1, goLogLine(sys, `Starting up on port ${String(port)}`));
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request, remote }) {
        if (request.path === "/health") return goResponse(sys, 200, "");
        const addresses = sys.interfaces().map(({ address }) => `IP: ${address}\n`);
        const headers = request.rawHeaders.map(([key, value]) => `${key}: ${value}\n`);
        return goResponse(
          sys,
          200,
          `${name === "" ? "" : `Name: ${name}\n`}Hostname: ${sys.hostname}\n${addresses.join("")}` +
            `RemoteAddr: ${remote.host}:${String(remote.port)}\n` +
            `${request.method} ${request.target} ${request.version}\n${headers.join("")}\n`,
        );
      },
    },
  ]);
  return 1;
};

/** jmalloc/echo-server, which minikube has as kicbase/echo-server: cmd/echo-server/main.go. */
export const plainEchoServer: ImageProgram = function* (sys, _argv, env) {
  goSignals(sys);
  const port = Number(env.get("PORT") ?? 8080);
  yield* print(sys, 1, `Echo server listening on port ${String(port)}.\n`);
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request, remote }) {
        const line = `${remote.host}:${String(remote.port)} | ${request.method} ${request.target}\n`;
        yield* print(sys, 1, line);
        const isNamed = (env.get("SEND_SERVER_HOSTNAME") ?? "").toLowerCase() !== "false";
        const headers = request.rawHeaders
          .filter(([name]) => name.toLowerCase() !== "host")
          .map(([name, value]) => `${name}: ${value}\n`)
          .sort();
        const body = bodyText(request.body);
        return goResponse(
          sys,
          200,
          (isNamed ? `Request served by ${sys.hostname}\n\n` : "") +
            `${request.method} ${request.target} ${request.version}\n\nHost: ${request.headers.get("host") ?? ""}\n` +
            `${headers.join("")}${body === "" ? "" : `\n${body}`}`,
          [["Content-Type", "text/plain"]],
        );
      },
    },
  ]);
  return 2;
};

/** registry.k8s.io/echoserver: an nginx with a Lua script that prints the request. */
export const echoServer: ImageProgram = function* (sys, _argv, env) {
  yield* serveUntilStopped(sys, Number(env.get("PORT") ?? 8080), ({ request, remote, local }) => {
    const headers = [...request.headers].map(([key, value]) => `\t${key}=${value}\n`);
    const host = (request.headers.get("host") ?? local.host).replace(/:\d+$/, "");
    const uri = `http://${host}:${String(local.port)}${request.target}`;
    const body = bodyText(request.body) || "-no body in request-";
    if (/^1\.[0-4]$/.test(env.get("ECHOSERVER_VERSION") ?? ""))
      return (
        `CLIENT VALUES:\nclient_address=${remote.host}\ncommand=${request.method}\nreal path=${request.target}\n` +
        `query=${request.target.split("?")[1] ?? "nil"}\nrequest_version=${request.version.slice(5)}\nrequest_uri=${uri}\n\n` +
        "SERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\n" +
        `HEADERS RECEIVED:\n${headers.map((line) => line.slice(1)).join("")}BODY:\n${body}`
      );
    return (
      `\n\nHostname: ${sys.hostname}\n\nPod Information:\n\t-no pod information available-\n\n` +
      "Server values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\n" +
      `Request Information:\n\tclient_address=${remote.host}\n\tmethod=${request.method}\n\treal path=${request.target}\n` +
      `\tquery=${request.target.split("?")[1] ?? ""}\n\trequest_version=${request.version.slice(5)}\n` +
      `\trequest_scheme=http\n\trequest_uri=${uri}\n\n` +
      `Request Headers:\n${headers.join("")}\nRequest Body:\n\t${body}\n\n`
    );
  });
  return 0;
};

/** ealen/echo-server and its like: the request as JSON. */
export const jsonEchoServer: ImageProgram = function* (sys, _argv, env) {
  const port = Number(env.get("PORT") ?? 80);
  yield* print(sys, 1, `Listening on port ${String(port)}.\n`);
  yield* serveUntilStopped(
    sys,
    port,
    ({ request, remote }) =>
      JSON.stringify({
        host: {
          hostname: request.headers.get("host") ?? "",
          ip: `::ffff:${remote.host}`,
          ips: [],
        },
        http: {
          method: request.method,
          baseUrl: "",
          originalUrl: request.target,
          protocol: "http",
        },
        request: {
          params: { "0": request.path },
          query: Object.fromEntries(request.query),
          cookies: {},
          body: bodyText(request.body),
          headers: Object.fromEntries(request.headers),
        },
        environment: Object.fromEntries(env),
      }),
    "application/json; charset=utf-8",
  );
  return 0;
};

/** gcr.io/google-samples/kubernetes-bootcamp: a Node.js server of a few lines. */
export const bootcamp: ImageProgram = function* (sys, _argv, env) {
  const version = env.get("BOOTCAMP_VERSION") ?? "1";
  yield* print(
    sys,
    1,
    `Kubernetes Bootcamp App Started At: ${goLogLine(sys, "").trim()} | Running On:  ${sys.hostname} \n`,
  );
  yield* serveUntilStopped(
    sys,
    8080,
    () => `Hello Kubernetes bootcamp! | Running on: ${sys.hostname} | v=${version}\n`,
    "text/plain",
  );
  return 143;
};

/** gcr.io/google-samples/node-hello */
export const nodeHello: ImageProgram = function* (sys) {
  yield* serveUntilStopped(sys, 8080, () => "Hello Kubernetes!", "text/plain");
  return 143;
};

const bodyText = (body: Uint8Array): string => new TextDecoder().decode(body);

function* serveUntilStopped(
  sys: Sys,
  port: number,
  body: (exchange: HttpExchange) => string,
  type = "text/plain",
): Blocking<void> {
  const stop = noteSignals(sys, ["TERM", "INT"]);
  yield* serveListeners(
    sys,
    listenHttp(sys, [
      {
        port,
        *handle(exchange) {
          return goResponse(sys, 200, body(exchange), [["Content-Type", type]]);
        },
      },
    ]),
    () => stop.name !== null,
  );
}
