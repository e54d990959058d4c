import { serveHttp } from "../../http/http-server.js";
import { goQuote, goResponse, goSignals, parseFlags, routes } from "../go-server.js";
import { getOverHttp } from "./get-over-http.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/no-snat-test-proxy/main.go, 1.34: asks the pod that it is told of, and passes on what that says. */
export const noSnatTestProxy: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  const handle = routes(sys, {
    *"/checknosnat"({ request }) {
      const target = request.query.get("target") ?? "";
      const path = `checknosnat?ips=${request.query.get("ips") ?? ""}`;
      const [host = "", port = "80"] = target.split(":");
      const gotten = yield* getOverHttp(sys, host, Number(port), path);
      if (!("error" in gotten)) return goResponse(sys, gotten.status, gotten.body);
      const url = `http://${target}/${path}`;
      return goResponse(sys, 500, `error querying ${goQuote(url)}, err: ${gotten.error}`);
    },
  });
  yield* serveHttp(sys, [{ port: Number(flags.get("port") ?? 31_235), handle }]);
  return 1;
};
