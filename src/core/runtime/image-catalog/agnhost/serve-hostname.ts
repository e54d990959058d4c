import { serveHttp } from "../../http/http-server.js";
import { goLogLine, goResponse, goSignals, logTo, parseFlags } from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/serve-hostname/serve_hostname.go */
export const serveHostname: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args, ["tcp", "udp", "http", "close"]);
  const port = Number(flags.get("port") ?? 9376);
  yield* logTo(sys, goLogLine(sys, "Serving on port " + String(port) + "."));
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request, remote }) {
        yield* logTo(
          sys,
          goLogLine(
            sys,
            `HTTP request from ${remote.host}:${String(remote.port)} (${request.path})`,
          ),
        );
        return goResponse(sys, 200, sys.hostname);
      },
    },
  ]);
  return 1;
};
