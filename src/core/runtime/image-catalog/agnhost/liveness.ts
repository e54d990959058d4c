import type { Blocking } from "../../../shell/index.js";
import { HANG_UP, serveHttp } from "../../http/http-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import {
  formatElapsed,
  goError,
  goQuote,
  goRedirect,
  goResponse,
  goSignals,
  routes,
} from "../go-server.js";
import type { Subcommand } from "./agnhost.js";

/** test/images/agnhost/liveness/server.go: healthy for ten seconds. */
export const liveness: Subcommand = function* (sys) {
  goSignals(sys);
  const startedAtMs = sys.nowMs();
  const handle = routes(sys, {
    *"/started"() {
      return goResponse(sys, 200, formatElapsed(sys.nowMs() - startedAtMs));
    },
    *"/healthz"() {
      const seconds = (sys.nowMs() - startedAtMs) / 1000;
      if (seconds > 10) return goResponse(sys, 500, `error: ${String(seconds)}`);
      return goResponse(sys, 200, "ok");
    },
    *"/redirect"(exchange) {
      return goRedirect(sys, exchange, exchange.request.query.get("loc") ?? "");
    },
    *"/sleep-headers"({ request }) {
      const asked = parameters(request.query);
      if (typeof asked === "string") return goError(sys, 400, asked);
      yield* sys.sleep(asked.time * 1000);
      const body = `Slept for ${String(asked.time)} secs\n${noise(sys, asked.size)}`;
      return goResponse(sys, asked.code, body);
    },
    *"/sleep-body"({ request }) {
      const asked = parameters(request.query);
      if (typeof asked === "string") return goError(sys, 400, asked);
      yield* sys.sleep((asked.size * asked.interval + asked.time) * 1000);
      const seconds = String(asked.time);
      const body = `${noise(sys, asked.size)}Sleeping for ${seconds} secs\nSlept for ${seconds} secs\n`;
      return goResponse(sys, asked.code, body);
    },
    *"/slow-response"({ request }) {
      const asked = parameters(request.query);
      if (typeof asked === "string") return goError(sys, 400, asked);
      yield* sys.sleep(asked.size * asked.interval * 1000);
      return goResponse(sys, asked.code, noise(sys, asked.size));
    },
  });
  yield* serveHttp(sys, [
    {
      port: 8080,
      handle: (exchange) =>
        exchange.request.path.startsWith("/disconnect-") ? hangUp() : handle(exchange),
    },
  ]);
  return 1;
};

function* hangUp(): Blocking<typeof HANG_UP> {
  return HANG_UP;
}

const DEFAULTS = { code: 500, time: 0, size: 0, interval: 0 };

/** The numbers that a request names, or what is wrong with one. */
const parameters = (query: ReadonlyMap<string, string>): typeof DEFAULTS | string => {
  const asked = { ...DEFAULTS };
  for (const name of ["code", "time", "size", "interval"] as const) {
    const text = query.get(name) ?? "";
    if (text === "") continue;
    if (!/^[-+]?\d{1,9}$/.test(text))
      return `parameter '${name}' is invalid: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`;
    asked[name] = Math.max(0, Number(text));
  }
  return asked;
};

/** Kilobytes of a body that are made. */
const MAX_KILOBYTES = 1024;

/** Random numbers in hexadecimal, 16 characters each. */
const noise = (sys: ImageSys, kilobytes: number): string => {
  let text = "";
  for (let number = 0; number < Math.min(kilobytes, MAX_KILOBYTES) * 64; number += 1) {
    const half = (): number => Math.floor(sys.random() * 2 ** 32);
    text += (half().toString(16) + half().toString(16).padStart(8, "0")).padStart(16);
  }
  return text;
};
