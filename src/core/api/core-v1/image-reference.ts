/**
 * Image references: `[registry/]path[:tag][@digest]`. Grammar and defaults of github.com/distribution/reference v0.6 (regexp.go,
 * normalize.go), which kubelet, containerd and docker share.
 */
export interface ImageReference {
  /** `docker.io` when none is written. */
  readonly domain: string;
  /** `library/busybox` for `busybox`. */
  readonly path: string;
  /** `latest` when neither tag nor digest is written; empty with a digest alone. */
  readonly tag: string;
  /** `sha256:…`, or empty. */
  readonly digest: string;
}

interface ReferenceParts {
  readonly domain: string;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

export type ImageReferenceResult =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly message: string };

const DEFAULT_DOMAIN = "docker.io";
const MAX_NAME_LENGTH = 255;
const DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = new RegExp(
  `^(?:${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?$`,
);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const FORMAT_ERROR = "invalid reference format";

/** Parses a reference and fills in what is left out; a refusal carries the library's own text. */
export function parseImageReference(text: string): ImageReferenceResult {
  if (/^[a-f0-9]{64}$/.test(text)) {
    return refuse(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDomain(text);
  const { path, tag, digest } = splitRemainder(remainder);
  if (path.toLowerCase() !== path) {
    return refuse(`${FORMAT_ERROR}: repository name (${path}) must be lowercase`);
  }
  const wellFormed =
    DOMAIN.test(domain) &&
    path.split("/").every((component) => PATH_COMPONENT.test(component)) &&
    TAG.test(tag ?? "latest");
  if (!wellFormed || (digest !== null && !DIGEST.test(digest))) return refuse(FORMAT_ERROR);
  if (domain.length + 1 + path.length > MAX_NAME_LENGTH) {
    return refuse(`repository name must not be more than ${String(MAX_NAME_LENGTH)} characters`);
  }
  const problem = digest === null ? null : digestProblem(digest);
  if (problem !== null) return refuse(problem);
  return { ok: true, reference: withDefaultTag({ domain, path, tag, digest }) };
}

/** `latest`, unless a digest already names the image. */
function withDefaultTag({ domain, path, tag, digest }: ReferenceParts): ImageReference {
  return digest === null
    ? { domain, path, tag: tag ?? "latest", digest: "" }
    : { domain, path, tag: tag ?? "", digest };
}

/** The full form: `docker.io/library/busybox:latest`. */
export function formatImageReference({ domain, path, tag, digest }: ImageReference): string {
  const name = `${domain}/${path}`;
  return `${name}${tag === "" ? "" : `:${tag}`}${digest === "" ? "" : `@${digest}`}`;
}

/** DEF-2: `Always` for the tag latest, written or not. pkg/apis/core/v1/defaults.go SetDefaults_Container, 1.34 */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  const result = parseImageReference(image);
  return result.ok && result.reference.tag === "latest" ? "Always" : "IfNotPresent";
}

function splitDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain =
    slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  let domain = isDomain ? first : DEFAULT_DOMAIN;
  const remainder = isDomain ? text.slice(slash + 1) : text;
  if (domain === "index.docker.io") domain = DEFAULT_DOMAIN;
  const official = domain === DEFAULT_DOMAIN && !remainder.includes("/");
  return { domain, remainder: official ? `library/${remainder}` : remainder };
}

function splitRemainder(remainder: string): Omit<ReferenceParts, "domain"> {
  const at = remainder.indexOf("@");
  const named = at < 0 ? remainder : remainder.slice(0, at);
  const digest = at < 0 ? null : remainder.slice(at + 1);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  if (colon < 0) return { path: named, tag: null, digest };
  return { path: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}

function digestProblem(digest: string): string | null {
  const colon = digest.indexOf(":");
  const length = DIGEST_LENGTHS[digest.slice(0, colon)];
  if (length === undefined) return "unsupported digest algorithm";
  const hexadecimal = digest.slice(colon + 1);
  if (hexadecimal.length !== length) return "invalid checksum digest length";
  return /^[a-f0-9]+$/.test(hexadecimal) ? null : "invalid checksum digest format";
}

function refuse(message: string): ImageReferenceResult {
  return { ok: false, message };
}
