import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import {
  Inject,
  Injectable,
  Logger,
  Optional,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { WebSocketServer, type WebSocket } from "ws";
import {
  ACCESS_TOKEN,
  isForeignPage,
  refuseUpgrade,
  type AccessToken,
} from "../../config/index.js";
import {
  badRequest,
  forbidden,
  internalError,
  isStatusError,
  unauthorized,
  unknownPath,
  type StatusError,
} from "../../core/api/index.js";
import { performExec } from "../cluster-calls.js";
import { CLUSTER_PORT, type ClusterPort, type ExecAnswer } from "../cluster-port.js";
import { MetricsService } from "../health/metrics.service.js";
import { EXEC_KEEP_ALIVE_MS, MAX_EXEC_FRAME_BYTES } from "../limits.js";
import { ResourceRoutes, type Route } from "../resources/resource-routes.js";
import { ExecConnection } from "./exec-connection.js";
import { parseExecParameters } from "./exec-parameters.js";
import type { Subprotocol } from "./exec-status.js";
import { bearerOf, chooseSubprotocol, offeredProtocols } from "./subprotocols.js";

/** Served by others, on the same server. */
const STREAM_PATH = "/sim/v1/stream";

/** RFC 6455. */
const GOING_AWAY = 1001;

/** A refusal that comes from the node, as it wrote it. */
interface NodeRefusal {
  readonly code: number;
  readonly text: string;
}

/**
 * Serves what a client connects to: pods/{name}/exec over WebSocket. Nest and fastify see no requests that want another protocol, so this listens to the
 * server itself, for all paths but that of the stream.
 */
@Injectable()
export class RemoteCommandService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger("RemoteCommand");
  readonly #sockets = new Set<WebSocket>();
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_EXEC_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => chooseSubprotocol([...offered]) ?? false,
  });

  constructor(
    @Inject(CLUSTER_PORT) private readonly cluster: ClusterPort,
    @Inject(ResourceRoutes) private readonly routes: ResourceRoutes,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Optional() @Inject(ACCESS_TOKEN) private readonly token: AccessToken | null = null,
  ) {}

  onApplicationBootstrap(): void {
    this.#http.on("upgrade", this.#onUpgrade);
  }

  onModuleDestroy(): void {
    this.#http.off("upgrade", this.#onUpgrade);
    for (const socket of this.#sockets) socket.close(GOING_AWAY, "the service is stopping");
  }

  get #http(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === STREAM_PATH) return;
    // A client that goes away before it is answered is nobody's fault.
    socket.on("error", () => socket.destroy());
    this.#serve(url, request, socket, head).catch((error: unknown) => {
      refuse(socket, this.#refusalOf(error));
    });
  };

  /** @throws StatusError */
  async #serve(url: URL, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#checkClient(request);
    const route = this.#routeOf(url, request);
    const query = parseExecParameters(url.searchParams, route.namespace, route.name);
    const answer = await performExec(this.cluster, { kind: "check", query });
    if (request.headers.upgrade?.toLowerCase() !== "websocket") throw spdyNotServed();
    const protocol = chooseSubprotocol(offeredProtocols(request));
    if (protocol === null) throw noSubprotocol(offeredProtocols(request));
    const refusal = nodeRefusal(protocol, answer, query);
    if (refusal !== null) {
      const { code, text } = refusal;
      refuseUpgrade(socket, { code, body: text, contentType: "text/plain; charset=utf-8" });
      return;
    }
    request.socket.setKeepAlive(true, EXEC_KEEP_ALIVE_MS);
    this.#webSockets.handleUpgrade(request, socket, head, (client) => {
      const connection = new ExecConnection(client, this.cluster, query, protocol, (error) => {
        this.#logger.error(error);
      });
      void this.#follow(route, client, connection);
    });
  }

  async #follow(route: Route, client: WebSocket, connection: ExecConnection): Promise<void> {
    const { group, version, plural: resource } = route.definition;
    const labels = { verb: "CONNECT", group, version, resource, subresource: "exec" };
    this.#sockets.add(client);
    try {
      await this.metrics.whileRunning(labels, () => connection.serve());
    } catch (error) {
      this.#logger.error(error);
      client.terminate();
    } finally {
      this.#sockets.delete(client);
    }
  }

  /** @throws StatusError 401, 403 */
  #checkClient(request: IncomingMessage): void {
    const { token } = this;
    const authorization = request.headers.authorization ?? bearerOf(request);
    if (token !== null && !token.admits({ authorization })) throw unauthorized();
    if (token?.isRequired !== true && isForeignPage(request))
      throw forbidden("", "", "a page of another site may not run commands");
  }

  /** @throws StatusError for all but pods/{name}/exec. */
  #routeOf(url: URL, request: IncomingMessage): Route {
    const routing = this.routes.resolve(request.method ?? "GET", url.pathname, false);
    if (routing.found !== "route") throw unknownPath();
    const { route } = routing;
    const subresource = route.subresource?.name ?? "";
    if (subresource === "exec") return route;
    if (subresource === "attach" || subresource === "portforward")
      throw badRequest(`${subresource} is not served by this simulator`);
    throw badRequest("the requested path can not be upgraded to another protocol");
  }

  #refusalOf(error: unknown): StatusError {
    if (isStatusError(error)) return error;
    this.#logger.error(error);
    return internalError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * What the node refuses before there is a connection. In v5 the API server has made its own with the client by then and says it there; in v4 it hands
 * on what the node answers.
 */
function nodeRefusal(
  protocol: Subprotocol,
  answer: ExecAnswer,
  streams: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean },
): NodeRefusal | null {
  // pkg/kubelet/cri/streaming/remotecommand/httpstream.go NewOptions, 1.34.
  if (!streams.stdin && !streams.stdout && !streams.stderr)
    return { code: 400, text: "you must specify at least 1 of stdin, stdout, stderr" };
  if (answer.accepted || protocol === "v5.channel.k8s.io") return null;
  return { code: answer.by === "node" ? 502 : 500, text: answer.message };
}

function spdyNotServed(): StatusError {
  return badRequest(
    "SPDY is not served, only WebSocket: use kubectl 1.30 or newer, or 1.29 with KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true",
  );
}

/** apiserver/pkg/util/httpstream/wsstream/conn.go negotiateProtocol, 1.34. */
function noSubprotocol(offered: readonly string[]): StatusError {
  return badRequest(
    `unable to negotiate protocol, client supports [${offered.join(" ")}], server accepts [v5.channel.k8s.io v4.channel.k8s.io]`,
  );
}

function refuse(socket: Duplex, error: StatusError): void {
  const body = `${JSON.stringify(error.status)}\n`;
  refuseUpgrade(socket, { code: error.code, body, contentType: "application/json" });
}
