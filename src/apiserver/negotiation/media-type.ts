import { parseAccept } from "./accept.js";

/** How an answer is written. Protobuf is not served: its clients name JSON as a second choice. */
export type Encoding = "json" | "yaml";

/** The kind that a client wants an answer turned into: `as`, `g` and `v` of its Accept header. */
export interface Conversion {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
}

/** What was agreed on for an answer. */
export interface MediaType {
  readonly encoding: Encoding;
  readonly pretty: boolean;
  readonly conversion: Conversion | null;
}

/** Says which conversions an endpoint makes. */
export type ConversionRule = (conversion: Conversion) => boolean;

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  yaml: "application/yaml",
};

/** In the order of the server's preference. */
const ENCODINGS: readonly Encoding[] = ["json", "yaml"];

export const SUPPORTED_MEDIA_TYPES = ENCODINGS.map((encoding) => CONTENT_TYPES[encoding]);

/**
 * The first of the client's wishes that this endpoint can fulfil; null if there is none.
 * endpoints/handlers/negotiation/negotiate.go `NegotiateMediaTypeOptions`, 1.34.
 */
export function negotiateMediaType(
  accept: string | undefined,
  allows: ConversionRule,
): MediaType | null {
  if (accept === undefined || accept === "")
    return { encoding: "json", pretty: false, conversion: null };
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    const encoding = ENCODINGS.find(
      (candidate) =>
        (type === "*" && subtype === "*") ||
        (type === "application" && (subtype === "*" || subtype === candidate)),
    );
    if (encoding === undefined) continue;
    if (!isStreamKnown(parameters.stream) || !isServerVersionKnown(parameters.sv)) continue;
    const conversion = conversionOf(parameters);
    if (conversion !== null && !allows(conversion)) continue;
    return { encoding, pretty: parameters.pretty === "1", conversion };
  }
  return null;
}

/** Human clients get indented JSON. negotiate.go `isPrettyPrint`, 1.34. */
export function isPrettyWanted(query: URLSearchParams | null, userAgent: string): boolean {
  const pretty = query?.get("pretty") ?? "";
  if (pretty !== "") return ["1", "t", "T", "true", "TRUE", "True"].includes(pretty);
  return ["curl", "Wget", "Mozilla/5.0"].some((agent) => userAgent.startsWith(agent));
}

function conversionOf(parameters: Readonly<Record<string, string>>): Conversion | null {
  const { as: kind, g: group, v: version } = parameters;
  if (kind === undefined && group === undefined && version === undefined) return null;
  return { kind: kind ?? "", group: group ?? "", version: version ?? "" };
}

function isStreamKnown(stream: string | undefined): boolean {
  return stream === undefined || stream === "" || stream === "watch";
}

function isServerVersionKnown(version: string | undefined): boolean {
  return version === undefined || version === "" || version === "v1";
}
