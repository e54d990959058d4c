import { badRequest, field, type FieldError } from "../../core/api/index.js";
import type { DeleteOptions, PatchType, WriteOptions } from "../cluster-port.js";
import { MAX_FIELD_MANAGER_LENGTH } from "../limits.js";
import { invalidOptions } from "../refusals.js";
import {
  dryRunErrors,
  fieldManagerErrors,
  fieldValidationErrors,
  isPrintable,
} from "./option-errors.js";
import { booleanParameter, integerParameter, textParameter } from "./query-values.js";

/** @param kind `CreateOptions` or `UpdateOptions`, for the refusal. @throws StatusError 422. */
export function parseWriteParameters(
  query: URLSearchParams,
  userAgent: string,
  kind: "CreateOptions" | "UpdateOptions",
): WriteOptions {
  const errors = writeErrors(query);
  if (errors.length > 0) throw invalidOptions(kind, errors);
  return writeOptions(query, userAgent);
}

/** @throws StatusError 422. */
export function parsePatchParameters(
  query: URLSearchParams,
  userAgent: string,
  patchType: PatchType,
): WriteOptions & { readonly force?: boolean } {
  const force = booleanParameter(query, "force");
  const errors: FieldError[] = [];
  if (patchType === "apply") {
    if (textParameter(query, "fieldManager") === undefined)
      errors.push(field.required("fieldManager", "is required for apply patch"));
  } else if (force !== undefined) {
    errors.push(field.forbidden("force", "may not be specified for non-apply patch"));
  }
  errors.push(...writeErrors(query));
  if (errors.length > 0) throw invalidOptions("PatchOptions", errors);
  return { ...writeOptions(query, userAgent), ...(force === undefined ? {} : { force }) };
}

/** @throws StatusError 400 or 422. */
export function parseDeleteParameters(query: URLSearchParams): DeleteOptions {
  const grace = integerParameter(query, "gracePeriodSeconds");
  const orphan = booleanParameter(query, "orphanDependents");
  const policy = query.get("propagationPolicy");
  const uid = textParameter(query, "uid");
  const resourceVersion = textParameter(query, "resourceVersion");
  const dryRun = query.getAll("dryRun");
  return checkDeleteOptions({
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...(uid === undefined && resourceVersion === undefined
      ? {}
      : { preconditions: definedOf({ uid, resourceVersion }) }),
  });
}

/** @param body the parsed body of a DELETE. @throws StatusError 400 or 422. */
export function parseDeleteBody(body: unknown): DeleteOptions {
  if (!isRecord(body)) throw badRequest("decoded object cannot be converted to DeleteOptions");
  const { kind } = body;
  if (kind !== undefined && kind !== "" && kind !== "DeleteOptions")
    throw badRequest("decoded object cannot be converted to DeleteOptions");
  return checkDeleteOptions({
    ...typedField(body, "gracePeriodSeconds", "int64", Number.isInteger),
    ...typedField(body, "orphanDependents", "bool", isBoolean),
    ...typedField(body, "propagationPolicy", "v1.DeletionPropagation", isText),
    ...typedField(body, "dryRun", "[]string", isTextList),
    ...typedField(body, "preconditions", "v1.Preconditions", isRecord),
  });
}

interface UncheckedDeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

const PROPAGATION_POLICIES = ["Foreground", "Background", "Orphan"] as const;

/** apis/meta/v1/validation/validation.go `ValidateDeleteOptions`, 1.34. */
function checkDeleteOptions(options: UncheckedDeleteOptions): DeleteOptions {
  const { dryRun, propagationPolicy, ...rest } = options;
  const errors: FieldError[] = [];
  const path = "propagationPolicy";
  const policy = PROPAGATION_POLICIES.find((known) => known === propagationPolicy);
  if (propagationPolicy !== undefined) {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    if (rest.orphanDependents !== undefined)
      errors.push(field.invalid(path, propagationPolicy, detail));
    if (policy === undefined)
      errors.push(field.notSupported(path, propagationPolicy, [...PROPAGATION_POLICIES, "nil"]));
  }
  errors.push(...dryRunErrors(dryRun ?? []));
  if (errors.length > 0) throw invalidOptions("DeleteOptions", errors);
  return {
    ...rest,
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...((dryRun ?? []).length === 0 ? {} : { dryRun: true }),
  };
}

function writeErrors(query: URLSearchParams): FieldError[] {
  return [
    ...fieldManagerErrors(query.get("fieldManager") ?? ""),
    ...dryRunErrors(query.getAll("dryRun")),
    ...fieldValidationErrors(query.get("fieldValidation") ?? ""),
  ];
}

function writeOptions(query: URLSearchParams, userAgent: string): WriteOptions {
  const validation = query.get("fieldValidation");
  return {
    fieldManager: textParameter(query, "fieldManager") ?? managerFromUserAgent(userAgent),
    // The server's own choice is to warn. handlers/rest.go `fieldValidation`, 1.34.
    fieldValidation: validation === "Ignore" || validation === "Strict" ? validation : "Warn",
    ...(query.has("dryRun") ? { dryRun: true } : {}),
  };
}

/** What comes before the first `/`, printable and bounded. handlers/create.go `prefixFromUserAgent`, 1.34. */
export function managerFromUserAgent(userAgent: string): string {
  const [prefix = ""] = userAgent.split("/", 1);
  let manager = "";
  let size = 0;
  for (const character of prefix) {
    if (!isPrintable(character)) continue;
    size += Buffer.byteLength(character);
    if (size > MAX_FIELD_MANAGER_LENGTH) break;
    manager += character;
  }
  return manager;
}

function typedField(
  body: Record<string, unknown>,
  name: string,
  type: string,
  isOfType: (value: unknown) => boolean,
): Record<string, unknown> {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (isOfType(value)) return { [name]: value };
  throw badRequest(
    `json: cannot unmarshal ${jsonTypeOf(value)} into Go struct field DeleteOptions.${name} of type ${type}`,
  );
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" && !Number.isInteger(value)) return `number ${value}`;
  return typeof value;
}

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isText = (value: unknown): boolean => typeof value === "string";
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function definedOf<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
