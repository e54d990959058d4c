import {
  apiVersionOf,
  RESOURCES,
  type ResourceDefinition,
  type SubresourceDefinition,
} from "../../../src/core/api/index.js";
import type { ApiRequest, PatchType } from "../../../src/simulation/index.js";
import { oddValue, randomObject, randomValue, type Chance } from "./random-object.js";

/** Requests of every verb for every kind, with bodies and options that are right, wrong and strange. */
export function randomRequest(chance: Chance): ApiRequest {
  const resource = chance.pick(RESOURCES);
  const namespace = resource.namespaced
    ? chance.pick(["default", "default", "kube-system", "nosuch"])
    : "";
  const name = chance.pick(NAMES);
  const target = { resource, namespace };
  const make = chance.pick([create, create, create, update, patch, patch, remove, list, get]);
  return make(chance, { ...target, name });
}

type Target = {
  readonly resource: ResourceDefinition;
  readonly namespace: string;
  readonly name: string;
};

const NAMES = ["a", "b", "c", "node-1", "default"];
/** They are no requests of the registry. */
const CONNECTS = ["attach", "exec", "log", "portforward"];
const BODY_SCHEMAS: Readonly<Record<string, string>> = {
  Binding: "io.k8s.api.core.v1.Binding",
  Eviction: "io.k8s.api.policy.v1.Eviction",
  TokenRequest: "io.k8s.api.authentication.v1.TokenRequest",
};

function create(chance: Chance, { name, ...target }: Target): ApiRequest {
  const entry = subresourceWith(chance, target.resource, "create");
  const options = writeOptions(chance);
  if (entry === null)
    return { verb: "create", ...target, body: bodyOf(chance, target.resource, name), options };
  const schema = BODY_SCHEMAS[entry.kind] ?? target.resource.schema;
  const body = { ...randomObject(chance, schema), kind: entry.kind };
  return { verb: "create", ...target, name, subresource: entry.name, body, options };
}

function update(chance: Chance, target: Target): ApiRequest {
  const body = bodyOf(chance, target.resource, target.name);
  return {
    verb: "update",
    ...withSubresource(chance, target, "update"),
    body,
    options: writeOptions(chance),
  };
}

function patch(chance: Chance, target: Target): ApiRequest {
  const patchType = chance.pick<PatchType>(["json", "merge", "strategic", "apply"]);
  const body =
    patchType === "json"
      ? jsonPatch(chance, target.resource)
      : chance.is(0.15)
        ? DIRECTIVES
        : bodyOf(chance, target.resource, target.name);
  const apply = patchType === "apply" ? { force: chance.is(0.5), fieldManager: "m" } : {};
  return {
    verb: "patch",
    ...withSubresource(chance, target, "patch"),
    patchType,
    body,
    options: { ...writeOptions(chance), ...apply },
  };
}

function remove(chance: Chance, target: Target): ApiRequest {
  const options = {
    ...(chance.is(0.3) ? { gracePeriodSeconds: chance.pick([0, 1, -1, 30]) } : {}),
    ...(chance.is(0.3)
      ? { propagationPolicy: chance.pick(["Foreground", "Background", "Orphan"] as const) }
      : {}),
    ...(chance.is(0.2)
      ? { preconditions: chance.pick([{ uid: "x" }, { resourceVersion: "1" }]) }
      : {}),
    dryRun: chance.is(0.2),
  };
  return { verb: "delete", ...target, options };
}

function list(chance: Chance, { resource, namespace }: Target): ApiRequest {
  const options = {
    labelSelector: chance.pick(["", "a", "a=b,c!=d", "x in (a,b)", "((", "a gt 1", "a>1"]),
    fieldSelector: chance.pick(["", "metadata.name=a", "x=y", "a", "metadata.name!=a"]),
    limit: chance.pick([0, 1, 2, -1]),
    continue: chance.pick(["", "abc", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0"]),
    resourceVersion: chance.pick(["", "0", "1", "x", "99999999"]),
    ...(chance.is(0.3)
      ? { resourceVersionMatch: chance.pick(["Exact", "NotOlderThan", "z"]) }
      : {}),
  };
  if (chance.is(0.1))
    return { verb: "deletecollection", resource, namespace, list: options, options: {} };
  return { verb: "list", resource, namespace: chance.pick([namespace, ""]), options };
}

function get(chance: Chance, target: Target): ApiRequest {
  return {
    verb: "get",
    ...withSubresource(chance, target, "get"),
    resourceVersion: chance.pick(["", "1", "x", "9999999"]),
  };
}

function bodyOf(chance: Chance, resource: ResourceDefinition, name: string): unknown {
  if (chance.is(0.03)) return {};
  const body = randomObject(chance, resource.schema);
  const metadata = randomObject(chance, "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  for (const field of ["namespace", "uid", "resourceVersion", "deletionTimestamp"])
    if (chance.is(0.8)) metadata[field] = undefined;
  return {
    ...body,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    ...(chance.is(0.9) ? { metadata: { ...metadata, name } } : {}),
  };
}

const PATHS = [
  "/metadata/labels/a",
  "/metadata/name",
  "/spec",
  "/spec/containers",
  "/spec/containers/0/image",
  "/spec/containers/-",
  "/status",
  "/",
  "",
  "x",
];

function jsonPatch(chance: Chance, { schema }: ResourceDefinition): unknown {
  if (chance.is(0.1)) return oddValue(chance);
  return chance.list(3, () =>
    chance.is(0.1)
      ? oddValue(chance)
      : {
          op: chance.pick(["add", "remove", "replace", "test", "move", "copy", "x"]),
          path: chance.pick(PATHS),
          from: chance.pick(PATHS),
          value: chance.is(0.5) ? oddValue(chance) : randomValue(chance, { ref: schema }, 3),
        },
  );
}

/** What strategic merge patches may say beside values. */
const DIRECTIVES = {
  $patch: "replace",
  spec: {
    containers: [{ $patch: "delete", name: "c" }, { $retainKeys: ["a"] }],
    "$setElementOrder/containers": [{ name: "a" }],
  },
  metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] },
};

function writeOptions(chance: Chance) {
  return {
    dryRun: chance.is(0.2),
    fieldManager: chance.pick(["m", "n", ""]),
    fieldValidation: chance.pick(["Warn", "Strict", "Ignore"] as const),
  };
}

function withSubresource(
  chance: Chance,
  target: Target,
  verb: SubresourceDefinition["verbs"][number],
): Target & { readonly subresource?: string } {
  const entry = subresourceWith(chance, target.resource, verb);
  return entry === null ? target : { ...target, subresource: entry.name };
}

function subresourceWith(
  chance: Chance,
  { subresources }: ResourceDefinition,
  verb: SubresourceDefinition["verbs"][number],
): SubresourceDefinition | null {
  const fitting = subresources.filter(
    ({ name, verbs }) => verbs.includes(verb) && !CONNECTS.includes(name),
  );
  return fitting.length > 0 && chance.is(0.2) ? chance.pick(fitting) : null;
}
