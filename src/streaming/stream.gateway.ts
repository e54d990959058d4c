import { Inject, Logger, type OnModuleDestroy } from "@nestjs/common";
import {
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from "@nestjs/websockets";
import type { WebSocket } from "ws";
import { SimulationService } from "../simulation/index.js";
import { MAX_CONNECTIONS } from "./limits.js";
import { FRAME } from "./stream-adapter.js";
import { StreamConnection } from "./stream-connection.js";

/** Close codes of RFC 6455. */
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** The WebSocket stream. What clients send comes as frames (see StreamAdapter), and each connection answers for itself. */
@WebSocketGateway({ path: "/sim/v1/stream" })
export class StreamGateway implements OnGatewayConnection, OnGatewayDisconnect, OnModuleDestroy {
  readonly #logger = new Logger("Stream");
  readonly #connections = new Map<WebSocket, StreamConnection>();

  constructor(@Inject(SimulationService) private readonly simulation: SimulationService) {}

  /** Bytes that wait in each connection's socket. */
  get bufferedBytes(): readonly number[] {
    return [...this.#connections.keys()].map(({ bufferedAmount }) => bufferedAmount);
  }

  handleConnection(socket: WebSocket): void {
    if (this.#connections.size >= MAX_CONNECTIONS) {
      socket.close(TRY_AGAIN_LATER, "too many connections");
      return;
    }
    const connection = new StreamConnection(socket, this.simulation, (error) => {
      this.#logger.error(error);
    });
    this.#connections.set(socket, connection);
  }

  handleDisconnect(socket: WebSocket): void {
    this.#connections.get(socket)?.close();
    this.#connections.delete(socket);
  }

  @SubscribeMessage(FRAME)
  receive(socket: WebSocket, text: string): void {
    this.#connections.get(socket)?.receive(text);
  }

  onModuleDestroy(): void {
    for (const [socket, connection] of this.#connections) {
      connection.close();
      socket.close(GOING_AWAY, "the service is stopping");
    }
  }
}
