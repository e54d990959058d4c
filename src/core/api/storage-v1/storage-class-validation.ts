import type { StorageClass } from "../generated/storage-v1.js";
import { each, notSupportedIf, oneOf, qualified } from "../meta/check.js";
import { duplicate, forbidden, invalid, required, tooLong } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { byteLength } from "../meta/go-format.js";
import { nameIsDnsSubdomain, qualifiedName } from "../meta/names.js";
import {
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta-validation.js";
import { semanticEqual } from "../meta/semantic-equal.js";

/** pkg/apis/storage/validation/validation.go, 1.34 */

const MAX_PARAMETERS = 512;
const MAX_PARAMETERS_BYTES = 256 * 1024;

export function validateStorageClassCreate(storageClass: StorageClass): FieldError[] {
  const { provisioner, reclaimPolicy, volumeBindingMode } = storageClass;
  return [
    ...validateObjectMeta(storageClass.metadata, false, nameIsDnsSubdomain),
    ...provisionerErrors(provisioner),
    ...parameterErrors(storageClass.parameters ?? {}),
    ...((reclaimPolicy ?? "") === ""
      ? []
      : notSupportedIf(reclaimPolicy ?? "", "reclaimPolicy", ["Delete", "Retain"])),
    ...oneOf(volumeBindingMode, "volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
    ...topologyErrors(storageClass),
  ];
}

export function validateStorageClassUpdate(
  next: StorageClass,
  previous: StorageClass,
): FieldError[] {
  const fixed = ["parameters", "provisioner", "reclaimPolicy"] as const;
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...fixed
      .filter((field) => !semanticEqual(next[field], previous[field]))
      .map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
    ...validateImmutable(next.volumeBindingMode, previous.volumeBindingMode, "volumeBindingMode"),
  ];
}

function provisionerErrors(provisioner: string): FieldError[] {
  if (provisioner === "") return [required("provisioner", provisioner)];
  return qualifiedName(provisioner.toLowerCase()).map((problem) =>
    invalid("provisioner", provisioner, problem),
  );
}

function parameterErrors(parameters: Readonly<Record<string, string>>): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) return [tooLong("parameters", MAX_PARAMETERS)];
  const empty = entries.filter(([key]) => key === "");
  const errors = empty.map(() => invalid("parameters", "", "field can not be empty."));
  const bytes = entries.reduce(
    (total, [key, value]) => total + byteLength(key) + byteLength(value),
    0,
  );
  return bytes > MAX_PARAMETERS_BYTES
    ? [...errors, tooLong("parameters", MAX_PARAMETERS_BYTES)]
    : errors;
}

function topologyErrors({ allowedTopologies }: StorageClass): FieldError[] {
  const seen: unknown[] = [];
  return each(allowedTopologies, "allowedTopologies", (term, path) => {
    const keys = new Set<string>();
    const expressions = `${path}.matchLabelExpressions`;
    const errors = each(term.matchLabelExpressions, expressions, ({ key, values }, place) => {
      const repeated = keys.has(key) ? [duplicate(`${place}.key`, key)] : [];
      keys.add(key);
      return [
        ...(values.length === 0 ? [required(`${place}.values`)] : []),
        ...each(values, `${place}.values`, (value, at, index) =>
          values.indexOf(value) < index ? [duplicate(at, value)] : [],
        ),
        ...qualified(key, `${place}.key`),
        ...repeated,
      ];
    });
    const same = seen.some((other) => semanticEqual(other, term));
    seen.push(term);
    return same ? [...errors, duplicate(expressions, "")] : errors;
  });
}
