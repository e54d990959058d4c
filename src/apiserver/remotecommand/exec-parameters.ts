import type { ExecQuery } from "../cluster-port.js";
import { booleanParameter, textParameter } from "../resources/query-values.js";

/** The options of pods/{name}/exec: PodExecOptions. */
export function parseExecParameters(
  parameters: URLSearchParams,
  namespace: string,
  pod: string,
): ExecQuery {
  const container = textParameter(parameters, "container");
  const wants = (name: string): boolean => booleanParameter(parameters, name) ?? false;
  const tty = wants("tty");
  return {
    namespace,
    pod,
    ...(container === undefined ? {} : { container }),
    command: parameters.getAll("command"),
    stdin: wants("stdin"),
    stdout: wants("stdout"),
    // A terminal has one output. pkg/kubelet/server/remotecommand NewOptions, 1.34: bypassing stderr.
    stderr: wants("stderr") && !tty,
    tty,
  };
}
