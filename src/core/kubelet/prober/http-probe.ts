import type { HTTPGetAction } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import { resolvePort } from "./probe-target.js";
import type { AttemptOutcome, AttemptTarget } from "./prober.js";

/** net/http follows so many redirects, and so does the kubelet. pkg/probe/http/http.go, 1.34: RedirectChecker. */
const MAX_REDIRECTS = 10;
/** pkg/probe/http/http.go, 1.34: maxRespBodyLength. */
const MAX_BODY_LENGTH = 10 * 1024;

interface Location {
  readonly scheme: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** PROBE-11: 200 to 399 is success; redirects on the same host are followed, others are a warning. */
export function* probeHttp(
  context: KubeletContext,
  action: HTTPGetAction,
  timeoutMs: number,
  target: AttemptTarget,
): Call<AttemptOutcome> {
  const port = resolvePort(action.port, target.container);
  if (typeof port === "string") return { result: "error", output: port };
  const deadlineMs = context.engine.nowMs + timeoutMs;
  let location: Location = {
    scheme: action.scheme === "HTTPS" ? "HTTPS" : "HTTP",
    host: action.host ?? target.status.podIP ?? "",
    port,
    path: rooted(action.path ?? "/"),
  };
  const headers = requestHeaders(action);
  for (let redirects = 0; ; redirects += 1) {
    const remainingMs = Math.max(1, deadlineMs - context.engine.nowMs);
    const answer = yield* context.runtime.network.httpGet({
      ...location,
      headers,
      timeoutMs: remainingMs,
    });
    if (answer.error !== null) return { result: "failure", output: answer.error };
    const body = answer.body.slice(0, MAX_BODY_LENGTH);
    if (answer.status < 200 || answer.status >= 400) {
      const output = `HTTP probe failed with statuscode: ${String(answer.status)}`;
      return { result: "failure", output };
    }
    if (answer.status < 300) return { result: "success", output: body };
    const next = isRedirect(answer.status) ? redirectOf(answer.headers, location) : null;
    if (next === null || next.host !== location.host) {
      return { result: "warning", output: `Probe terminated redirects, Response body: ${body}` };
    }
    if (redirects + 1 >= MAX_REDIRECTS) {
      const url = `${next.scheme.toLowerCase()}://${next.host}:${String(next.port)}${next.path}`;
      const output = `Get ${JSON.stringify(url)}: stopped after ${String(MAX_REDIRECTS)} redirects`;
      return { result: "failure", output };
    }
    location = next;
  }
}

const rooted = (path: string): string => (path.startsWith("/") ? path : `/${path}`);

/** What a probe sends beside its own headers. pkg/probe/http/request.go, 1.34. */
function requestHeaders(action: HTTPGetAction): { name: string; value: string }[] {
  const own = action.httpHeaders ?? [];
  const has = (name: string): boolean => own.some((header) => header.name.toLowerCase() === name);
  return [
    ...own,
    ...(has("user-agent") ? [] : [{ name: "User-Agent", value: "kube-probe/1.34" }]),
    ...(has("accept") ? [] : [{ name: "Accept", value: "*/*" }]),
  ];
}

const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308;

const ABSOLUTE = /^(https?):\/\/([^/:?#]+)(?::(\d+))?([^#]*)/i;

function redirectOf(headers: Readonly<Record<string, string>>, from: Location): Location | null {
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === "location");
  if (entry === undefined) return null;
  const [, to] = entry;
  const match = ABSOLUTE.exec(to);
  if (match === null) return { ...from, path: rooted(to) };
  const scheme = (match[1] ?? "").toLowerCase() === "https" ? "HTTPS" : "HTTP";
  const port = match[3] === undefined ? (scheme === "HTTPS" ? 443 : 80) : Number(match[3]);
  return { scheme, host: match[2] ?? "", port, path: rooted(match[4] ?? "/") };
}
