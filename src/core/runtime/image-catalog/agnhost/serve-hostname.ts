import { SysError, type Blocking } from "../../../shell/index.js";
import { listenHttp, serveListeners, type HttpPort } from "../../http/http-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { goResponse, goSignals, logThroughKlog, parseFlags } from "../go-server.js";
import { noteSignals, type StopNote } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** How long it stays when it was told to stop. */
const LINGER_MS = 60_000;

/** test/images/agnhost/serve-hostname/serve_hostname.go */
export const serveHostname: Subcommand = function* (sys, args) {
  const stop = noteSignals(sys, ["TERM"]);
  goSignals(sys, ["TERM"]);
  const { flags } = parseFlags(args, ["tcp", "udp", "http", "close"]);
  const isOn = (name: string, fallback: boolean): boolean =>
    (flags.get(name) ?? String(fallback)) === "true";
  const port = Number(flags.get("port") ?? 9376);
  const isTcp = isOn("tcp", false);
  if (isOn("http", true) && (isTcp || isOn("udp", false))) {
    yield* logThroughKlog(sys, "Can't server TCP/UDP mode and HTTP mode at the same time");
    return 1;
  }
  yield* logThroughKlog(sys, `Serving on port ${String(port)}.`);
  if (isTcp) yield* serveTcp(sys, port, stop);
  else
    yield* serveListeners(
      sys,
      listenHttp(sys, [http(sys, port, isOn("close", false))]),
      () => stop.name !== null,
    );
  yield* logThroughKlog(sys, "Shutting down after receiving signal: terminated.");
  yield* logThroughKlog(sys, "Awaiting pod deletion.");
  yield* sys.sleep(LINGER_MS);
  return 0;
};

const http = (sys: ImageSys, port: number, closes: boolean): HttpPort => ({
  port,
  *handle({ remote }) {
    yield* logThroughKlog(sys, `HTTP request from ${remote.host}:${String(remote.port)}`);
    return goResponse(sys, 200, sys.hostname, closes ? [["Connection", "close"]] : []);
  },
});

function* serveTcp(sys: ImageSys, port: number, stop: StopNote): Blocking<void> {
  const listener = sys.listen({ host: "0.0.0.0", port }, 128);
  while (stop.name === null) {
    if ((yield* sys.poll([listener], Infinity)) === null) continue;
    const fd = yield* sys.accept(listener);
    const { remote } = sys.socketAddresses(fd);
    yield* logThroughKlog(
      sys,
      `TCP request from ${remote?.host ?? ""}:${String(remote?.port ?? 0)}`,
    );
    try {
      yield* sys.write(fd, new TextEncoder().encode(sys.hostname));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
    sys.close(fd);
  }
}
