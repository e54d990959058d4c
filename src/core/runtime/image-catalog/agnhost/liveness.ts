import { serveHttp } from "../../http/http-server.js";
import { formValue, goResponse, goSignals, routes } from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/liveness/server.go: healthy for ten seconds. */
export const liveness: Subcommand = function* (sys) {
  goSignals(sys);
  const startedAtMs = sys.nowMs();
  const handle = routes(sys, {
    *"/started"() {
      return goResponse(sys, 200, formatElapsed(sys.nowMs() - startedAtMs));
    },
    *"/healthz"() {
      const seconds = (sys.nowMs() - startedAtMs) / 1000;
      if (seconds > 10) return goResponse(sys, 500, `error: ${String(seconds)}`);
      return goResponse(sys, 200, "ok");
    },
    *"/redirect"(exchange) {
      const location = formValue(exchange, "loc");
      return goResponse(sys, 302, "", [["Location", location]]);
    },
  });
  yield* serveHttp(sys, [{ port: 8080, handle }]);
  return 1;
};

/** Go's Duration.String for what is below an hour. */
const formatElapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${String(milliseconds)}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = String((milliseconds % 60_000) / 1000);
  return minutes === 0 ? `${seconds}s` : `${String(minutes)}m${seconds}s`;
};
