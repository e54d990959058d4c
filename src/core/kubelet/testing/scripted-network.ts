import type { Call, Engine } from "../../engine/index.js";
import type { HttpGetRequest, HttpGetResult, PodNetwork } from "../../runtime/index.js";

export type HttpAnswer = HttpGetResult & { readonly afterMs?: number };

/** Answers probes and hooks as the spec says; nobody listens until it says who. */
export class ScriptedNetwork implements PodNetwork {
  readonly requests: HttpGetRequest[] = [];
  /** Null: connection refused. */
  http: (request: HttpGetRequest, nowMs: number) => HttpAnswer | null = () => null;
  tcp: (host: string, port: number, nowMs: number) => string | null = (host, port) =>
    `dial tcp ${host}:${port}: connect: connection refused`;
  grpc: (port: number, service: string) => { status: string } | { error: string } = () => ({
    error: "error: failed to connect",
  });

  constructor(private readonly engine: Engine) {}

  *httpGet(request: HttpGetRequest): Call<HttpGetResult> {
    this.requests.push(request);
    const url = `${request.scheme.toLowerCase()}://${request.host}:${request.port}${request.path}`;
    const answer = this.http(request, this.engine.nowMs);
    const afterMs = answer?.afterMs ?? 1;
    if (afterMs >= request.timeoutMs) {
      yield request.timeoutMs;
      return {
        error: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      };
    }
    yield afterMs;
    if (answer !== null) return answer;
    const address = `${request.host}:${request.port}`;
    return { error: `Get "${url}": dial tcp ${address}: connect: connection refused` };
  }

  *tcpConnect(host: string, port: number): Call<{ readonly error: string | null }> {
    yield 1;
    return { error: this.tcp(host, port, this.engine.nowMs) };
  }

  *grpcHealth(
    _host: string,
    port: number,
    service: string,
  ): Call<{ readonly status: string } | { readonly error: string }> {
    yield 1;
    return this.grpc(port, service);
  }
}
