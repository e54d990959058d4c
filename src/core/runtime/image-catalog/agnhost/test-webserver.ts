import { serveHttp } from "../../http/http-server.js";
import { goSignals, parseFlags } from "../go-server.js";
import { serveTree } from "../file-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/test-webserver/test-webserver.go: the whole file system over HTTP. */
export const testWebserver: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  const port = Number(flags.get("port") ?? 80);
  yield* serveHttp(sys, [
    {
      port,
      *handle({ request }) {
        const response = yield* serveTree(sys, "/", request);
        return { ...response, headers: [...HEADERS, ...response.headers] };
      },
    },
  ]);
  return 1;
};

const HEADERS: readonly (readonly [string, string])[] = [
  ["Access-Control-Allow-Credentials", "true"],
  [
    "Access-Control-Allow-Headers",
    "DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,Cache-Control,Content-Type",
  ],
  ["Access-Control-Allow-Methods", "GET, POST, OPTIONS"],
  ["Access-Control-Allow-Origin", "*"],
  ["Cache-Control", "private"],
];
