import { serveHttp } from "../../http/http-server.js";
import { asImageSys } from "../../kernel/image-sys.js";
import {
  formatElapsed,
  goResponse,
  goSignals,
  logThroughKlog,
  parseFlags,
  routes,
} from "../go-server.js";
import { serveGrpcHealth, type HealthStatus } from "../../http/grpc-health.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/grpc-health-checking/grpc-health-checking.go */
export const grpcHealthChecking: Subcommand = function* (sys, args) {
  const { flags } = parseFlags(args);
  const port = Number(flags.get("port") ?? 5000);
  const httpPort = Number(flags.get("http-port") ?? 8080);
  const delaySeconds = Number(flags.get("delay-unhealthy-sec") ?? -1);
  const service = flags.get("service") ?? "";
  const startedAtMs = sys.nowMs();
  let forced: HealthStatus | null = null;
  const status = (asked: string): HealthStatus => {
    if (asked !== service) return "SERVICE_UNKNOWN";
    const isOver = delaySeconds >= 0 && sys.nowMs() - startedAtMs >= delaySeconds * 1000;
    return isOver || forced === "NOT_SERVING" ? "NOT_SERVING" : "SERVING";
  };
  goSignals(sys);
  yield* logThroughKlog(sys, `gRPC server starting to listen on :${String(port)}`);
  yield* logThroughKlog(sys, `Http server starting to listen on :${String(httpPort)}`);
  sys.fork("agnhost", (child) => {
    goSignals(asImageSys(child));
    return serveGrpcHealth(child, port, status);
  });
  const handle = routes(sys, {
    *"/make-not-serving"() {
      yield* logThroughKlog(sys, "Mark as unhealthy");
      forced = "NOT_SERVING";
      return goResponse(sys, 200, formatElapsed(sys.nowMs() - startedAtMs));
    },
    *"/make-serving"() {
      yield* logThroughKlog(sys, "Mark as healthy");
      forced = "SERVING";
      return goResponse(sys, 200, formatElapsed(sys.nowMs() - startedAtMs));
    },
  });
  yield* serveHttp(sys, [{ port: httpPort, handle }]);
  return 1;
};
