import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  EphemeralContainer,
} from "../../generated/core-v1.js";
import { each, messages, notSupportedIf, oneOf, requiredDnsLabel } from "../../meta/check.js";
import { duplicate, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { portName, portNumber } from "../../meta/names.js";
import { validateEnv, validateEnvFrom } from "./env-validation.js";
import type { VolumesByName } from "./mount-validation.js";
import { validateMounts } from "./mount-validation.js";
import { validatePullPolicy } from "./pull-policy-validation.js";
import { validateContainerResources } from "./resource-validation.js";
import { validateSecurityContext } from "./security-context-validation.js";

/** What the containers of a pod are checked against. */
export interface ContainerSurroundings {
  readonly volumes: VolumesByName;
  /** Names of spec.resourceClaims. */
  readonly podClaims: readonly string[];
  readonly restartPolicy: string | undefined;
  /** False: the pod has a user namespace of its own. */
  readonly hostUsers: boolean;
  readonly gracePeriodSeconds: number | undefined;
}

export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** What holds for every container. pkg/apis/core/validation/validation.go validateContainerCommon, 1.34 */
export function validateContainer(
  container: Container | EphemeralContainer,
  around: ContainerSurroundings,
  path: string,
): FieldError[] {
  const image = container.image ?? "";
  return [
    ...requiredDnsLabel(container.name, `${path}.name`),
    ...(image === "" ? [required(`${path}.image`)] : []),
    ...oneOf(container.terminationMessagePolicy, `${path}.terminationMessagePolicy`, [
      "File",
      "FallbackToLogsOnError",
    ]),
    ...portErrors(container.ports, `${path}.ports`),
    ...validateEnv(container.env, `${path}.env`),
    ...validateEnvFrom(container.envFrom, `${path}.envFrom`),
    ...validateMounts(container, around.volumes, path),
    ...validatePullPolicy(container.imagePullPolicy, `${path}.imagePullPolicy`),
    ...validateContainerResources(container.resources, around.podClaims, `${path}.resources`),
    ...resizePolicyErrors(container.resizePolicy, around.restartPolicy, `${path}.resizePolicy`),
    ...validateSecurityContext(
      container.securityContext,
      around.hostUsers,
      `${path}.securityContext`,
    ),
  ];
}

/** VAL-5: only in pods; templates were never checked for it. */
export function validateImageSpace(image: string | undefined, path: string): FieldError[] {
  if (image === undefined || image === image.trim()) return [];
  return [invalid(`${path}.image`, image, "must not have leading or trailing whitespace")];
}

function portErrors(ports: ContainerPort[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(ports, path, ({ name = "", containerPort, hostPort = 0, protocol }, place) => {
    const problems = name === "" ? [] : portName(name);
    const errors = messages(`${place}.name`, name, problems);
    if (name !== "" && problems.length === 0) {
      if (seen.has(name)) errors.push(duplicate(`${place}.name`, name));
      seen.add(name);
    }
    errors.push(
      ...(containerPort === 0
        ? [required(`${place}.containerPort`)]
        : messages(`${place}.containerPort`, containerPort, portNumber(containerPort))),
    );
    if (hostPort !== 0) {
      errors.push(...messages(`${place}.hostPort`, hostPort, portNumber(hostPort)));
    }
    return [...errors, ...oneOf(protocol, `${place}.protocol`, PROTOCOLS)];
  });
}

/** Kubernetes reports all but duplicates at the list, without the index. */
function resizePolicyErrors(
  policies: ContainerResizePolicy[] | undefined,
  podRestartPolicy: string | undefined,
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  return each(policies, path, ({ resourceName, restartPolicy }, place) => {
    const errors = seen.has(resourceName) ? [duplicate(place, resourceName)] : [];
    seen.add(resourceName);
    errors.push(...oneOf(resourceName, path, ["cpu", "memory"]));
    errors.push(...oneOf(restartPolicy, path, ["NotRequired", "RestartContainer"]));
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired") {
      const detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
      errors.push(invalid(path, restartPolicy, detail));
    }
    return errors;
  });
}

/** VAL-13: no host port twice within these containers. */
export function hostPortConflicts(
  containers: readonly { readonly container: Container; readonly path: string }[],
): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ container, path }) =>
    each(container.ports, `${path}.ports`, ({ protocol, hostIP, hostPort }, place) => {
      if (hostPort === undefined || hostPort === 0) return [];
      const key = `${protocol ?? ""}/${hostIP ?? ""}/${String(hostPort)}`;
      const conflict = taken.has(key);
      taken.add(key);
      return conflict ? [duplicate(`${place}.hostPort`, key)] : [];
    }),
  );
}

/** VAL-8: of init containers. */
export function initRestartPolicyErrors(policy: string | undefined, path: string): FieldError[] {
  return policy === undefined ? [] : notSupportedIf(policy, path, ["Always"]);
}
