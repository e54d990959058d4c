import { invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";

/** Rules for paths inside volumes and containers. pkg/apis/core/validation/validation.go, 1.34 */

const FILE_MODE_ERROR = "must be a number between 0 and 0777 (octal), both inclusive";

/** Relative and without `..`. */
export function localDescendingPath(path: string, fieldPath: string): FieldError[] {
  const errors = path.startsWith("/") ? [invalid(fieldPath, path, "must be a relative path")] : [];
  return [...errors, ...noBacksteps(path, fieldPath)];
}

export function noBacksteps(path: string, fieldPath: string): FieldError[] {
  return path.split("/").includes("..") ? [invalid(fieldPath, path, "must not contain '..'")] : [];
}

/** As `localDescendingPath`, and no name that starts with `..`: the kubelet keeps those for itself. */
export function localNonReservedPath(path: string, fieldPath: string): FieldError[] {
  const errors = localDescendingPath(path, fieldPath);
  if (path.startsWith("..") && !path.startsWith("../")) {
    errors.push(invalid(fieldPath, path, "must not start with '..'"));
  }
  return errors;
}

export function fileMode(mode: number | undefined, fieldPath: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(fieldPath, mode, FILE_MODE_ERROR)];
}
