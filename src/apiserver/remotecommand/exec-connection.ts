import type { RawData, WebSocket } from "ws";
import { isStatusError } from "../../core/api/index.js";
import { performExec } from "../cluster-calls.js";
import type { ClusterPort, ExecAction, ExecQuery, SessionOutput } from "../cluster-port.js";
import { MAX_UNTAKEN_INPUT_BYTES } from "../limits.js";
import { exitStatus, failureStatus, withoutType, type Subprotocol } from "./exec-status.js";

/** Channels: apimachinery/pkg/util/remotecommand/constants.go, 1.34. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5: the rest of the message names a channel that will carry no more. */
const CLOSE = 255;

/** RFC 6455. */
const NORMAL_CLOSURE = 1000;
const INTERNAL_ERROR = 1011;

/** One client of pods/{name}/exec, over channels in a WebSocket: apiserver/pkg/util/proxy/websocket.go, 1.34. */
export class ExecConnection {
  readonly #session: number;
  #untakenBytes = 0;
  /** Output on its way that the command was not told of yet. */
  #sentBytes = 0;
  #isOver = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly cluster: ClusterPort,
    private readonly query: ExecQuery,
    private readonly protocol: Subprotocol,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#session = cluster.sessions.open((output) => {
      this.#take(output);
    });
    socket.on("message", (data: RawData) => {
      this.#receive(bytesOf(data));
    });
    // A frame that breaks the protocol closes the socket; that is all there is to say of it.
    socket.on("error", () => undefined);
  }

  /** Runs the command. Resolves when the client is gone. */
  async serve(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.socket.once("close", () => {
        resolve();
      });
    });
    // An empty message tells the client that the connection stands.
    const { stdout, stderr } = this.query;
    this.#send(stdout ? STDOUT : stderr ? STDERR : ERROR, NOTHING);
    await this.#start();
    await closed;
    this.#isOver = true;
    this.cluster.sessions.close(this.#session);
    await this.#perform({ kind: "abandon", session: this.#session });
  }

  async #start(): Promise<void> {
    const { query } = this;
    try {
      const answer = await performExec(this.cluster, {
        kind: "start",
        session: this.#session,
        query,
      });
      if (!answer.accepted) this.#end(failureStatus(answer));
    } catch (error) {
      if (!isStatusError(error)) throw error;
      this.#end(withoutType(error.status));
    }
  }

  #receive(message: Buffer): void {
    const channel = message[0];
    if (channel === undefined || this.#isOver) return;
    const bytes = message.subarray(1);
    if (channel === STDIN) this.#input(bytes);
    else if (channel === RESIZE) this.#resize(bytes);
    else if (channel === CLOSE && this.protocol === "v5.channel.k8s.io" && bytes[0] === STDIN)
      this.#tell({ kind: "end-input", session: this.#session });
  }

  /** What the command does not read is not read from the client either. */
  #input(bytes: Buffer): void {
    if (!this.query.stdin || bytes.length === 0) return;
    this.#untakenBytes += bytes.length;
    if (this.#untakenBytes >= MAX_UNTAKEN_INPUT_BYTES) this.socket.pause();
    this.#tell({ kind: "input", session: this.#session, bytes: Uint8Array.from(bytes) });
  }

  #resize(bytes: Buffer): void {
    if (!this.query.tty) return;
    const size = parseSize(bytes.toString("utf8"));
    if (size !== null) this.#tell({ kind: "resize", session: this.#session, size });
  }

  #take(output: SessionOutput): void {
    switch (output.kind) {
      case "output":
        this.#send(output.stream === "stdout" ? STDOUT : STDERR, output.bytes, () => {
          this.#noteSent(output.bytes.length);
        });
        return;
      case "input-taken":
        this.#untakenBytes -= output.bytes;
        if (this.#untakenBytes < MAX_UNTAKEN_INPUT_BYTES) this.socket.resume();
        return;
      case "exit":
        this.#end(exitStatus(output.exitCode, this.query.command, this.protocol));
        return;
      case "lost":
        this.#isOver = true;
        this.socket.close(INTERNAL_ERROR, "the connection to the node was lost");
        // Whoever sends without end does not see the close otherwise.
        this.socket.resume();
    }
  }

  /** The command may write as much more. Several pieces share one command to the cluster. */
  #noteSent(bytes: number): void {
    const isFirst = this.#sentBytes === 0;
    this.#sentBytes += bytes;
    if (!isFirst) return;
    setImmediate(() => {
      const sent = this.#sentBytes;
      this.#sentBytes = 0;
      if (!this.#isOver) this.#tell({ kind: "acknowledge", session: this.#session, bytes: sent });
    });
  }

  #end(status: object): void {
    this.#isOver = true;
    this.#send(ERROR, Buffer.from(JSON.stringify(status)));
    this.socket.close(NORMAL_CLOSURE);
    this.socket.resume();
  }

  #send(channel: number, bytes: Uint8Array, onSent: () => void = () => undefined): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const frame = Buffer.alloc(1 + bytes.length);
    frame[0] = channel;
    frame.set(bytes, 1);
    this.socket.send(frame, { binary: true }, (error) => {
      if (!(error instanceof Error)) onSent();
    });
  }

  #tell(action: ExecAction): void {
    void this.#perform(action);
  }

  async #perform(action: ExecAction): Promise<void> {
    try {
      await performExec(this.cluster, action);
    } catch (error) {
      // The service is stopping: the client hears of that by the end of its connection.
      if (!isStatusError(error)) this.onFailure(error);
    }
  }
}

const NOTHING = new Uint8Array(0);

/** `{"Width":80,"Height":24}`: client-go tools/remotecommand/resize.go, 1.34. Two 16-bit numbers. */
const parseSize = (text: string): { readonly columns: number; readonly rows: number } | null => {
  try {
    const { Width, Height } = JSON.parse(text) as Record<string, unknown>;
    return isSize(Width) && isSize(Height) ? { columns: Width, rows: Height } : null;
  } catch {
    return null;
  }
};

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 65_536;

const bytesOf = (data: RawData): Buffer => {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
};
