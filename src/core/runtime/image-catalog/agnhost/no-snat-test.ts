import type { Blocking } from "../../../shell/index.js";
import { serveHttp } from "../../http/http-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { goQuote, goResponse, goSignals, parseFlags, routes } from "../go-server.js";
import { print } from "../program-io.js";
import { getOverHttp } from "./get-over-http.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/no-snat-test/main.go: do others see this pod by its own address? */
export const noSnatTest: Subcommand = function* (sys, args, env) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  for (const name of ["POD_IP", "NODE_IP"]) {
    const value = env.get(name);
    if (value !== undefined && /^(\d+\.){3}\d+$/.test(value)) continue;
    const problem =
      value === undefined
        ? `${name} env var was not present in the environment`
        : `${name} env var contained ${goQuote(value)}, which is not an IP address`;
    yield* print(sys, 2, `${problem}\n`);
    return 1;
  }
  const own = env.get("POD_IP") ?? "";
  const node = env.get("NODE_IP") ?? "";
  const handle = routes(sys, {
    *"/whoami"({ remote }) {
      return goResponse(sys, 200, `${remote.host}:${String(remote.port)}`);
    },
    *"/checknosnat"({ request }) {
      const errors: string[] = [];
      for (const place of (request.query.get("ips") ?? "").split(",")) {
        const problem = yield* check(sys, place, own, node);
        if (problem !== null) errors.push(problem);
      }
      return errors.length > 0 ? goResponse(sys, 500, errors.join(", ")) : goResponse(sys, 200, "");
    },
  });
  yield* serveHttp(sys, [{ port: Number(flags.get("port") ?? 8080), handle }]);
  return 1;
};

function* check(sys: ImageSys, place: string, own: string, node: string): Blocking<string | null> {
  const [host = "", port = "80"] = place.split(":");
  const gotten = yield* getOverHttp(sys, host, Number(port), "whoami");
  if ("error" in gotten) return gotten.error;
  const [seen = ""] = gotten.body.split(":");
  if (seen === own) return null;
  const start = `Returned ip ${goQuote(seen)} != my Pod ip ${goQuote(own)}`;
  return seen === node
    ? `${start}, == my Node ip ${goQuote(seen)} - SNAT`
    : `${start} or my Node ip ${goQuote(node)} - SNAT to unexpected ip (possible SNAT through unexpected interface on the way into another node)`;
}
