import type { Container, Pod, PodStatus, Probe, ProbeHandlerKind } from "../../api/index.js";
import type { Call } from "../../engine/index.js";
import { CriError } from "../../runtime/index.js";
import { expandStaticCommand } from "../expansion.js";
import type { KubeletContext } from "../kubelet-context.js";
import { probeHttp } from "./http-probe.js";
import { resolvePort } from "./probe-target.js";

export type AttemptOutcome =
  | { readonly result: "success" | "failure" | "warning"; readonly output: string }
  /** The prober itself failed; that counts neither way (PROBE-9). */
  | { readonly result: "error"; readonly output: string };

export interface AttemptTarget {
  readonly pod: Pod;
  readonly status: PodStatus;
  readonly container: Container;
  readonly containerId: string;
}

/** An error of the prober is tried again so often. pkg/kubelet/prober/prober.go, 1.34: maxProbeRetries. */
const MAX_TRIES = 3;

export const handlerOf = (probe: Probe): ProbeHandlerKind => {
  if (probe.exec !== undefined) return "exec";
  if (probe.httpGet !== undefined) return "httpGet";
  return probe.tcpSocket !== undefined ? "tcpSocket" : "grpc";
};

/** One attempt. pkg/kubelet/prober/prober.go, 1.34: runProbeWithRetries. */
export function* attemptProbe(
  context: KubeletContext,
  probe: Probe,
  target: AttemptTarget,
): Call<AttemptOutcome> {
  let outcome = yield* attemptOnce(context, probe, target);
  for (let tries = 1; tries < MAX_TRIES && outcome.result === "error"; tries += 1) {
    outcome = yield* attemptOnce(context, probe, target);
  }
  return outcome;
}

function* attemptOnce(
  context: KubeletContext,
  probe: Probe,
  target: AttemptTarget,
): Call<AttemptOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec !== undefined) {
    return yield* attemptExec(context, probe.exec.command ?? [], timeoutMs, target);
  }
  if (probe.httpGet !== undefined) {
    return yield* probeHttp(context, probe.httpGet, timeoutMs, target);
  }
  const podIp = target.status.podIP ?? "";
  if (probe.tcpSocket !== undefined) {
    const port = resolvePort(probe.tcpSocket.port, target.container);
    if (typeof port === "string") return { result: "error", output: port };
    const host = probe.tcpSocket.host ?? podIp;
    const { error } = yield* context.runtime.network.tcpConnect(host, port, timeoutMs);
    return error === null
      ? { result: "success", output: "" }
      : { result: "failure", output: error };
  }
  if (probe.grpc !== undefined) {
    const { port, service } = probe.grpc;
    return yield* attemptGrpc(context, podIp, port, service ?? "", timeoutMs);
  }
  return { result: "error", output: `missing probe handler for ${target.container.name}` };
}

/** PROBE-15. pkg/probe/exec/exec.go and cri-client remote_runtime.go, 1.34. */
function* attemptExec(
  context: KubeletContext,
  command: readonly string[],
  timeoutMs: number,
  { container, containerId }: AttemptTarget,
): Call<AttemptOutcome> {
  const expanded = expandStaticCommand(command, container.env ?? []);
  try {
    const result = yield* context.runtime.execSync(containerId, expanded, timeoutMs);
    if (result.timedOut) {
      const seconds = String(timeoutMs / 1000);
      const output = `command timed out: ${JSON.stringify(expanded.join(" "))} timed out after ${seconds}s`;
      return { result: "failure", output };
    }
    const output = capped(result.stdout + result.stderr);
    return { result: result.exitCode === 0 ? "success" : "failure", output };
  } catch (error) {
    if (error instanceof CriError) return { result: "error", output: error.message };
    throw error;
  }
}

/** pkg/probe/exec/exec.go, 1.34: maxReadLength, 10 KiB. */
const MAX_OUTPUT_LENGTH = 10 * 1024;
const capped = (text: string): string => text.slice(0, MAX_OUTPUT_LENGTH);

/** pkg/probe/grpc/grpc.go, 1.34. */
function* attemptGrpc(
  context: KubeletContext,
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
): Call<AttemptOutcome> {
  const { network } = context.runtime;
  const answer =
    network.grpcHealth === undefined
      ? yield* withoutGrpc(context, host, port, timeoutMs)
      : yield* network.grpcHealth(host, port, service, timeoutMs);
  if ("error" in answer) return { result: "failure", output: answer.error };
  return answer.status === "SERVING"
    ? { result: "success", output: "service healthy" }
    : { result: "failure", output: `service unhealthy (responded with "${answer.status}")` };
}

/** A server that does not speak gRPC never completes the connection. */
function* withoutGrpc(
  context: KubeletContext,
  host: string,
  port: number,
  timeoutMs: number,
): Call<{ readonly error: string }> {
  const startedAtMs = context.engine.nowMs;
  yield* context.runtime.network.tcpConnect(host, port, timeoutMs);
  yield Math.max(0, startedAtMs + timeoutMs - context.engine.nowMs);
  const within = `${String(timeoutMs / 1000)}s`;
  return {
    error: `timeout: failed to connect service "${host}:${String(port)}" within ${within}: context deadline exceeded`,
  };
}
