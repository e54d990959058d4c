import { SysError } from "../../vfs/index.js";
import type { Blocking, SocketAddress, Sys } from "../../shell/index.js";
import { asImageSys } from "../kernel/image-sys.js";

/** grpc.health.v1.HealthCheckResponse.ServingStatus */
export type HealthStatus = "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN" | "UNKNOWN";

/**
 * What stands for gRPC on the simulated network: HTTP/2's preface, then one line a call. It tells a gRPC server from any other, which is what a health check
 * finds out.
 */
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const METHOD = "/grpc.health.v1.Health/Check";
const READ_BYTES = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Serves grpc.health.v1.Health/Check until the process is stopped. */
export function* serveGrpcHealth(
  sys: Sys,
  port: number,
  statusOf: (service: string) => HealthStatus,
): Blocking<number> {
  const listener = sys.listen({ host: "0.0.0.0", port }, 128);
  const tasks = asImageSys(sys).tasks();
  for (;;) {
    const ready = yield* tasks.poll(tasks.hasRoom ? [listener] : []);
    if (ready !== null) tasks.start(answerHealth(sys, yield* sys.accept(listener), statusOf));
  }
}

function* answerHealth(
  sys: Sys,
  fd: number,
  statusOf: (service: string) => HealthStatus,
): Blocking<void> {
  try {
    const text = decoder.decode(yield* sys.read(fd, READ_BYTES));
    const service = text.startsWith(PREFACE) ? (text.split(`${METHOD} `)[1] ?? "").trim() : null;
    if (service !== null) yield* sys.write(fd, encoder.encode(`status ${statusOf(service)}\n`));
  } catch (error) {
    // A client that is gone is no reason to end.
    if (!(error instanceof SysError)) throw error;
  } finally {
    sys.close(fd);
  }
}

export type GrpcOutcome =
  | { readonly kind: "status"; readonly status: HealthStatus }
  | { readonly kind: "unconnected"; readonly errno: SysError["errno"] }
  | { readonly kind: "timeout" }
  | { readonly kind: "not-grpc" };

/** Asks for the health of a service. */
export function* checkGrpcHealth(
  sys: Sys,
  address: SocketAddress,
  service: string,
  timeoutMs: number,
): Blocking<GrpcOutcome> {
  const dueMs = sys.nowMs() + timeoutMs;
  let fd: number;
  try {
    fd = yield* sys.connect(address, timeoutMs);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return error.errno === "ETIMEDOUT"
      ? { kind: "timeout" }
      : { kind: "unconnected", errno: error.errno };
  }
  try {
    yield* sys.write(fd, encoder.encode(`${PREFACE}${METHOD} ${service}\n`));
    const ready = yield* sys.waitReadable([fd], Math.max(0, dueMs - sys.nowMs()));
    if (ready === null) return { kind: "timeout" };
    const answer = decoder.decode(yield* sys.read(fd, READ_BYTES));
    const status = /^status (\w+)\n/.exec(answer)?.[1];
    if (status === undefined) return { kind: "not-grpc" };
    return { kind: "status", status: status as HealthStatus };
  } catch (error) {
    if (error instanceof SysError) return { kind: "not-grpc" };
    throw error;
  } finally {
    sys.close(fd);
  }
}
