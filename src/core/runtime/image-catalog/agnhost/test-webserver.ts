import { serveHttp } from "../../http/http-server.js";
import { goSignals, parseFlags } from "../go-server.js";
import { serveTree } from "../file-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/test-webserver/test-webserver.go: the whole file system over HTTP. */
export const testWebserver: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  const port = Number(flags.get("port") ?? 80);
  yield* serveHttp(sys, [{ port, handle: ({ request }) => serveTree(sys, "/", request) }]);
  return 1;
};
