import type { EnvFromSource, EnvVar, EnvVarSource } from "../../generated/core-v1.js";
import { dnsSubdomain, each, messages, requiredText } from "../../meta/check.js";
import { invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { configMapKey, environmentVariableName, nameIsDnsSubdomain } from "../../meta/names.js";
import { validateFieldRef, validateResourceFieldRef } from "./downward-field-validation.js";

/** Variables of a container. pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom, 1.34 */

const ENV_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

export function validateEnv(variables: EnvVar[] | undefined, path: string): FieldError[] {
  return each(variables, path, (variable, variablePath) => {
    const { name, valueFrom } = variable;
    const nameErrors =
      name === ""
        ? requiredText(name, `${variablePath}.name`)
        : messages(`${variablePath}.name`, name, environmentVariableName(name));
    if (valueFrom === undefined) return nameErrors;
    return [
      ...nameErrors,
      ...sourceErrors(valueFrom, variable.value ?? "", `${variablePath}.valueFrom`),
    ];
  });
}

export function validateEnvFrom(sources: EnvFromSource[] | undefined, path: string): FieldError[] {
  return each(sources, path, (source, sourcePath) => {
    const { prefix = "", configMapRef, secretRef } = source;
    const errors =
      prefix === ""
        ? []
        : messages(`${sourcePath}.prefix`, prefix, environmentVariableName(prefix));
    for (const [field, reference] of Object.entries({ configMapRef, secretRef })) {
      if (reference === undefined) continue;
      const name = reference.name ?? "";
      const namePath = `${sourcePath}.${field}.name`;
      errors.push(
        ...(name === ""
          ? requiredText(name, namePath)
          : messages(namePath, name, nameIsDnsSubdomain(name, true))),
      );
    }
    // Kubernetes reports these two at the list, not at the element.
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalid(path, "", "may not have more than one field specified at a time"));
    }
    return errors;
  });
}

function sourceErrors(source: EnvVarSource, value: string, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  const errors: FieldError[] = [];
  let sources = 0;
  if (fieldRef !== undefined) {
    sources += 1;
    errors.push(...validateFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`));
  }
  if (resourceFieldRef !== undefined) {
    sources += 1;
    const reference = `${path}.resourceFieldRef`;
    errors.push(...validateResourceFieldRef(resourceFieldRef, reference, false));
  }
  for (const [field, reference] of Object.entries({ configMapKeyRef, secretKeyRef })) {
    if (reference === undefined) continue;
    sources += 1;
    errors.push(...keyReferenceErrors(reference, `${path}.${field}`));
  }
  if (sources === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    errors.push(invalid(path, "", detail));
  } else if (value !== "") {
    errors.push(invalid(path, "", "may not be specified when `value` is not empty"));
  } else if (sources > 1) {
    errors.push(invalid(path, "", "may not have more than one field specified at a time"));
  }
  return errors;
}

function keyReferenceErrors(
  { name = "", key }: { readonly name?: string; readonly key: string },
  path: string,
): FieldError[] {
  return [
    ...dnsSubdomain(name, `${path}.name`),
    ...(key === ""
      ? requiredText(key, `${path}.key`)
      : messages(`${path}.key`, key, configMapKey(key))),
  ];
}
