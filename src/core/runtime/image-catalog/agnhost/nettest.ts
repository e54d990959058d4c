import { serveHttp } from "../../http/http-server.js";
import { goResponse, goSignals, parseFlags, routes } from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/nettest/nettest.go, as one pod sees it: it counts who has told it its name. */
export const nettest: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  const port = Number(flags.get("port") ?? 8080);
  const expected = Number(flags.get("peers") ?? 8);
  const received = new Map<string, number>();
  const status = (): string => (received.size >= expected ? "pass" : "running");
  const handle = routes(sys, {
    *"/quit"() {
      sys.end({ code: 0 });
      return goResponse(sys, 200, "");
    },
    *"/read"() {
      const state = {
        Hostname: sys.hostname,
        Sent: {},
        Received: Object.fromEntries(received),
        Errors: null,
        Log: null,
        StillContactingPeers: received.size < expected,
      };
      return goResponse(sys, 200, JSON.stringify(state, null, "\t"));
    },
    *"/status"() {
      return goResponse(sys, 200, status());
    },
    *"/write"({ request }) {
      const sender =
        (JSON.parse(new TextDecoder().decode(request.body) || "{}") as { Source?: string })
          .Source ?? "";
      if (sender !== "") received.set(sender, (received.get(sender) ?? 0) + 1);
      return goResponse(sys, 200, `${JSON.stringify({ Hostname: sys.hostname })}\n`);
    },
  });
  yield* serveHttp(sys, [{ port, handle }]);
  return 1;
};
