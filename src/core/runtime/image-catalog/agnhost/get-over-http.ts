import { SysError, type Blocking } from "../../../shell/index.js";
import { callHttp } from "../../http/http-client.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { errnoText } from "../../look-path.js";

/** The timeout of agnhost's own HTTP clients. */
const TIMEOUT_MS = 5000;

/** What http.Get says: the body, or the error in its words. */
export type Gotten =
  { readonly status: number; readonly body: string } | { readonly error: string };

/** `http.Get("http://host:port/target")`, redirects aside. */
export function* getOverHttp(
  sys: ImageSys,
  host: string,
  port: number,
  target: string,
): Blocking<Gotten> {
  const place = `${host}:${String(port)}`;
  const failed = (why: string): Gotten => ({ error: `Get "http://${place}/${target}": ${why}` });
  let address: string;
  try {
    address = (yield* sys.resolve(host, "A"))[0] ?? host;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return failed(`dial tcp: lookup ${host}: no such host`);
  }
  const outcome = yield* callHttp(sys, {
    address: { host: address, port },
    isTls: false,
    method: "GET",
    target: `/${target}`,
    headers: [
      ["Host", place],
      ["User-Agent", "Go-http-client/1.1"],
      ["Connection", "close"],
    ],
    body: null,
    timeoutMs: TIMEOUT_MS,
  });
  switch (outcome.kind) {
    case "response":
      return {
        status: outcome.response.status,
        body: new TextDecoder().decode(outcome.response.body),
      };
    case "unconnected":
      return failed(`dial tcp ${address}:${String(port)}: connect: ${errnoText(outcome.errno)}`);
    case "timeout":
      return failed(
        outcome.isConnected
          ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
          : `dial tcp ${address}:${String(port)}: i/o timeout (Client.Timeout exceeded while awaiting headers)`,
      );
    default:
      return failed("EOF");
  }
}
