import { serveHttp } from "../../http/http-server.js";
import { asImageSys } from "../../kernel/image-sys.js";
import { goResponse, goSignals, klogLine, logTo, parseFlags, routes } from "../go-server.js";
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
    if (asked !== service && asked !== "") return "SERVICE_UNKNOWN";
    if (forced !== null) return forced;
    const isOver = delaySeconds >= 0 && sys.nowMs() - startedAtMs >= delaySeconds * 1000;
    return isOver ? "NOT_SERVING" : "SERVING";
  };
  goSignals(sys);
  yield* logTo(
    sys,
    klogLine(
      sys,
      "grpc-health-checking.go:83",
      `Http server starting to listen on :${String(httpPort)}`,
    ),
  );
  yield* logTo(
    sys,
    klogLine(
      sys,
      "grpc-health-checking.go:102",
      `gRPC server starting to listen on :${String(port)}`,
    ),
  );
  sys.fork("agnhost", (child) => {
    goSignals(asImageSys(child));
    return serveGrpcHealth(child, port, status);
  });
  const handle = routes(sys, {
    *"/make-not-serving"() {
      forced = "NOT_SERVING";
      return goResponse(sys, 200, "marked as not serving");
    },
    *"/make-serving"() {
      forced = "SERVING";
      return goResponse(sys, 200, "marked as serving");
    },
  });
  yield* serveHttp(sys, [{ port: httpPort, handle }]);
  return 1;
};
