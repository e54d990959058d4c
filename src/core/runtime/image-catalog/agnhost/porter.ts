import { serveHttp, type HttpPort } from "../../http/http-server.js";
import { goLogLine, goResponse, goSignals, logTo } from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/porter/porter.go: SERVE_PORT_80=foo answers foo on port 80, SERVE_TLS_PORT_443 the same over TLS. */
export const porter: Subcommand = function* (sys, _args, env) {
  goSignals(sys);
  const ports: HttpPort[] = [];
  for (const [name, value] of env) {
    const match = /^SERVE_(TLS_)?PORT_(\d+)$/.exec(name);
    if (match === null) continue;
    ports.push({
      port: Number(match[2]),
      isTls: match[1] !== undefined,
      *handle() {
        return goResponse(sys, 200, value);
      },
    });
    yield* logTo(sys, goLogLine(sys, `server on port "${match[2] ?? ""}" started`));
  }
  yield* serveHttp(sys, ports);
  return 1;
};
