import type { KubeObject } from "../meta/kube-object.js";
import { byteLength, marshal, quote } from "../meta/go-format.js";
import { badRequest } from "../meta/status-error.js";
import type { StatusError } from "../meta/status-error.js";
import { apiVersionOf, findKind, splitApiVersion } from "../resource-table.js";
import { DecodeAbort, goKind } from "./decode-problem.js";
import { decodeObject, haveSameKeys } from "./decode-value.js";
import type { DecodeState, Fields } from "./decode-value.js";

/** The kind that a request's body must be. A row of the resource table is one. */
export interface DecodeTarget {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Key into the structural schema. */
  readonly schema: string;
}

export interface Decoded<T = KubeObject> {
  readonly object: T;
  /** Fields that were dropped because the type has none of that name, in document order: `spec.containers[0].foo`. */
  readonly unknownFields: readonly string[];
}

/** More strict errors are not collected. sigs.k8s.io/json, strict.go */
const MAX_STRICT_ERRORS = 100;

/**
 * Turns a client's JSON value into the object that Kubernetes would have after decoding: known fields only, quantities and times in canonical
 * form, empty values as Go writes them. @throws StatusError 400 in Kubernetes' words
 * @param known an object decoded before: parts that the body shares with it, as what our own components write does, are not decoded again
 */
export function decode<T = KubeObject>(
  target: DecodeTarget,
  body: unknown,
  known?: object,
): Decoded<T> {
  const { apiVersion, kind } = readTypeMeta(target, body);
  checkKind(target, apiVersion, kind);
  const state: DecodeState = { unknownFields: [], typeError: null };
  const problem = (message: string): StatusError => decodingError(target, message);
  try {
    const head = { kind: target.kind, apiVersion: apiVersionOf(target) };
    const object = decodeDocument(body ?? {}, target.schema, head, state, known);
    if (state.typeError !== null) throw problem(state.typeError);
    return { object: object as T, unknownFields: state.unknownFields };
  } catch (error) {
    if (error instanceof DecodeAbort) throw problem(error.message);
    throw error;
  }
}

/**
 * An object of our own making in the form that clients are shown: empty values as Go writes them, fields in order. For objects that did not
 * come through `decode`. Throws a plain Error when it is not what it says it is: that is a fault of ours.
 */
export function canonical<T extends KubeObject>(object: T, schema: string): T {
  const state: DecodeState = { unknownFields: [], typeError: null };
  const { kind, apiVersion } = object;
  const decoded = decodeDocument(object, schema, { kind, apiVersion }, state);
  const [unknown] = state.unknownFields;
  if (unknown !== undefined) throw new Error(`${kind} has no field ${unknown}`);
  if (state.typeError !== null) throw new Error(state.typeError);
  return decoded as T;
}

/** Kind, version and metadata stand first, as Go writes them, whatever the body says and where. */
function decodeDocument(
  body: object,
  schema: string,
  head: Readonly<Record<"kind" | "apiVersion", string>>,
  state: DecodeState,
  known?: object,
): object {
  const fields = body as Fields;
  const isNamed = fields["kind"] === head.kind && fields["apiVersion"] === head.apiVersion;
  const isInOrder =
    isNamed && (standsFirst(body) || (known !== undefined && haveSameKeys(body, known)));
  const document = isInOrder ? fields : withHead(fields, head);
  return decodeObject(document, schema, state, null, known);
}

const HEAD = ["kind", "apiVersion", "metadata"] as const;

function standsFirst(body: object): boolean {
  let at = 0;
  for (const key in body) {
    if (key !== HEAD[at]) return false;
    at += 1;
    if (at === HEAD.length) return true;
  }
  return false;
}

function withHead(
  { kind: _kind, apiVersion: _apiVersion, metadata, ...rest }: Fields,
  { kind, apiVersion }: Readonly<Record<"kind" | "apiVersion", string>>,
): Fields {
  return metadata === undefined
    ? { kind, apiVersion, ...rest }
    : { kind, apiVersion, metadata, ...rest };
}

/** The texts of strict errors: warnings under `Warn`, parts of the refusal under `Strict`. */
export function unknownFieldTexts(unknownFields: readonly string[]): string[] {
  return unknownFields.slice(0, MAX_STRICT_ERRORS).map((path) => `unknown field ${quote(path)}`);
}

/** The refusal under fieldValidation=Strict. @param texts `unknown field "…"`, `duplicate field "…"` */
export function strictDecodingError(target: DecodeTarget, texts: readonly string[]): StatusError {
  return decodingError(target, `strict decoding error: ${texts.join(", ")}`);
}

/** apiserver pkg/endpoints/handlers/rest.go transformDecodeError, 1.34 */
function decodingError({ kind, version }: DecodeTarget, message: string): StatusError {
  return badRequest(
    `${kind} in version ${quote(version)} cannot be handled as a ${kind}: ${message}`,
  );
}

function readTypeMeta(
  target: DecodeTarget,
  body: unknown,
): { readonly apiVersion: string; readonly kind: string } {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    if (body === null) return { apiVersion: apiVersionOf(target), kind: target.kind };
    const type = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
    throw unrecognized(
      target,
      body,
      `cannot unmarshal ${goKind(body)} into Go value of type ${type}`,
    );
  }
  const { apiVersion, kind } = body as { apiVersion?: unknown; kind?: unknown };
  checkText(target, body, "apiVersion", apiVersion);
  checkText(target, body, "kind", kind);
  return {
    apiVersion:
      typeof apiVersion === "string" && apiVersion !== "" ? apiVersion : apiVersionOf(target),
    kind: typeof kind === "string" && kind !== "" ? kind : target.kind,
  };
}

function checkText(target: DecodeTarget, body: unknown, field: string, value: unknown): void {
  if (typeof value === "string" || value === undefined || value === null) return;
  const because = `cannot unmarshal ${goKind(value)} into Go struct field .${field} of type string`;
  throw unrecognized(target, body, because);
}

function unrecognized(target: DecodeTarget, body: unknown, because: string): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${target.kind}): couldn't get version/kind; json parse error: json: ${because} (${summarize(body)})`,
  );
}

const SUMMARY_BYTES = 30;

function summarize(body: unknown): string {
  const text = marshal(body);
  if (text.startsWith("{")) {
    return byteLength(text) > SUMMARY_BYTES ? `${text.slice(0, SUMMARY_BYTES)} ...` : text;
  }
  const bytes = new TextEncoder().encode(text);
  const hexadecimal = [...bytes.subarray(0, SUMMARY_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return bytes.length > SUMMARY_BYTES ? `${hexadecimal} ...` : hexadecimal;
}

/** The scheme's name shows in the message: pkg/api/legacyscheme/scheme.go, 1.34. */
const SCHEME = "pkg/api/legacyscheme/scheme.go:30";

function checkKind(target: DecodeTarget, apiVersion: string, kind: string): void {
  const expected = apiVersionOf(target);
  if (apiVersion === expected && kind === target.kind) return;
  const { group, version } = splitApiVersion(apiVersion);
  const prefix = `${kind} in version ${quote(version)} cannot be handled as a ${target.kind}: `;
  const other = findKind(group, version, kind);
  const sameKind = other?.storage === findKind(target.group, target.version, target.kind)?.storage;
  if (other !== undefined && sameKind) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (other === undefined) {
    throw badRequest(
      `${prefix}no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(SCHEME)}`,
    );
  }
  throw badRequest(
    `${prefix}converting (${version}.${kind}) to (${internalPackage(target.group)}.${target.kind}): unknown conversion`,
  );
}

function internalPackage(group: string): string {
  return group === "" ? "core" : (group.split(".")[0] ?? group);
}
