import {
  SCHEMA,
  type FieldSchema,
  type ObjectSchema,
  type SchemaType,
} from "../../core/api/index.js";

/** A JSON schema as OpenAPI has it; what of it version 2 and version 3 write differently is only where references point. */
export type JsonSchema = { readonly [key: string]: unknown };

/** `#/definitions/` in version 2, `#/components/schemas/` in version 3. */
export type ReferencePrefix = "#/definitions/" | "#/components/schemas/";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Types that are written as another JSON type than their name says, and those of discovery, which nobody stores. */
const SPECIAL: Readonly<Record<string, JsonSchema>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: "string", format: "int-or-string" },
  "io.k8s.apimachinery.pkg.runtime.RawExtension": { type: "object" },
  [`${META}.Time`]: { type: "string", format: "date-time" },
  [`${META}.MicroTime`]: { type: "string", format: "date-time" },
  [`${META}.Patch`]: { type: "object" },
  [`${META}.FieldsV1`]: { type: "object" },
};

const text: FieldSchema = { type: "string" };
const texts: FieldSchema = { type: { list: "string" }, listType: "atomic" };
const meta = (name: string): { ref: string } => ({ ref: `${META}.${name}` });
const addresses: FieldSchema = {
  type: { list: meta("ServerAddressByClientCIDR") },
  listType: "atomic",
};

/** What discovery and watches answer with. apimachinery/pkg/apis/meta/v1/types.go, pkg/version/types.go, 1.34. */
const UNSTORED: Readonly<Record<string, ObjectSchema>> = {
  [`${META}.WatchEvent`]: {
    fields: { object: { type: "raw" }, type: text },
    required: ["type", "object"],
    gvk: { group: "", version: "v1", kind: "WatchEvent" },
  },
  [`${META}.APIVersions`]: {
    fields: {
      apiVersion: text,
      kind: text,
      serverAddressByClientCIDRs: addresses,
      versions: texts,
    },
    required: ["versions", "serverAddressByClientCIDRs"],
    gvk: { group: "", version: "v1", kind: "APIVersions" },
  },
  [`${META}.APIGroupList`]: {
    fields: {
      apiVersion: text,
      groups: { type: { list: meta("APIGroup") }, listType: "atomic" },
      kind: text,
    },
    required: ["groups"],
    gvk: { group: "", version: "v1", kind: "APIGroupList" },
  },
  [`${META}.APIGroup`]: {
    fields: {
      apiVersion: text,
      kind: text,
      name: text,
      preferredVersion: { type: meta("GroupVersionForDiscovery") },
      serverAddressByClientCIDRs: addresses,
      versions: { type: { list: meta("GroupVersionForDiscovery") }, listType: "atomic" },
    },
    required: ["name", "versions"],
    gvk: { group: "", version: "v1", kind: "APIGroup" },
  },
  [`${META}.APIResourceList`]: {
    fields: {
      apiVersion: text,
      groupVersion: text,
      kind: text,
      resources: { type: { list: meta("APIResource") }, listType: "atomic" },
    },
    required: ["groupVersion", "resources"],
    gvk: { group: "", version: "v1", kind: "APIResourceList" },
  },
  [`${META}.APIResource`]: {
    fields: {
      categories: texts,
      group: text,
      kind: text,
      name: text,
      namespaced: { type: "boolean" },
      shortNames: texts,
      singularName: text,
      storageVersionHash: text,
      verbs: { type: { list: "string" } },
      version: text,
    },
    required: ["name", "singularName", "namespaced", "kind", "verbs"],
  },
  [`${META}.GroupVersionForDiscovery`]: {
    fields: { groupVersion: text, version: text },
    required: ["groupVersion", "version"],
  },
  [`${META}.ServerAddressByClientCIDR`]: {
    fields: { clientCIDR: text, serverAddress: text },
    required: ["clientCIDR", "serverAddress"],
  },
  "io.k8s.apimachinery.pkg.version.Info": {
    fields: Object.fromEntries(
      [
        "buildDate",
        "compiler",
        "emulationMajor",
        "emulationMinor",
        "gitCommit",
        "gitTreeState",
        "gitVersion",
        "goVersion",
        "major",
        "minCompatibilityMajor",
        "minCompatibilityMinor",
        "minor",
        "platform",
      ].map((name) => [name, text]),
    ),
    required: [
      "major",
      "minor",
      "gitVersion",
      "gitCommit",
      "gitTreeState",
      "buildDate",
      "goVersion",
      "compiler",
      "platform",
    ],
  },
};

/** The schemas that these names need, with all that they refer to, by name. */
export function definitionsFor(
  roots: Iterable<string>,
  prefix: ReferencePrefix,
): Readonly<Record<string, JsonSchema>> {
  const found = new Map<string, JsonSchema>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const schema = schemaOf(name, prefix);
    found.set(name, schema);
    waiting.push(...referencesIn(schema, prefix));
  }
  return Object.fromEntries([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Every name that a schema or an operation refers to. */
export function referencesIn(value: unknown, prefix: ReferencePrefix): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => referencesIn(entry, prefix));
  return Object.entries(value).flatMap(([key, entry]) =>
    key === "$ref" && typeof entry === "string" && entry.startsWith(prefix)
      ? [entry.slice(prefix.length)]
      : referencesIn(entry, prefix),
  );
}

function schemaOf(name: string, prefix: ReferencePrefix): JsonSchema {
  const special = SPECIAL[name];
  if (special !== undefined) return special;
  const schema = SCHEMA[name] ?? UNSTORED[name];
  if (schema === undefined) throw new Error(`no schema is called ${name}`);
  const { fields, required = [], mapType, unions, gvk } = schema;
  const properties = Object.entries(fields).map(([key, field]) => [
    key,
    key === "fieldsV1" ? { $ref: `${prefix}${META}.FieldsV1` } : fieldOf(field, prefix),
  ]);
  return {
    type: "object",
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(required.length === 0 ? {} : { required }),
    ...(gvk === undefined ? {} : { "x-kubernetes-group-version-kind": [gvk] }),
    ...(mapType === undefined ? {} : { "x-kubernetes-map-type": mapType }),
    ...(unions === undefined ? {} : { "x-kubernetes-unions": unions }),
  };
}

function fieldOf(field: FieldSchema, prefix: ReferencePrefix): JsonSchema {
  const { listType, listMapKeys, mapType, mergeKey, patchStrategy, enum: values } = field;
  return {
    ...typeOf(field.type, prefix),
    ...(values === undefined ? {} : { enum: values }),
    ...(listMapKeys === undefined ? {} : { "x-kubernetes-list-map-keys": listMapKeys }),
    ...(listType === undefined ? {} : { "x-kubernetes-list-type": listType }),
    ...(mapType === undefined ? {} : { "x-kubernetes-map-type": mapType }),
    ...(mergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": mergeKey }),
    ...(patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": patchStrategy }),
  };
}

function typeOf(type: SchemaType, prefix: ReferencePrefix): JsonSchema {
  if (typeof type === "object") {
    if ("ref" in type) return { $ref: prefix + type.ref };
    if ("list" in type) return { items: typeOf(type.list, prefix), type: "array" };
    return { additionalProperties: typeOf(type.map, prefix), type: "object" };
  }
  switch (type) {
    case "string":
    case "boolean":
      return { type };
    case "int32":
    case "int64":
      return { format: type, type: "integer" };
    case "double":
      return { format: "double", type: "number" };
    case "bytes":
      return { format: "byte", type: "string" };
    case "quantity":
      return { $ref: `${prefix}io.k8s.apimachinery.pkg.api.resource.Quantity` };
    case "int-or-string":
      return { $ref: `${prefix}io.k8s.apimachinery.pkg.util.intstr.IntOrString` };
    case "time":
      return { $ref: `${prefix}${META}.Time` };
    case "micro-time":
      return { $ref: `${prefix}${META}.MicroTime` };
    case "raw":
      return { $ref: `${prefix}io.k8s.apimachinery.pkg.runtime.RawExtension` };
  }
}
