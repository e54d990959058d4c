import { serveHttp, type HttpPort } from "../../http/http-server.js";
import { goResponse, goSignals, parseFlags } from "../go-server.js";
import { noteSignals, waitForStop } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/porter/porter.go: SERVE_PORT_80=foo answers foo on port 80, SERVE_TLS_PORT_443 the same over TLS. It says nothing. */
export const porter: Subcommand = function* (sys, args, env) {
  goSignals(sys);
  const { flags } = parseFlags(args, ["json-response"]);
  const isJson = flags.get("json-response") === "true";
  const ports: HttpPort[] = [];
  for (const [name, value] of env) {
    const match = /^SERVE_(TCP_|TLS_)?PORT_(\d+)$/.exec(name);
    if (match === null) continue;
    ports.push({
      port: Number(match[2]),
      isTls: match[1] === "TLS_",
      *handle({ request }) {
        if (!isJson) return goResponse(sys, 200, value);
        const body = JSON.stringify({ Method: request.method, Body: value });
        return goResponse(sys, 200, body, [["Content-Type", "application/json"]]);
      },
    });
  }
  if (ports.length === 0) yield* waitForStop(sys, noteSignals(sys, []));
  yield* serveHttp(sys, ports);
  return 1;
};
