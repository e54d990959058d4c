import type { Blocking } from "../../../shell/index.js";
import type { HttpResponse } from "../../http/http-message.js";
import { serveHttp } from "../../http/http-server.js";
import { asImageSys, type ImageSys } from "../../kernel/image-sys.js";
import {
  goError,
  goResponse,
  goSignals,
  logThroughKlog,
  parseFlags,
  routes,
} from "../go-server.js";
import { getOverHttp } from "./get-over-http.js";
import type { Subcommand } from "./agnhost.js";

const REGISTER_TIMEOUT_MS = 15_000;
const RETRY_MS = 1000;
/** Keys that are kept: real ones are bounded by the memory of the container. */
const MAX_KEYS = 10_000;

/** test/images/agnhost/guestbook/guestbook.go */
export const guestbook: Subcommand = function* (sys, args) {
  goSignals(sys);
  const { flags } = parseFlags(args);
  const port = Number(flags.get("http-port") ?? 80);
  const book = new Guestbook(sys, Number(flags.get("backend-port") ?? 6379));
  const replicaOf = flags.get("replicaof") ?? "";
  if (replicaOf !== "")
    sys.fork("agnhost", (child) => {
      goSignals(asImageSys(child));
      return book.register(asImageSys(child), replicaOf);
    });
  const handle = routes(sys, {
    "/register": ({ request }) => book.addReplica(request.query.get("host") ?? ""),
    "/get": ({ request }) => book.get(request.query.get("key") ?? ""),
    "/set": ({ request }) =>
      book.set(request.query.get("key") ?? "", request.query.get("value") ?? ""),
    "/guestbook": ({ request }) => book.proxy(request.query),
  });
  yield* serveHttp(sys, [{ port, handle }]);
  return 1;
};

/** What is kept under its keys, and who wants to know. */
class Guestbook {
  #store: Record<string, string> = {};
  readonly #replicas: string[] = [];

  constructor(
    private readonly sys: ImageSys,
    private readonly backendPort: number,
  ) {}

  /** Tells a primary that this is a replica of it, and takes what it has. */
  *register(sys: ImageSys, primary: string): Blocking<number> {
    const place = `${primary}:${String(this.backendPort)}`;
    const dueMs = sys.nowMs() + REGISTER_TIMEOUT_MS;
    const host = sys.interfaces().find(({ name }) => name !== "lo")?.address ?? "127.0.0.1";
    while (sys.nowMs() < dueMs) {
      const request = `register?host=${host}`;
      yield* logThroughKlog(sys, `Registering to primary: ${place}/${request}`);
      const gotten = yield* getOverHttp(sys, primary, this.backendPort, request);
      if ("body" in gotten) {
        this.#store = (JSON.parse(gotten.body) as { data: Record<string, string> }).data;
        yield* logThroughKlog(sys, `Registered to node: ${primary}`);
        return 0;
      }
      yield* logThroughKlog(
        sys,
        `encountered error while registering to primary: ${gotten.error}. Retrying in 1s.`,
      );
      yield* sys.sleep(RETRY_MS);
    }
    yield* logThroughKlog(sys, "Timed out while registering to primary.");
    // log.Fatal ends the whole program, of which this is a part.
    sys.kill(sys.ppid, "KILL");
    return 1;
  }

  *addReplica(host: string): Blocking<HttpResponse> {
    yield* logThroughKlog(this.sys, `GET /register?host=${host}`);
    if (this.#replicas.length < MAX_KEYS) this.#replicas.push(host);
    yield* logThroughKlog(this.sys, `Node '${host}' registered.`);
    return this.#data(this.#store);
  }

  *get(key: string): Blocking<HttpResponse> {
    yield* logThroughKlog(this.sys, `GET /get?key=${key}`);
    if (key === "") return this.#data(this.#store);
    return this.#data(Object.hasOwn(this.#store, key) ? (this.#store[key] ?? "") : "");
  }

  *set(key: string, value: string): Blocking<HttpResponse> {
    yield* logThroughKlog(this.sys, `GET /set?key=${key}&value=${value}`);
    if (key === "") return goError(this.sys, 400, "cannot set with empty key.");
    if (Object.keys(this.#store).length < MAX_KEYS) this.#store = { ...this.#store, [key]: value };
    for (const replica of this.#replicas) {
      const request = `set?key=${encodeURIComponent(key)}&value=${encodeURIComponent(value)}`;
      const gotten = yield* getOverHttp(this.sys, replica, this.backendPort, request);
      if ("error" in gotten)
        return goError(
          this.sys,
          417,
          `encountered error while propagating to replica '${replica}': ${gotten.error}`,
        );
    }
    return goResponse(this.sys, 200, JSON.stringify({ message: "Updated" }));
  }

  *proxy(query: ReadonlyMap<string, string>): Blocking<HttpResponse> {
    const command = (query.get("cmd") ?? "").toLowerCase();
    const key = query.get("key") ?? "";
    const value = query.get("value") ?? "";
    yield* logThroughKlog(this.sys, `GET /guestbook?cmd=${command}&key=${key}&value=${value}`);
    if (command !== "get" && command !== "set")
      return goError(this.sys, 400, `unsupported cmd: '${command}'`);
    if (command === "set" && key === "")
      return goError(this.sys, 400, "cannot set with empty key.");
    const host = command === "get" ? "agnhost-replica" : "agnhost-primary";
    const request = `${command}?key=${encodeURIComponent(key)}&value=${encodeURIComponent(value)}`;
    const gotten = yield* getOverHttp(this.sys, host, this.backendPort, request);
    return "body" in gotten
      ? goResponse(this.sys, 200, gotten.body)
      : goError(this.sys, 417, `encountered error: ${gotten.error}`);
  }

  #data(data: unknown): HttpResponse {
    return goResponse(this.sys, 200, JSON.stringify({ data }));
  }
}
