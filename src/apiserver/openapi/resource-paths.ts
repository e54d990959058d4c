import type { ResourceDefinition, SubresourceDefinition, Verb } from "../../core/api/index.js";
import type {
  ApiContent,
  ApiOperation,
  ApiParameter,
  ApiPath,
  KubernetesAction,
} from "./operation.js";
import {
  DELETE,
  DELETE_COLLECTION,
  LIST,
  nameOf,
  NAMESPACE,
  PATCH,
  PRETTY,
  SUBRESOURCE_PARAMETERS,
  WRITE,
} from "./parameters.js";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const JSON_TYPES = ["application/json", "application/yaml"];
const WATCH_TYPES = [...JSON_TYPES, "application/json;stream=watch"];
const ANY_TYPE = ["*/*"];
const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** Kinds whose deletion is answered with the object. `ReturnDeletedObject` of their stores, pkg/registry, 1.34. */
const RETURNS_DELETED: ReadonlySet<string> = new Set([
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Pod",
  "PodTemplate",
  "ResourceQuota",
  "Service",
  "ServiceAccount",
  "StorageClass",
]);

/** Subresources that a client connects to rather than reads. */
const CONNECTS: ReadonlySet<string> = new Set(["attach", "exec", "portforward", "proxy"]);

/** Schemas of the bodies that subresources take, where they are not their kind's own. */
const BODY_SCHEMAS: Readonly<Record<string, string>> = {
  Binding: "io.k8s.api.core.v1.Binding",
  Eviction: "io.k8s.api.policy.v1.Eviction",
  Scale: "io.k8s.api.autoscaling.v1.Scale",
  TokenRequest: "io.k8s.api.authentication.v1.TokenRequest",
};

/** All paths of one kind, as endpoints/installer.go installs them, 1.34. */
export function resourcePaths(resource: ResourceDefinition): ApiPath[] {
  return new PathBuilder(resource).paths();
}

/** `/api/v1`, `/apis/apps/v1`. */
export function versionPath(group: string, version: string): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** `Core`, `Apps`, `RbacAuthorization`: the group as operation ids have it. */
export function groupTitle(group: string): string {
  if (group === "") return "Core";
  return group
    .replace(/\.k8s\.io$/, "")
    .split(".")
    .map(capitalize)
    .join("");
}

/** `core_v1`, `rbacAuthorization_v1`. */
export function groupTag(group: string, version?: string): string {
  const title = groupTitle(group);
  const name = title.charAt(0).toLowerCase() + title.slice(1);
  return version === undefined ? name : `${name}_${version}`;
}

class PathBuilder {
  readonly #resource: ResourceDefinition;
  readonly #root: string;
  /** `CoreV1`. */
  readonly #prefix: string;
  /** `NamespacedPod` or `Node`. */
  readonly #scopedKind: string;

  constructor(resource: ResourceDefinition) {
    this.#resource = resource;
    this.#root = versionPath(resource.group, resource.version);
    this.#prefix = groupTitle(resource.group) + capitalize(resource.version);
    this.#scopedKind = resource.namespaced ? `Namespaced${resource.kind}` : resource.kind;
  }

  paths(): ApiPath[] {
    const { namespaced, plural, subresources } = this.#resource;
    const collection = namespaced
      ? `${this.#root}/namespaces/{namespace}/${plural}`
      : `${this.#root}/${plural}`;
    const item = `${collection}/{name}`;
    const scope = namespaced ? [NAMESPACE] : [];
    const named = [nameOf(this.#resource.kind), ...scope];
    return [
      this.#path(collection, [...scope, PRETTY], this.#collectionOperations()),
      this.#path(item, [...named, PRETTY], this.#itemOperations()),
      ...subresources.map((entry) => this.#subresourcePath(item, named, entry)),
      ...(namespaced ? [this.#allNamespacesPath(`${this.#root}/${plural}`)] : []),
      ...this.#watchPaths(scope, named),
    ].filter(({ operations }) => operations.length > 0);
  }

  #path(
    path: string,
    parameters: readonly ApiParameter[],
    operations: readonly (ApiOperation | null)[],
  ): ApiPath {
    return { path, parameters, operations: operations.filter((operation) => operation !== null) };
  }

  #collectionOperations(): (ApiOperation | null)[] {
    const { kind, schema } = this.#resource;
    const object: ApiContent = { schema };
    return [
      this.#operation("list", {
        method: "get",
        operationId: this.#id("list"),
        description: `list or watch objects of kind ${kind}`,
        parameters: LIST,
        produces: WATCH_TYPES,
        responses: { 200: { schema: this.#listSchema() } },
        action: "list",
      }),
      this.#operation("create", {
        method: "post",
        operationId: this.#id("create"),
        description: `create ${article(kind)}`,
        parameters: WRITE,
        body: { consumes: ANY_TYPE, schema, required: true },
        responses: { 200: object, 201: object, 202: object },
        action: "post",
      }),
      this.#operation("deletecollection", {
        method: "delete",
        operationId: `delete${this.#prefix}Collection${this.#scopedKind}`,
        description: `delete collection of ${kind}`,
        parameters: DELETE_COLLECTION,
        body: { consumes: ANY_TYPE, schema: `${META}.DeleteOptions`, required: false },
        responses: { 200: { schema: `${META}.Status` } },
        action: "deletecollection",
      }),
    ];
  }

  #itemOperations(): (ApiOperation | null)[] {
    const { kind } = this.#resource;
    const deleted: ApiContent = {
      schema: RETURNS_DELETED.has(kind) ? this.#resource.schema : `${META}.Status`,
    };
    return [
      ...this.#readAndWrite("", "the specified"),
      this.#operation("delete", {
        method: "delete",
        operationId: this.#id("delete"),
        description: `delete ${article(kind)}`,
        parameters: DELETE,
        body: { consumes: ANY_TYPE, schema: `${META}.DeleteOptions`, required: false },
        responses: { 200: deleted, 202: deleted },
        action: "delete",
      }),
    ];
  }

  /** get, put and patch, of the object itself or of a subresource that has its form. */
  #readAndWrite(
    suffix: string,
    what: string,
    verbs = this.#resource.verbs,
    schema = this.#resource.schema,
  ): (ApiOperation | null)[] {
    const { kind } = this.#resource;
    const object: ApiContent = { schema };
    return [
      this.#operation(
        "get",
        {
          method: "get",
          operationId: this.#id("read", suffix),
          description: `read ${what} ${kind}`,
          responses: { 200: object },
          action: "get",
        },
        verbs,
      ),
      this.#operation(
        "update",
        {
          method: "put",
          operationId: this.#id("replace", suffix),
          description: `replace ${what} ${kind}`,
          parameters: WRITE,
          body: { consumes: ANY_TYPE, schema, required: true },
          responses: { 200: object, 201: object },
          action: "put",
        },
        verbs,
      ),
      this.#operation(
        "patch",
        {
          method: "patch",
          operationId: this.#id("patch", suffix),
          description: `partially update ${what} ${kind}`,
          parameters: PATCH,
          body: { consumes: PATCH_TYPES, schema: `${META}.Patch`, required: true },
          responses: { 200: object, 201: object },
          action: "patch",
        },
        verbs,
      ),
    ];
  }

  #subresourcePath(
    item: string,
    named: readonly ApiParameter[],
    entry: SubresourceDefinition,
  ): ApiPath {
    const suffix = capitalize(entry.name);
    const own = SUBRESOURCE_PARAMETERS[entry.name];
    const parameters = [...named, ...(own ?? [PRETTY])];
    const group = entry.group ?? this.#resource.group;
    const version = entry.version ?? this.#resource.version;
    const kind = { group, version, kind: entry.kind };
    const operations = this.#subresourceOperations(suffix, entry).map((operation) =>
      operation === null ? null : { ...operation, kind },
    );
    return this.#path(`${item}/${entry.name}`, parameters, operations);
  }

  #subresourceOperations(suffix: string, entry: SubresourceDefinition): (ApiOperation | null)[] {
    if (CONNECTS.has(entry.name)) return this.#connectOperations(suffix, entry);
    if (entry.name === "log")
      return [
        this.#operation(
          "get",
          {
            method: "get",
            operationId: this.#id("read", suffix),
            description: `read log of the specified ${this.#resource.kind}`,
            produces: ["text/plain", ...JSON_TYPES],
            responses: { 200: { text: true } },
            action: "get",
          },
          entry.verbs,
        ),
      ];
    const schema = BODY_SCHEMAS[entry.kind] ?? this.#resource.schema;
    const object: ApiContent = { schema };
    return [
      ...this.#readAndWrite(suffix, `${entry.name} of the specified`, entry.verbs, schema),
      this.#operation(
        "create",
        {
          method: "post",
          operationId: this.#id("create", suffix),
          description: `create ${entry.name} of ${article(this.#resource.kind)}`,
          parameters: WRITE,
          body: { consumes: ANY_TYPE, schema, required: true },
          responses: { 200: object, 201: object, 202: object },
          action: "post",
        },
        entry.verbs,
      ),
    ];
  }

  #connectOperations(suffix: string, entry: SubresourceDefinition): (ApiOperation | null)[] {
    const connect = (verb: Verb, method: "get" | "post") =>
      this.#operation(
        verb,
        {
          method,
          operationId: `connect${this.#prefix}${capitalize(method)}${this.#scopedKind}${suffix}`,
          description: `connect ${method.toUpperCase()} requests to ${entry.name} of ${this.#resource.kind}`,
          produces: ANY_TYPE,
          responses: { 200: { text: true } },
          action: "connect",
        },
        entry.verbs,
      );
    return [connect("get", "get"), connect("create", "post")];
  }

  #allNamespacesPath(path: string): ApiPath {
    const { kind } = this.#resource;
    return this.#path(
      path,
      [...LIST, PRETTY],
      [
        this.#operation("list", {
          method: "get",
          operationId: `list${this.#prefix}${kind}ForAllNamespaces`,
          description: `list or watch objects of kind ${kind}`,
          produces: WATCH_TYPES,
          responses: { 200: { schema: this.#listSchema() } },
          action: "list",
        }),
      ],
    );
  }

  #watchPaths(scope: readonly ApiParameter[], named: readonly ApiParameter[]): ApiPath[] {
    const { namespaced, plural, kind } = this.#resource;
    const inScope = namespaced ? `namespaces/{namespace}/${plural}` : plural;
    const watch = (
      path: string,
      parameters: readonly ApiParameter[],
      id: string,
      action: KubernetesAction,
    ) =>
      this.#path(
        `${this.#root}/watch/${path}`,
        [...parameters, ...LIST, PRETTY],
        [
          this.#operation("watch", {
            method: "get",
            operationId: `watch${this.#prefix}${id}`,
            description: `watch objects of kind ${kind}; deprecated: use the watch parameter of a list`,
            produces: WATCH_TYPES,
            responses: { 200: { schema: `${META}.WatchEvent` } },
            action,
          }),
        ],
      );
    return [
      watch(inScope, scope, `${this.#scopedKind}List`, "watchlist"),
      watch(`${inScope}/{name}`, named, this.#scopedKind, "watch"),
      ...(namespaced ? [watch(plural, [], `${kind}ListForAllNamespaces`, "watchlist")] : []),
    ];
  }

  /** null where the kind has not this verb. */
  #operation(
    verb: Verb,
    operation: Omit<ApiOperation, "tag" | "kind" | "parameters" | "produces"> &
      Partial<Pick<ApiOperation, "parameters" | "produces">>,
    verbs = this.#resource.verbs,
  ): ApiOperation | null {
    if (!verbs.includes(verb)) return null;
    const { group, version, kind } = this.#resource;
    const tag = groupTag(group, version);
    return {
      parameters: [],
      produces: JSON_TYPES,
      ...operation,
      tag,
      kind: { group, version, kind },
    };
  }

  #id(verb: string, suffix = ""): string {
    return `${verb}${this.#prefix}${this.#scopedKind}${suffix}`;
  }

  #listSchema(): string {
    return this.#resource.schema.replace(/[^.]*$/, this.#resource.listKind);
  }
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}
