import type { Container, LifecycleHandler, Pod } from "../api/index.js";
import type { Call } from "../engine/index.js";
import { CriError } from "../runtime/index.js";
import type { KubeletContext } from "./kubelet-context.js";
import { formatPod } from "./pod-spec.js";
import { resolvePort } from "./prober/probe-target.js";

/** What a hook runs against. */
export interface HookTarget {
  readonly pod: Pod;
  readonly containerId: string;
  readonly container: Container;
  /** For httpGet and tcpSocket without a host. */
  readonly podIp: string;
}

/** HTTP hooks have no timeout of their own; the dialer wants a bound. Long past any grace period that makes sense. */
const HTTP_HOOK_TIMEOUT_MS = 3_600_000;

/** Runs a postStart or preStop hook to its end. Null when it went well, else what went wrong. pkg/kubelet/lifecycle/handlers.go, 1.34. */
export function* runHook(
  context: KubeletContext,
  handler: LifecycleHandler,
  target: HookTarget,
): Call<string | null> {
  if (handler.exec !== undefined) {
    return yield* runExecHook(context, handler.exec.command ?? [], target);
  }
  if (handler.httpGet !== undefined) return yield* runHttpHook(context, handler, target);
  if (handler.sleep !== undefined) {
    yield handler.sleep.seconds * 1000;
    return null;
  }
  // tcpSocket is let through by validation, but there is no code that runs it.
  return "Cannot run handler: invalid handler";
}

function* runExecHook(
  context: KubeletContext,
  command: readonly string[],
  target: HookTarget,
): Call<string | null> {
  const commandLine = command.join(" ");
  const { name } = target.container;
  const failed = (error: string, output: string): string =>
    `Exec lifecycle hook ([${commandLine}]) for Container "${name}" in Pod "${formatPod(target.pod)}" failed - error: ${error}, message: ${quoted(output)}`;
  try {
    const result = yield* context.runtime.execSync(target.containerId, command, 0);
    if (result.exitCode === 0) return null;
    const error = `command '${commandLine}' exited with ${String(result.exitCode)}: ${result.stderr}`;
    return failed(error, result.stdout + result.stderr);
  } catch (error) {
    if (error instanceof CriError) return failed(error.message, "");
    throw error;
  }
}

function* runHttpHook(
  context: KubeletContext,
  { httpGet }: LifecycleHandler,
  target: HookTarget,
): Call<string | null> {
  if (httpGet === undefined) return null;
  const { name } = target.container;
  const port = resolvePort(httpGet.port, target.container);
  if (typeof port === "string") return port;
  const result = yield* context.runtime.network.httpGet({
    scheme: httpGet.scheme === "HTTPS" ? "HTTPS" : "HTTP",
    host: httpGet.host ?? target.podIp,
    port,
    path: httpGet.path ?? "/",
    headers: httpGet.httpHeaders ?? [],
    timeoutMs: HTTP_HOOK_TIMEOUT_MS,
  });
  const failed = (error: string): string =>
    `HTTP lifecycle hook (${httpGet.path ?? "/"}) for Container "${name}" in Pod "${formatPod(target.pod)}" failed - error: ${error}`;
  // Any answer will do: runHTTPHandler looks at no status.
  return result.error === null ? null : failed(result.error);
}

const quoted = (text: string): string => JSON.stringify(text);
