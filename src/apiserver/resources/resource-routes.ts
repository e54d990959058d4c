import type { ResourceDefinition, SubresourceDefinition, Verb } from "../../core/api/index.js";
import { parseRequestPath, type RequestPath } from "./request-path.js";

/** Where a request goes: one resource or subresource, and what its method asks for. */
export interface Route {
  readonly definition: ResourceDefinition;
  readonly subresource: SubresourceDefinition | null;
  readonly verb: Verb;
  /** '' for all, or for a cluster-scoped kind. */
  readonly namespace: string;
  /** '' for a collection. */
  readonly name: string;
  /** The path beyond the subresource. */
  readonly rest: readonly string[];
}

export type Routing =
  | { readonly found: "route"; readonly route: Route }
  /** The group and version are served, this resource is not. */
  | { readonly found: "group-only" }
  | { readonly found: "nothing" }
  | { readonly found: "other-methods"; readonly methods: readonly string[] };

interface ResourceNode {
  readonly definition: ResourceDefinition;
  readonly subresources: ReadonlyMap<string, SubresourceDefinition>;
}

const VERB_METHODS: Readonly<Record<Verb, string>> = {
  create: "POST",
  delete: "DELETE",
  deletecollection: "DELETE",
  get: "GET",
  list: "GET",
  patch: "PATCH",
  update: "PUT",
  watch: "GET",
};

const COLLECTION_VERBS: readonly Verb[] = ["list", "watch", "create", "deletecollection"];
const ITEM_VERBS: readonly Verb[] = ["get", "update", "patch", "delete"];

/** Finds the route of a request in two map look-ups; built once from the resource table. */
export class ResourceRoutes {
  readonly #versions = new Map<string, Map<string, ResourceNode>>();

  constructor(table: readonly ResourceDefinition[]) {
    for (const definition of table) {
      const key = `${definition.group}/${definition.version}`;
      const resources = this.#versions.get(key) ?? new Map<string, ResourceNode>();
      const subresources = new Map(definition.subresources.map((entry) => [entry.name, entry]));
      resources.set(definition.plural, { definition, subresources });
      this.#versions.set(key, resources);
    }
  }

  /** @param path without the query. @param isWatch whether the query asks for a watch. */
  resolve(method: string, path: string, isWatch: boolean): Routing {
    const parts = parseRequestPath(path);
    if (parts === null) return { found: "nothing" };
    const resources = this.#versions.get(`${parts.group}/${parts.version}`);
    if (resources === undefined) return { found: "nothing" };
    const node = resources.get(parts.resource);
    if (node === undefined) return { found: "group-only" };
    const { definition } = node;
    if (parts.namespace !== null && !definition.namespaced) return { found: "group-only" };
    if (parts.name !== null && parts.namespace === null && definition.namespaced)
      return { found: "group-only" };
    const subresource =
      parts.subresource === null ? null : (node.subresources.get(parts.subresource) ?? undefined);
    if (subresource === undefined) return { found: "group-only" };
    const verb = verbOf(method, verbsOf(definition, subresource, parts), isWatch);
    if (typeof verb !== "string") return { found: "other-methods", methods: verb };
    const name = parts.name ?? "";
    return {
      found: "route",
      route: {
        definition,
        subresource,
        verb,
        namespace: parts.namespace ?? "",
        name,
        rest: parts.rest,
      },
    };
  }
}

function verbsOf(
  definition: ResourceDefinition,
  subresource: SubresourceDefinition | null,
  { name, namespace, isWatchPath }: RequestPath,
): readonly Verb[] {
  if (isWatchPath)
    return definition.verbs.filter((verb) => verb === "watch" && subresource === null);
  if (subresource !== null) return subresource.verbs;
  if (name !== null) return definition.verbs.filter((verb) => ITEM_VERBS.includes(verb));
  const verbs = definition.verbs.filter((verb) => COLLECTION_VERBS.includes(verb));
  // A namespaced kind is only listed and watched across all namespaces. endpoints/installer.go, 1.34.
  const isAcrossNamespaces = definition.namespaced && namespace === null;
  return isAcrossNamespaces ? verbs.filter((verb) => verb === "list" || verb === "watch") : verbs;
}

/** The verb, or the methods that would have one. */
function verbOf(method: string, verbs: readonly Verb[], watches: boolean): Verb | string[] {
  const candidates = verbs.filter((verb) => VERB_METHODS[verb] === method);
  const [verb] = candidates;
  if (verb === undefined) return [...new Set(verbs.map((entry) => VERB_METHODS[entry]))];
  if (watches && candidates.includes("watch")) return "watch";
  return candidates.find((candidate) => candidate !== "watch") ?? verb;
}
