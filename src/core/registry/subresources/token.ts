import {
  base64OfText,
  conflict,
  decode,
  field,
  formatTime,
  invalid,
  resourceByStorage,
  type BoundObjectReference,
  type KubeObject,
  type Pod,
  type ServiceAccount,
  type TokenRequest,
} from "../../api/index.js";
import type { ApiResponse, CreateRequest } from "../api-request.js";
import { readObject } from "../read-object.js";
import type { RegistryCore } from "../registry-core.js";

const TOKEN_REQUEST = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenRequest",
  schema: "io.k8s.api.authentication.v1.TokenRequest",
};

const ISSUER = "https://kubernetes.default.svc.cluster.local";
/** pkg/apis/authentication/v1/defaults.go, 1.34 */
const DEFAULT_EXPIRATION_SECONDS = 3600;
/** pkg/apis/authentication/validation/validation.go, 1.34 */
const MIN_EXPIRATION_SECONDS = 600;
const MAX_EXPIRATION_SECONDS = 2 ** 32;
/** pkg/serviceaccount/claims.go, 1.34: a pod's own token of this lifetime is made to last a year, with a warning from here on. */
const WARN_ONLY_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 60 * 60;

/** What a token may be bound to, by kind. */
const BINDABLE: Readonly<Record<string, string>> = {
  Pod: "pods",
  Secret: "secrets",
  Node: "nodes",
};

/** POST serviceaccounts/token (pkg/registry/core/serviceaccount/storage/token.go, 1.34). @throws StatusError 404, 409, 422. */
export const requestToken = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  const { namespace, name = "" } = request;
  const account = readObject(
    core.store,
    resourceByStorage("serviceaccounts"),
    namespace,
    name,
  ) as ServiceAccount;
  const { spec } = decode(TOKEN_REQUEST, request.body).object as unknown as TokenRequest;
  const lifetimeSeconds = spec?.expirationSeconds ?? DEFAULT_EXPIRATION_SECONDS;
  checkLifetime(lifetimeSeconds);
  const asked = spec?.audiences ?? [];
  const audiences = asked.length > 0 ? asked : [ISSUER];
  const bound =
    spec?.boundObjectRef === undefined ? null : boundObject(core, namespace, spec.boundObjectRef);
  const issuedAt = Math.floor(core.environment.nowMs() / 1000);
  const isExtended = isMadeToLast(bound, lifetimeSeconds, audiences);
  const sign = core.environment.signToken ?? unsecured;
  const claims = {
    aud: audiences,
    exp: issuedAt + (isExtended ? EXTENDED_SECONDS : lifetimeSeconds),
    iat: issuedAt,
    iss: ISSUER,
    jti: core.environment.uid(),
    "kubernetes.io": {
      namespace,
      ...boundClaims(core, bound),
      serviceaccount: { name, uid: account.metadata.uid },
      ...(isExtended ? { warnafter: issuedAt + lifetimeSeconds } : {}),
    },
    nbf: issuedAt,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  let token: string | null = null;
  const body = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: formatTime(core.environment.nowMs()) },
    spec: {
      audiences,
      expirationSeconds: lifetimeSeconds,
      boundObjectRef: spec?.boundObjectRef ?? null,
    },
    status: {
      // Signed when somebody reads it: kubelets ask for a token for every pod, and most are never looked at.
      get token(): string {
        return (token ??= sign(claims));
      },
      expirationTimestamp: formatTime((issuedAt + lifetimeSeconds) * 1000),
    },
  };
  return { code: 201, body: body as unknown as ApiResponse["body"], warnings: [] };
};

const isMadeToLast = (
  bound: KubeObject | null,
  lifetimeSeconds: number,
  audiences: readonly string[],
): boolean =>
  bound?.kind === "Pod" && lifetimeSeconds === WARN_ONLY_SECONDS && audiences.includes(ISSUER);

/** A JSON Web Token without a signature, where nobody can sign (RFC 7519, section 6). */
const unsecured = (claims: Readonly<Record<string, unknown>>): string => {
  const part = (value: unknown): string =>
    base64OfText(JSON.stringify(value))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
};

const checkLifetime = (seconds: number): void => {
  const problem =
    seconds < MIN_EXPIRATION_SECONDS
      ? "may not specify a duration less than 10 minutes"
      : seconds > MAX_EXPIRATION_SECONDS
        ? "may not specify a duration larger than 2^32 seconds"
        : null;
  if (problem === null) return;
  throw invalid(TOKEN_REQUEST, "", [field.invalid("spec.expirationSeconds", seconds, problem)]);
};

const boundObject = (
  core: RegistryCore,
  namespace: string,
  reference: BoundObjectReference,
): KubeObject => {
  const storage = BINDABLE[reference.kind ?? ""];
  if (storage === undefined || !reference.name)
    throw invalid(TOKEN_REQUEST, "", [field.required("spec.boundObjectRef")]);
  const object = readObject(core.store, resourceByStorage(storage), namespace, reference.name);
  const { uid } = object.metadata;
  if (reference.uid && reference.uid !== uid) {
    throw conflict(
      storage,
      reference.name,
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return object;
};

const boundClaims = (core: RegistryCore, bound: KubeObject | null): Record<string, unknown> => {
  if (bound === null) return {};
  const claim = ({ metadata }: KubeObject): unknown => ({ name: metadata.name, uid: metadata.uid });
  const nodeName = bound.kind === "Pod" ? (bound as Pod).spec.nodeName : undefined;
  const node = nodeName === undefined ? undefined : core.store.get("nodes", "", nodeName);
  return {
    ...(node === undefined ? {} : { node: claim(node) }),
    [bound.kind.toLowerCase()]: claim(bound),
  };
};
