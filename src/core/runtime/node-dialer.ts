import { Signal, waitFor, type Call } from "../engine/index.js";
import type { Blocking, Sys } from "../shell/index.js";
import { SysError } from "../vfs/index.js";
import { formatDuration } from "../api/index.js";
import { checkGrpcHealth } from "./http/grpc-health.js";
import { callHttp, type HttpOutcome } from "./http/http-client.js";
import { DescriptorTable } from "./kernel/descriptors.js";
import { signalBit } from "./kernel/signals.js";
import { startProcess } from "./kernel/process-start.js";
import { errnoText } from "./look-path.js";
import { PROBE_BODY_BYTES } from "./limits.js";
import type { Machine } from "./machine.js";
import type { HttpGetRequest, HttpGetResult, PodNetwork } from "./pod-network.js";

const decoder = new TextDecoder();

/** What the node itself dials on the pods' network: probes and hooks. Failures are worded as Go's net and net/http word them. */
export class NodeDialer implements PodNetwork {
  constructor(private readonly machine: Machine) {}

  *httpGet(request: HttpGetRequest): Call<HttpGetResult> {
    const { scheme, host, port, path, timeoutMs } = request;
    const given = new Map(request.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    const headers: [string, string][] = [
      ["Host", given.get("host") ?? `${host}:${String(port)}`],
      ...request.headers
        .filter(({ name }) => name.toLowerCase() !== "host")
        .map(({ name, value }): [string, string] => [name, value]),
      ["Connection", "close"],
    ];
    const outcome = yield* this.#run((sys) =>
      callHttp(sys, {
        address: { host, port },
        isTls: scheme === "HTTPS",
        method: "GET",
        target: path === "" ? "/" : path,
        headers,
        body: null,
        timeoutMs,
      }),
    );
    if (outcome.kind === "response") {
      const { status, headers: received, body } = outcome.response;
      const text = decoder.decode(body.subarray(0, PROBE_BODY_BYTES));
      return { status, headers: Object.fromEntries(received), body: text, error: null };
    }
    const url = `${scheme.toLowerCase()}://${host}:${String(port)}${path}`;
    return { error: `Get "${url}": ${failureText(outcome, host, port)}` };
  }

  *tcpConnect(
    host: string,
    port: number,
    timeoutMs: number,
  ): Call<{ readonly error: string | null }> {
    const address = `${host}:${String(port)}`;
    return yield* this.#run(function* (sys) {
      try {
        sys.close(yield* sys.connect({ host, port }, timeoutMs));
        return { error: null };
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        if (error.errno === "ETIMEDOUT") return { error: `dial tcp ${address}: i/o timeout` };
        return { error: `dial tcp ${address}: connect: ${errnoText(error.errno)}` };
      }
    });
  }

  *grpcHealth(
    host: string,
    port: number,
    service: string,
    timeoutMs: number,
  ): Call<{ readonly status: string } | { readonly error: string }> {
    const address = `${host}:${String(port)}`;
    const within = formatDuration(timeoutMs);
    const startedAtMs = this.machine.engine.nowMs;
    const outcome = yield* this.#run((sys) =>
      checkGrpcHealth(sys, { host, port }, service, timeoutMs),
    );
    switch (outcome.kind) {
      case "status":
        if (outcome.status !== "SERVICE_UNKNOWN") return { status: outcome.status };
        return {
          error:
            "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service",
        };
      case "unconnected": {
        // The dialer tries again until time is up, whatever the reason was.
        const spentMs = this.machine.engine.nowMs - startedAtMs;
        if (spentMs < timeoutMs) yield timeoutMs - spentMs;
        return { error: notConnected(address, within) };
      }
      case "timeout":
        return { error: notConnected(address, within) };
      case "not-grpc":
        return { error: `timeout: health rpc did not complete within ${within}` };
    }
  }

  /** Runs something as a process of the node. */
  *#run<T>(body: (sys: Sys) => Blocking<T>): Call<T> {
    const done = new Signal();
    let result: { readonly value: T } | null = null;
    const { kernel, host, credentials } = this.machine;
    const process = startProcess(kernel, {
      confinement: host,
      parent: null,
      credentials,
      cwd: "/",
      umask: 0o022,
      descriptors: new DescriptorTable(),
      argv: ["kubelet"],
      command: "kubelet",
      executable: "/usr/bin/kubelet",
      environment: new Map(),
      startup: {
        program: null,
        *forked(sys) {
          result = { value: yield* body(sys) };
          return 0;
        },
      },
      processGroup: 0,
      // As in every Go program, writing to a socket that is closed is an error, not the end.
      ignored: signalBit("PIPE"),
      memoryBytes: 0,
    });
    process.starter = {
      processEnded() {
        done.fire();
      },
    };
    yield* waitFor(done);
    const ended = result as { readonly value: T } | null;
    if (ended === null) throw new Error("a dial of the node ended without a result");
    return ended.value;
  }
}

/** pkg/probe/grpc/grpc.go, 1.34. */
const notConnected = (address: string, within: string): string =>
  `timeout: failed to connect service "${address}" within ${within}: context deadline exceeded`;

/** net/http's words, without the `Get "…": ` before them. */
const failureText = (
  outcome: Exclude<HttpOutcome, { kind: "response" }>,
  host: string,
  port: number,
): string => {
  const address = `${host}:${String(port)}`;
  switch (outcome.kind) {
    case "unconnected":
      return `dial tcp ${address}: connect: ${errnoText(outcome.errno)}`;
    case "timeout":
      return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    case "closed":
      return outcome.isReset ? `read tcp ${address}: read: connection reset by peer` : "EOF";
    case "malformed":
      return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(outcome.detail)}`;
    case "not-tls":
      return "http: server gave HTTP response to HTTPS client";
  }
};
