import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { INestApplicationContext } from "@nestjs/common";
import { WsAdapter } from "@nestjs/platform-ws";
import { WebSocketServer, type RawData } from "ws";
import { isForeignPage, refuseUpgrade, type AccessToken } from "../config/index.js";
import { forbidden, notFound, unauthorized, type StatusError } from "../core/api/index.js";
import { KEEP_ALIVE_MS, MAX_MESSAGE_BYTES } from "./limits.js";

/** Nest's name for what a client sends. Our messages say what they are in `op`, so all come in by one door. */
export const FRAME = "frame";

/**
 * Plain WebSocket on the port of HTTP. Unlike Nest's own adapter it leaves upgrades of other paths to those who serve them, asks for the access
 * token before the handshake, and hands frames over as they are.
 */
export class StreamAdapter extends WsAdapter {
  readonly #servers = new Map<string, WebSocketServer>();
  readonly #http: Server;

  constructor(
    application: INestApplicationContext & { getHttpServer(): Server },
    private readonly token: AccessToken,
  ) {
    super(application, {
      messageParser: (data) => ({ event: FRAME, data: textOf(data as RawData) }),
    });
    this.#http = application.getHttpServer();
    this.#http.on("upgrade", this.#onUpgrade);
  }

  override create(_port: number, options: { readonly path?: string } = {}): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      // Records are small and many: compressing each would cost more than it saves.
      perMessageDeflate: false,
    });
    this.#servers.set(options.path ?? "/", this.bindErrorHandler(server) as WebSocketServer);
    return server;
  }

  override async dispose(): Promise<void> {
    this.#http.off("upgrade", this.#onUpgrade);
    await super.dispose();
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const server = this.#servers.get(url.pathname);
    if (server === undefined) {
      const isOurs = this.#http.listenerCount("upgrade") === 1;
      if (isOurs) refuse(socket, notFound("paths", url.pathname));
      return;
    }
    const { authorization } = request.headers;
    if (!this.token.admits({ authorization, queryToken: url.searchParams.get("token") })) {
      refuse(socket, unauthorized());
      return;
    }
    if (!this.token.isRequired && isForeignPage(request)) {
      refuse(socket, forbidden("", "", "a page of another site may not read the stream"));
      return;
    }
    request.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    server.handleUpgrade(request, socket, head, (client) => {
      server.emit("connection", client, request);
    });
  };
}

const textOf = (data: RawData): string => {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("utf8");
};

const refuse = (socket: Duplex, error: StatusError): void => {
  const body = JSON.stringify(error.status);
  refuseUpgrade(socket, { code: error.code, body, contentType: "application/json" });
};
