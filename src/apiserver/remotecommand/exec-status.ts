import { internalError } from "../../core/api/index.js";
import type { ExecAnswer } from "../cluster-port.js";

/** What goes over the error channel at the end: a v1.Status as Go writes it. */

export type Subprotocol = "v5.channel.k8s.io" | "v4.channel.k8s.io";

/** How the command ended. */
export function exitStatus(
  exitCode: number,
  command: readonly string[],
  protocol: Subprotocol,
): object {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: ${exitText(exitCode, command, protocol)}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

/**
 * In v5 the API server translates what the runtime said: apiserver/pkg/util/proxy/streamtranslator.go codeExitToStatusError, 1.34. In v4 the
 * runtime's own words come through: containerd internal/cri/server/streaming.go, 2.0.
 */
function exitText(exitCode: number, command: readonly string[], protocol: Subprotocol): string {
  if (protocol === "v5.channel.k8s.io") return `command terminated with exit code ${exitCode}`;
  return `error executing command [${command.join(" ")}], exit code ${exitCode}`;
}

/** Why there is no command to talk to. pkg/kubelet/cri/streaming/remotecommand/exec.go ServeExec and client-go's spdy Negotiate, 1.34. */
export function failureStatus(answer: Extract<ExecAnswer, { accepted: false }>): object {
  return withoutType(internalError(FAILURE_TEXTS[answer.by](answer.message)).status);
}

const FAILURE_TEXTS: Readonly<
  Record<Extract<ExecAnswer, { accepted: false }>["by"], (message: string) => string>
> = {
  node: (message) => message,
  kubelet: (message) => `unable to upgrade connection: ${message}`,
  runtime: (message) => `error executing command in container: ${message}`,
};

/** Go writes a Status that was made in place without its kind. */
export function withoutType(status: object): object {
  const { kind, apiVersion, ...rest } = status as Record<string, unknown>;
  return kind === "Status" && apiVersion === "v1" ? rest : status;
}
