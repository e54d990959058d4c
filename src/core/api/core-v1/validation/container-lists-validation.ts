import type { Container, EphemeralContainer } from "../../generated/core-v1.js";
import { each } from "../../meta/check.js";
import { duplicate, forbidden, notFound, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { isSidecar } from "../container-kinds.js";
import {
  hostPortConflicts,
  initRestartPolicyErrors,
  validateContainer,
  validateImageSpace,
} from "./container-validation.js";
import type { ContainerSurroundings } from "./container-validation.js";
import {
  validateLifecycle,
  validateHealthProbe,
  validateReadinessProbe,
} from "./probe-validation.js";

/** The three lists of containers of a pod. pkg/apis/core/validation/validation.go, 1.34 */

/** VAL-4, VAL-5, VAL-8. */
export function validateAppContainers(
  containers: readonly Container[],
  around: ContainerSurroundings,
  path: string,
): FieldError[] {
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...each(containers, path, (container, place) => {
      const errors = validateContainer(container, around, place);
      if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
      names.add(container.name);
      errors.push(...lifecycleErrors(container, around, place));
      if (container.restartPolicy !== undefined) {
        errors.push(forbidden(`${place}.restartPolicy`, "may not be set for non-init containers"));
      }
      return errors;
    }),
    ...hostPortConflicts(
      containers.map((container, index) => ({ container, path: `${path}[${String(index)}]` })),
    ),
  ];
}

/** VAL-8, VAL-9; host ports are checked one by one, since init containers run one by one. */
export function validateInitContainers(
  containers: readonly Container[] | undefined,
  apps: readonly Container[],
  around: ContainerSurroundings,
  path: string,
): FieldError[] {
  const names = new Set(apps.map(({ name }) => name));
  return each(containers, path, (container, place) => {
    const { name, restartPolicy } = container;
    const errors = [
      ...validateContainer(container, around, place),
      ...initRestartPolicyErrors(restartPolicy, `${place}.restartPolicy`),
    ];
    if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
    else if (name !== "") names.add(name);
    // Kubernetes hands over a list of one, so the conflict is always reported at index 0.
    errors.push(...hostPortConflicts([{ container, path: `${path}[0]` }]));
    errors.push(
      ...(isSidecar(container)
        ? lifecycleErrors(container, around, place)
        : notForInitContainers(container, place)),
    );
    return errors;
  });
}

/** EPH-3, EPH-4. */
export function validateEphemeralContainers(
  containers: readonly EphemeralContainer[] | undefined,
  others: readonly Container[],
  around: ContainerSurroundings,
  path: string,
): FieldError[] {
  const targets = new Set(others.map(({ name }) => name));
  const names = new Set(targets);
  return each(containers, path, (container, place) => {
    const { name, targetContainerName = "" } = container;
    const errors = [
      ...validateContainer(container, around, place),
      ...validateImageSpace(container.image, place),
    ];
    if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
    names.add(name);
    if (targetContainerName !== "" && !targets.has(targetContainerName)) {
      errors.push(notFound(`${place}.targetContainerName`, targetContainerName));
    }
    return [...errors, ...notForEphemeralContainers(container, place)];
  });
}

function lifecycleErrors(
  container: Container,
  { gracePeriodSeconds }: ContainerSurroundings,
  path: string,
): FieldError[] {
  return [
    ...validateLifecycle(container.lifecycle, gracePeriodSeconds, `${path}.lifecycle`),
    ...validateHealthProbe(container.livenessProbe, gracePeriodSeconds, `${path}.livenessProbe`),
    ...validateReadinessProbe(
      container.readinessProbe,
      gracePeriodSeconds,
      `${path}.readinessProbe`,
    ),
    ...validateHealthProbe(container.startupProbe, gracePeriodSeconds, `${path}.startupProbe`),
  ];
}

function notForInitContainers(container: Container, path: string): FieldError[] {
  const fields = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;
  const detail = "may not be set for init containers without restartPolicy=Always";
  return fields
    .filter((field) => container[field] !== undefined)
    .map((field) => forbidden(`${path}.${field}`, detail));
}

function notForEphemeralContainers(container: EphemeralContainer, path: string): FieldError[] {
  const detail = "cannot be set for an Ephemeral Container";
  const fields = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
  ] as const;
  const set = fields.filter((field) => {
    const value = container[field];
    return value !== undefined && (typeof value === "string" || Object.keys(value).length > 0);
  });
  const subPaths = ["subPath", "subPathExpr"] as const;
  return [
    ...set.map((field) => forbidden(`${path}.${field}`, detail)),
    ...each(container.volumeMounts, `${path}.volumeMounts`, (mount, place) =>
      subPaths
        .filter((field) => (mount[field] ?? "") !== "")
        .map((field) => forbidden(`${place}.${field}`, detail)),
    ),
  ];
}
