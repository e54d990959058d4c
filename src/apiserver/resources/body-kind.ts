import {
  apiVersionOf,
  badRequest,
  findKind,
  type ResourceDefinition,
  type SubresourceDefinition,
} from "../../core/api/index.js";

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The name that kube-apiserver's own scheme has in messages. */
const SCHEME = "pkg/api/legacyscheme/scheme.go:30";

/** Kinds that are sent in bodies but are not stored, so that the resource table has no row for them. */
const BODY_KINDS: ReadonlySet<string> = new Set([
  "v1/Binding",
  "v1/Status",
  "v1/List",
  "policy/v1/Eviction",
  "autoscaling/v1/Scale",
  "authentication.k8s.io/v1/TokenRequest",
]);

/**
 * Checks that a body is what its endpoint takes. A kind or version that it leaves out is the endpoint's own.
 * runtime/serializer/json/json.go `Decode`, handlers/create.go and handlers/rest.go `transformDecodeError`, 1.34.
 * @returns the body as an object that says its kind.
 * @throws StatusError 400.
 */
export function withCheckedKind(
  value: unknown,
  definition: ResourceDefinition,
  subresource: SubresourceDefinition | null,
): Record<string, unknown> {
  const body = (value ?? {}) as Record<string, unknown>;
  const expected: Kind = {
    group: subresource?.group ?? definition.group,
    version: subresource?.version ?? definition.version,
    kind: subresource?.kind ?? definition.kind,
  };
  const actual = kindOf(body, expected);
  if (actual.kind === expected.kind && apiVersionOf(actual) === apiVersionOf(expected))
    return { ...body, apiVersion: apiVersionOf(expected), kind: expected.kind };
  throw badRequest(describeMismatch(actual, expected));
}

function kindOf(body: Record<string, unknown>, expected: Kind): Kind {
  const kind = textOf(body.kind) || expected.kind;
  const apiVersion = textOf(body.apiVersion);
  const parts = apiVersion.split("/");
  if (parts.length > 2) throw badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  const [first = "", second] = parts;
  const [group, version] = second === undefined ? ["", first] : [first, second];
  if (version === "" && (group === "" || group === expected.group)) return { ...expected, kind };
  return { group, version, kind };
}

function describeMismatch(actual: Kind, expected: Kind): string {
  const isKnown =
    findKind(actual.group, actual.version, actual.kind) !== undefined ||
    BODY_KINDS.has(`${apiVersionOf(actual)}/${actual.kind}`);
  const prefix = `${actual.kind} in version "${actual.version}" cannot be handled as a ${expected.kind}`;
  if (!isKnown) {
    const name = `no kind "${actual.kind}" is registered for version "${apiVersionOf(actual)}"`;
    return `${prefix}: ${name} in scheme "${SCHEME}"`;
  }
  if (actual.kind === expected.kind)
    return `the API version in the data (${apiVersionOf(actual)}) does not match the expected API version (${apiVersionOf(expected)})`;
  const from = `${actual.version}.${actual.kind}`;
  const to = `${expected.group.split(".")[0] || "core"}.${expected.kind}`;
  return `${prefix}: converting (${from}) to (${to}): unknown conversion`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
