import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../../generated/core-v1.js";
import { messages, nonNegative, requiredText } from "../../meta/check.js";
import { forbidden, invalid, notSupported, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { httpHeaderName, portName, portNumber } from "../../meta/names.js";

/** VAL-10, VAL-11, VAL-12. pkg/apis/core/validation/validation.go, 1.34 */

/** Liveness and startup probes. @param gracePeriodSeconds of the pod; a sleep hook may not be longer */
export function validateHealthProbe(
  probe: Probe | undefined,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  if (probe === undefined) return [];
  const errors = probeErrors(probe, gracePeriodSeconds, path);
  if (probe.successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
  }
  return errors;
}

export function validateReadinessProbe(
  probe: Probe | undefined,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  if (probe === undefined) return [];
  const errors = probeErrors(probe, gracePeriodSeconds, path);
  if (probe.terminationGracePeriodSeconds !== undefined) {
    const detail = "must not be set for readinessProbes";
    const field = `${path}.terminationGracePeriodSeconds`;
    errors.push(invalid(field, probe.terminationGracePeriodSeconds, detail));
  }
  return errors;
}

export function validateLifecycle(
  lifecycle: Lifecycle | undefined,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  const { postStart, preStop } = lifecycle ?? {};
  return Object.entries({ postStart, preStop }).flatMap(([field, handler]) =>
    handler === undefined ? [] : handlerErrors(handler, gracePeriodSeconds, `${path}.${field}`),
  );
}

/** A port by number or by name. */
export function validatePort(port: number | string, path: string): FieldError[] {
  return messages(path, port, typeof port === "number" ? portNumber(port) : portName(port));
}

function probeErrors(
  probe: Probe,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  const counts = [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ] as const;
  const errors = [
    ...handlerErrors(probe, gracePeriodSeconds, path),
    ...counts.flatMap((field) => nonNegative(probe[field], `${path}.${field}`)),
  ];
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) {
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  }
  return errors;
}

/** Exactly one handler, in the order in which Kubernetes looks for them. */
function handlerErrors(
  handler: Probe | LifecycleHandler,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  const checks: [field: string, check: () => FieldError[]][] = [];
  const { exec, httpGet, tcpSocket } = handler;
  if (exec !== undefined) {
    const missing = (exec.command ?? []).length === 0;
    checks.push(["exec", () => (missing ? [required(`${path}.exec.command`)] : [])]);
  }
  if (httpGet !== undefined) {
    checks.push(["httpGet", () => httpGetErrors(httpGet, `${path}.httpGet`)]);
  }
  if (tcpSocket !== undefined) {
    checks.push(["tcpSocket", () => validatePort(tcpSocket.port, `${path}.tcpSocket.port`)]);
  }
  if ("grpc" in handler) {
    const { port } = handler.grpc;
    checks.push(["grpc", () => validatePort(port, `${path}.grpc.port`)]);
  }
  if ("sleep" in handler) {
    const { seconds } = handler.sleep;
    checks.push(["sleep", () => sleepErrors(seconds, gracePeriodSeconds, `${path}.sleep`)]);
  }
  if (checks.length === 0) return [required(path, "must specify a handler type")];
  return checks.flatMap(([field, check], index) =>
    index === 0
      ? check()
      : [forbidden(`${path}.${field}`, "may not specify more than 1 handler type")],
  );
}

function httpGetErrors(action: HTTPGetAction, path: string): FieldError[] {
  const scheme = action.scheme ?? "";
  const supported = ["HTTP", "HTTPS"];
  return [
    ...requiredText(action.path, `${path}.path`),
    ...validatePort(action.port, `${path}.port`),
    ...(supported.includes(scheme) ? [] : [notSupported(`${path}.scheme`, scheme, supported)]),
    ...(action.httpHeaders ?? []).flatMap(({ name }) =>
      messages(`${path}.httpHeaders`, name, httpHeaderName(name)),
    ),
  ];
}

function sleepErrors(
  seconds: number,
  gracePeriodSeconds: number | undefined,
  path: string,
): FieldError[] {
  // A missing grace period is reported where it is missing.
  if (gracePeriodSeconds === undefined) return [];
  if (seconds >= 0 && seconds <= gracePeriodSeconds) return [];
  const grace = String(gracePeriodSeconds);
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalid(path, seconds, detail)];
}
