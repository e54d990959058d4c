import type { IncomingMessage } from "node:http";
import { badRequest, requestEntityTooLarge } from "../../core/api/index.js";
import { MAX_BODY_BYTES } from "../limits.js";
import { unknownBodyType } from "../refusals.js";
import { decodeObject } from "../protobuf/decode-object.js";
import { ProtobufError } from "../protobuf/wire-reader.js";
import { duplicateFields } from "./duplicate-fields.js";
import { jsonSyntaxError } from "./go-json.js";
import { parseYaml } from "./yaml-text.js";

/** A body as a value, and what only its text shows. */
export interface ParsedBody {
  readonly value: unknown;
  /** Fields named twice, in the words of the strict decoder. */
  readonly strictErrors: readonly string[];
}

export type BodyType = "json" | "yaml" | "protobuf";

/** Reads all of a request's body. @throws StatusError 413 beyond the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw requestEntityTooLarge(`limit is ${MAX_BODY_BYTES}`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/** @throws StatusError 415 for all that is not JSON, YAML or protobuf. negotiation/negotiate.go, 1.34. */
export function bodyTypeOf(contentType: string | undefined): BodyType {
  if (contentType === undefined || contentType === "") return "json";
  const [type = ""] = contentType.split(";", 1);
  switch (type.trim().toLowerCase()) {
    case "application/json":
      return "json";
    case "application/yaml":
      return "yaml";
    case "application/vnd.kubernetes.protobuf":
      return "protobuf";
    default:
      throw unknownBodyType();
  }
}

/** A text that could not be read, in Go's words. */
export class UnreadableBody extends Error {}

/** @throws UnreadableBody */
export function parseBody(body: Buffer, type: BodyType): ParsedBody {
  if (type === "protobuf") return parseProtobuf(body);
  const text = body.toString("utf8");
  if (type === "json") return parseJson(text);
  const result = parseYaml(text);
  if (!result.ok) throw new UnreadableBody(result.message);
  return { value: result.value, strictErrors: result.duplicates };
}

/** The body of a create or update. @param kind what the endpoint takes, for the refusal. @throws StatusError 400. */
export function parseObjectBody(body: Buffer, type: BodyType, kind: string): ParsedBody {
  try {
    const parsed = parseBody(body, type);
    checkIsObject(parsed.value);
    return parsed;
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    const isJson = type === "json" || (type === "yaml" && !error.message.startsWith("yaml:"));
    const what = isJson
      ? `couldn't get version/kind; json parse error: ${error.message}`
      : error.message;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${what} (${summarize(body)})`,
    );
  }
}

function parseJson(text: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableBody(jsonSyntaxError(text));
  }
  const strictErrors = duplicateFields(text);
  if (strictErrors === null) throw new UnreadableBody("exceeded max depth");
  return { value, strictErrors };
}

function parseProtobuf(body: Buffer): ParsedBody {
  try {
    return { value: decodeObject(body), strictErrors: [] };
  } catch (error) {
    if (error instanceof ProtobufError) throw new UnreadableBody(error.message);
    throw error;
  }
}

/** What runtime/serializer/json/meta.go decodes first, to learn the kind. */
const FIND_KIND =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function checkIsObject(value: unknown): void {
  if (value === null) return;
  if (typeof value !== "object" || Array.isArray(value))
    throw new UnreadableBody(
      `json: cannot unmarshal ${goTypeOf(value)} into Go value of type ${FIND_KIND}`,
    );
  for (const field of ["apiVersion", "kind"]) {
    const entry = (value as Record<string, unknown>)[field];
    if (entry !== undefined && entry !== null && typeof entry !== "string")
      throw new UnreadableBody(
        `json: cannot unmarshal ${goTypeOf(entry)} into Go struct field .${field} of type string`,
      );
  }
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** handlers/rest.go `summarizeData` with its 30 characters, 1.34. */
function summarize(body: Buffer): string {
  if (body.length === 0) return "<empty>";
  const isJson = body[0] === 0x7b;
  const start = body.subarray(0, 30).toString(isJson ? "utf8" : "hex");
  return body.length > 30 ? `${start} ...` : start;
}
