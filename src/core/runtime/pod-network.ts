import type { Call } from "../engine/index.js";

/** What the node itself (probes, hooks) can do on the pods' network. Results are values in the words of Go's net and net/http. */
export interface PodNetwork {
  httpGet(request: HttpGetRequest): Call<HttpGetResult>;
  tcpConnect(
    host: string,
    port: number,
    timeoutMs: number,
  ): Call<{ readonly error: string | null }>;
  /** Asks grpc.health.v1.Health/Check; the error is that of pkg/probe/grpc/grpc.go. Left out: nothing on this network speaks gRPC. */
  grpcHealth?(
    host: string,
    port: number,
    service: string,
    timeoutMs: number,
  ): Call<{ readonly status: string } | { readonly error: string }>;
}

export interface HttpGetRequest {
  readonly scheme: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutMs: number;
}

export type HttpGetResult =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly error: null;
    }
  | { readonly error: string };
