import type { Call } from "../engine/index.js";
import type { ClusterNetwork } from "./cluster-network.js";
import type { HttpGetRequest, HttpGetResult, PodNetwork } from "./pod-network.js";

/** What the node itself dials on the pods' network: probes and hooks. */
export class NodeDialer implements PodNetwork {
  constructor(private readonly cluster: ClusterNetwork) {}

  *httpGet(request: HttpGetRequest): Call<HttpGetResult> {
    yield 1;
    const listener = this.cluster.listenerAt(request.host, request.port);
    const address = `${request.host}:${String(request.port)}`;
    if (listener === null) {
      const url = `${request.scheme.toLowerCase()}://${address}${request.path}`;
      return { error: `Get "${url}": dial tcp ${address}: connect: connection refused` };
    }
    return { ...listener.answer(request.path), error: null };
  }

  *tcpConnect(
    host: string,
    port: number,
    _timeoutMs: number,
  ): Call<{ readonly error: string | null }> {
    yield 1;
    const address = `${host}:${String(port)}`;
    return {
      error:
        this.cluster.listenerAt(host, port) === null
          ? `dial tcp ${address}: connect: connection refused`
          : null,
    };
  }
}
