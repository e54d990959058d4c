import { apiVersionOf, SCHEMA } from "../../core/api/index.js";
import { decodeMessage } from "./decode-message.js";
import { ProtobufError, readFields } from "./wire-reader.js";

/** Every body begins so: `k8s` and a zero byte. apimachinery/pkg/runtime/serializer/protobuf/protobuf.go, 1.34. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

const DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

let types: ReadonlyMap<string, string> | null = null;

/**
 * A body of `application/vnd.kubernetes.protobuf` as the JSON object that the same client would have sent. A kind that is not known
 * keeps just its name, so that its refusal can say it. @throws ProtobufError
 */
export function decodeObject(body: Buffer): Record<string, unknown> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw new ProtobufError(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  const { apiVersion, kind, raw } = readEnvelope(body.subarray(MAGIC.length));
  const type = kind === "DeleteOptions" ? DELETE_OPTIONS : typeOf(apiVersion, kind);
  return { apiVersion, kind, ...(type === undefined ? {} : decodeMessage(type, raw)) };
}

interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

/** runtime.Unknown: 1 the type (1 apiVersion, 2 kind), 2 the message. apimachinery/pkg/runtime/types.go, 1.34. */
function readEnvelope(message: Buffer): Envelope {
  let apiVersion = "";
  let kind = "";
  let raw: Buffer = Buffer.alloc(0);
  for (const field of readFields(message)) {
    if (field.kind !== "bytes") continue;
    if (field.number === 2) raw = field.value;
    if (field.number !== 1) continue;
    for (const part of readFields(field.value)) {
      if (part.kind !== "bytes") continue;
      if (part.number === 1) apiVersion = part.value.toString("utf8");
      else if (part.number === 2) kind = part.value.toString("utf8");
    }
  }
  return { apiVersion, kind, raw };
}

function typeOf(apiVersion: string, kind: string): string | undefined {
  types ??= new Map(
    Object.entries(SCHEMA).flatMap(([name, { gvk }]): [string, string][] =>
      gvk === undefined ? [] : [[`${apiVersionOf(gvk)}/${gvk.kind}`, name]],
    ),
  );
  return types.get(`${apiVersion}/${kind}`);
}
