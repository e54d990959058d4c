import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
import { formatRequest, parseResponse, type ReceivedResponse } from "./http-message.js";
import { joinBytes } from "./stream-server.js";
import { startsWithTlsReply, TLS_HELLO, TLS_REPLY } from "./tls.js";

export interface HttpCall {
  readonly address: SocketAddress;
  readonly isTls: boolean;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
  /** For all of it, from the first packet on. */
  readonly timeoutMs: number;
}

/** What came of a call. */
export type HttpOutcome =
  | { readonly kind: "response"; readonly response: ReceivedResponse }
  /** The connection could not be made. */
  | { readonly kind: "unconnected"; readonly errno: SysError["errno"] }
  | { readonly kind: "timeout"; readonly isConnected: boolean }
  /** The other side closed before it had answered. */
  | { readonly kind: "closed"; readonly isReset: boolean }
  | { readonly kind: "malformed"; readonly detail: string }
  /** Plain HTTP where TLS was expected. */
  | { readonly kind: "not-tls" };

const READ_BYTES = 65_536;

/** One HTTP request on a connection of its own. */
export function* callHttp(sys: Sys, call: HttpCall): Blocking<HttpOutcome> {
  const dueMs = sys.nowMs() + call.timeoutMs;
  let fd: number;
  try {
    fd = yield* sys.connect(call.address, call.timeoutMs);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "ETIMEDOUT") return { kind: "timeout", isConnected: false };
    return { kind: "unconnected", errno: error.errno };
  }
  try {
    return yield* exchange(sys, fd, call, dueMs);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return { kind: "closed", isReset: true };
  } finally {
    sys.close(fd);
  }
}

function* exchange(sys: Sys, fd: number, call: HttpCall, dueMs: number): Blocking<HttpOutcome> {
  let received: Uint8Array = new Uint8Array(0);
  if (call.isTls) {
    yield* sys.write(fd, TLS_HELLO);
    const reply = yield* receive(sys, fd, dueMs);
    if (reply === null) return { kind: "timeout", isConnected: true };
    if (reply.length === 0) return { kind: "closed", isReset: false };
    if (!startsWithTlsReply(reply)) return { kind: "not-tls" };
    received = reply.subarray(TLS_REPLY.length);
  }
  yield* sys.write(fd, formatRequest(call.method, call.target, call.headers, call.body));
  for (;;) {
    const bytes = yield* receive(sys, fd, dueMs);
    if (bytes === null) return { kind: "timeout", isConnected: true };
    received = joinBytes(received, bytes);
    const isAtEnd = bytes.length === 0;
    if (isAtEnd && received.length === 0) return { kind: "closed", isReset: false };
    const parsed = parseResponse(received, isAtEnd, call.method);
    if (parsed.state === "complete") return { kind: "response", response: parsed.message };
    if (parsed.state === "malformed") return { kind: "malformed", detail: parsed.detail };
    if (isAtEnd) return { kind: "closed", isReset: false };
  }
}

/** The next bytes, empty at the end; null when time is up. */
function* receive(sys: Sys, fd: number, dueMs: number): Blocking<Uint8Array | null> {
  const ready = yield* sys.waitReadable([fd], Math.max(0, dueMs - sys.nowMs()));
  return ready === null ? null : yield* sys.read(fd, READ_BYTES);
}
