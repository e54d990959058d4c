import { serveHttp } from "../../http/http-server.js";
import { goResponse, goSignals } from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/fakegitserver/gitserver.go */
export const fakeGitServer: Subcommand = function* (sys) {
  goSignals(sys);
  yield* serveHttp(sys, [
    {
      port: 8000,
      *handle() {
        return goResponse(sys, 200, "I am a fake git server");
      },
    },
  ]);
  return 1;
};
