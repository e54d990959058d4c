import { SysError, type Blocking, type Sys } from "../../../shell/index.js";
import { joinBytes } from "../../http/stream-server.js";

/**
 * How the simulated clients of MySQL and PostgreSQL talk to their servers: one JSON value a line. The real protocols are for real clients, of which there are
 * none on this network.
 */
export interface ClientMessage {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly statement: string | null;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeLine = (value: unknown): Uint8Array =>
  encoder.encode(`${JSON.stringify(value)}\n`);

/** The first line of what has come, parsed; null when it is not complete. */
export const takeLine = (
  bytes: Uint8Array,
): { readonly value: unknown; readonly used: number } | null => {
  const end = bytes.indexOf(10);
  if (end < 0) return null;
  try {
    return { value: JSON.parse(decoder.decode(bytes.subarray(0, end))), used: end + 1 };
  } catch {
    return { value: null, used: end + 1 };
  }
};

export type CallOutcome =
  | { readonly kind: "answer"; readonly value: unknown }
  | { readonly kind: "failed"; readonly errno: SysError["errno"] | "closed" };

/** Sends one message and waits for one answer, behind whatever greeting the server sends first. */
export function* callServer(
  sys: Sys,
  host: string,
  port: number,
  message: ClientMessage,
  timeoutMs: number,
): Blocking<CallOutcome> {
  let fd: number;
  try {
    const [address = host] = yield* sys.resolve(host, "A");
    fd = yield* sys.connect({ host: address, port }, timeoutMs);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return { kind: "failed", errno: error.errno };
  }
  try {
    yield* sys.write(fd, encodeLine(message));
    let received: Uint8Array = new Uint8Array(0);
    for (;;) {
      const ready = yield* sys.waitReadable([fd], timeoutMs);
      if (ready === null) return { kind: "failed", errno: "ETIMEDOUT" };
      const bytes = yield* sys.read(fd, 65_536);
      if (bytes.length === 0) return { kind: "failed", errno: "closed" };
      received = joinBytes(received, bytes);
      const line = takeLine(received);
      if (line !== null) return { kind: "answer", value: line.value };
    }
  } catch (error) {
    if (error instanceof SysError) return { kind: "failed", errno: "closed" };
    throw error;
  } finally {
    sys.close(fd);
  }
}
