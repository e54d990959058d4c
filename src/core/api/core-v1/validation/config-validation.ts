import type { ConfigMap, Secret } from "../../generated/core-v1.js";
import { messages } from "../../meta/check.js";
import { forbidden, invalid, required, tooLong } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { byteLength } from "../../meta/go-format.js";
import { configMapKey, nameIsDnsSubdomain } from "../../meta/names.js";
import {
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../../meta/object-meta-validation.js";
import { semanticEqual } from "../../meta/semantic-equal.js";
import { base64ByteLength, textOfBase64 } from "../../decode/base64.js";

/** ConfigMaps and Secrets. pkg/apis/core/validation/validation.go, 1.34 */

export const MAX_DATA_BYTES = 1024 * 1024;
const LOCKED = "field is immutable when `immutable` is set";

export function validateConfigMapCreate(config: ConfigMap): FieldError[] {
  const { data = {}, binaryData = {} } = config;
  const errors = validateObjectMeta(config.metadata, true, nameIsDnsSubdomain);
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    const path = `data[${key}]`;
    errors.push(...messages(path, key, configMapKey(key)));
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalid(path, key, "duplicate of key present in binaryData"));
    }
    bytes += byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.push(...messages(`binaryData[${key}]`, key, configMapKey(key)));
    bytes += base64ByteLength(value);
  }
  return bytes > MAX_DATA_BYTES ? [...errors, tooLong("", MAX_DATA_BYTES)] : errors;
}

export function validateConfigMapUpdate(next: ConfigMap, previous: ConfigMap): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...lockedErrors(next, previous, ["data", "binaryData"]),
    ...validateConfigMapCreate(next),
  ];
}

export function validateSecretCreate(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const errors = validateObjectMeta(secret.metadata, true, nameIsDnsSubdomain);
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...messages(`data[${key}]`, key, configMapKey(key)));
    bytes += base64ByteLength(value);
  }
  if (bytes > MAX_DATA_BYTES) errors.push(tooLong("data", MAX_DATA_BYTES));
  return [...errors, ...typeErrors(secret, data)];
}

export function validateSecretUpdate(next: Secret, previous: Secret): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateImmutable(next.type, previous.type, "type"),
    ...lockedErrors(next, previous, ["data"]),
    ...validateSecretCreate(next),
  ];
}

function lockedErrors<T extends { immutable?: boolean }>(
  next: T,
  previous: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (previous.immutable !== true) return [];
  return [
    ...(next.immutable === true ? [] : [forbidden("immutable", LOCKED)]),
    ...fields
      .filter((field) => !semanticEqual(next[field], previous[field]))
      .map((field) => forbidden(field, LOCKED)),
  ];
}

/** What a type of secret must contain. */
function typeErrors(
  { type, metadata }: Secret,
  data: Readonly<Record<string, string>>,
): FieldError[] {
  const missing = (key: string): FieldError[] =>
    Object.hasOwn(data, key) ? [] : [required(`data[${key}]`)];
  switch (type) {
    case "kubernetes.io/service-account-token": {
      const annotation = "kubernetes.io/service-account.name";
      const named = (metadata.annotations?.[annotation] ?? "") !== "";
      return named ? [] : [required(`metadata.annotations[${annotation}]`)];
    }
    case "kubernetes.io/dockercfg":
      return jsonErrors(data, ".dockercfg");
    case "kubernetes.io/dockerconfigjson":
      return jsonErrors(data, ".dockerconfigjson");
    case "kubernetes.io/basic-auth":
      return Object.hasOwn(data, "username") || Object.hasOwn(data, "password")
        ? []
        : [...missing("username"), ...missing("password")];
    case "kubernetes.io/ssh-auth":
      return (data["ssh-privatekey"] ?? "") === "" ? [required("data[ssh-privatekey]")] : [];
    case "kubernetes.io/tls":
      return [...missing("tls.crt"), ...missing("tls.key")];
    default:
      return [];
  }
}

function jsonErrors(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const path = `data[${key}]`;
  const encoded = Object.hasOwn(data, key) ? data[key] : undefined;
  if (encoded === undefined) return [required(path)];
  const problem = jsonProblem(textOfBase64(encoded));
  return problem === null ? [] : [invalid(path, "<secret contents redacted>", problem)];
}

/** Why Go's encoding/json can't read a text as an object. */
function jsonProblem(text: string): string | null {
  if (text.trim() === "") return "unexpected end of JSON input";
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return null;
    const kind = Array.isArray(value)
      ? "array"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    const [first = ""] = text.trim();
    return /[[{"0-9tfn-]/.test(first)
      ? "unexpected end of JSON input"
      : `invalid character '${first}' looking for beginning of value`;
  }
}
