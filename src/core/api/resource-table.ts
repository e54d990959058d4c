import type {
  ResourceDefinition,
  SubresourceDefinition,
  Verb,
} from "./meta/resource-definition.js";
import {
  EVENTS_V1_FIELDS,
  EVENT_FIELDS,
  NAMESPACE_FIELDS,
  NAME_FIELDS,
  NODE_FIELDS,
  POD_FIELDS,
  SECRET_FIELDS,
  SERVICE_FIELDS,
} from "./selectable-fields.js";

const ALL_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];
const GET_PATCH_UPDATE: readonly Verb[] = ["get", "patch", "update"];
const CREATE_GET: readonly Verb[] = ["create", "get"];
const SCALE: SubresourceDefinition = {
  name: "scale",
  kind: "Scale",
  group: "autoscaling",
  version: "v1",
  verbs: GET_PATCH_UPDATE,
};

/** One row per kind that is served: names, verbs and subresources as kube-apiserver 1.34 publishes them in discovery. */
export const RESOURCES: readonly ResourceDefinition[] = [
  core("Pod", "pods", {
    shortNames: ["po"],
    categories: ["all"],
    ...POD_FIELDS,
    subresources: [
      { name: "attach", kind: "PodAttachOptions", verbs: CREATE_GET },
      { name: "binding", kind: "Binding", verbs: ["create"] },
      { name: "ephemeralcontainers", kind: "Pod", verbs: GET_PATCH_UPDATE },
      { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
      { name: "exec", kind: "PodExecOptions", verbs: CREATE_GET },
      { name: "log", kind: "Pod", verbs: ["get"] },
      { name: "portforward", kind: "PodPortForwardOptions", verbs: CREATE_GET },
      { name: "resize", kind: "Pod", verbs: GET_PATCH_UPDATE },
      status("Pod"),
    ],
  }),
  core("Node", "nodes", {
    shortNames: ["no"],
    namespaced: false,
    ...NODE_FIELDS,
    subresources: [status("Node")],
  }),
  core("Namespace", "namespaces", {
    shortNames: ["ns"],
    namespaced: false,
    verbs: ALL_VERBS.filter((verb) => verb !== "deletecollection"),
    ...NAMESPACE_FIELDS,
    subresources: [{ name: "finalize", kind: "Namespace", verbs: ["update"] }, status("Namespace")],
  }),
  core("Event", "events", { shortNames: ["ev"], ...EVENT_FIELDS }),
  core("ConfigMap", "configmaps", { shortNames: ["cm"] }),
  core("Secret", "secrets", SECRET_FIELDS),
  core("Service", "services", {
    shortNames: ["svc"],
    categories: ["all"],
    ...SERVICE_FIELDS,
    subresources: [status("Service")],
  }),
  core("Endpoints", "endpoints", {
    shortNames: ["ep"],
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  }),
  core("ServiceAccount", "serviceaccounts", {
    shortNames: ["sa"],
    subresources: [
      {
        name: "token",
        kind: "TokenRequest",
        group: "authentication.k8s.io",
        version: "v1",
        verbs: ["create"],
      },
    ],
  }),
  core("PersistentVolumeClaim", "persistentvolumeclaims", {
    shortNames: ["pvc"],
    subresources: [status("PersistentVolumeClaim")],
  }),
  core("PersistentVolume", "persistentvolumes", {
    shortNames: ["pv"],
    namespaced: false,
    subresources: [status("PersistentVolume")],
  }),
  core("PodTemplate", "podtemplates", {}),
  core("LimitRange", "limitranges", { shortNames: ["limits"] }),
  core("ResourceQuota", "resourcequotas", {
    shortNames: ["quota"],
    subresources: [status("ResourceQuota")],
  }),
  row("apps", "Deployment", "deployments", {
    shortNames: ["deploy"],
    categories: ["all"],
    subresources: [SCALE, status("Deployment")],
  }),
  row("apps", "ReplicaSet", "replicasets", {
    shortNames: ["rs"],
    categories: ["all"],
    subresources: [SCALE, status("ReplicaSet")],
  }),
  row("coordination.k8s.io", "Lease", "leases", {}),
  row("discovery.k8s.io", "EndpointSlice", "endpointslices", {}),
  row("events.k8s.io", "Event", "events", {
    shortNames: ["ev"],
    ...EVENTS_V1_FIELDS,
    storage: "events",
  }),
  row("node.k8s.io", "RuntimeClass", "runtimeclasses", { namespaced: false }),
  row("policy", "PodDisruptionBudget", "poddisruptionbudgets", {
    shortNames: ["pdb"],
    subresources: [status("PodDisruptionBudget")],
  }),
  row("scheduling.k8s.io", "PriorityClass", "priorityclasses", {
    shortNames: ["pc"],
    namespaced: false,
  }),
  row("storage.k8s.io", "StorageClass", "storageclasses", {
    shortNames: ["sc"],
    namespaced: false,
  }),
];

const BY_RESOURCE = new Map(
  RESOURCES.map((resource) => [key(resource.group, resource.version, resource.plural), resource]),
);
const BY_KIND = new Map(
  RESOURCES.map((resource) => [key(resource.group, resource.version, resource.kind), resource]),
);
/** Rows that share a storage: the first one is the form that is stored. */
const BY_STORAGE = new Map(RESOURCES.toReversed().map((resource) => [resource.storage, resource]));

export function findResource(
  group: string,
  version: string,
  plural: string,
): ResourceDefinition | undefined {
  return BY_RESOURCE.get(key(group, version, plural));
}

export function findKind(
  group: string,
  version: string,
  kind: string,
): ResourceDefinition | undefined {
  return BY_KIND.get(key(group, version, kind));
}

/** The kind that an object says it is. */
export function resourceOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): ResourceDefinition | undefined {
  const { group, version } = splitApiVersion(object.apiVersion);
  return findKind(group, version, object.kind);
}

/** The stored form of a group-resource: `pods`, `leases.coordination.k8s.io`; a plain Error when there is none. */
export function resourceByStorage(groupResource: string): ResourceDefinition {
  const resource = BY_STORAGE.get(groupResource);
  if (resource === undefined) throw new Error(`no resource is stored as ${groupResource}`);
  return resource;
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceDefinition[];
}

/** Every group-version that is served, the core group first, then by name, as discovery lists them. */
export function groupVersions(): readonly GroupVersion[] {
  const byName = new Map<string, ResourceDefinition[]>();
  for (const resource of RESOURCES) {
    const name = apiVersionOf(resource);
    const members = byName.get(name) ?? [];
    members.push(resource);
    byName.set(name, members);
  }
  return [...byName.values()].map((resources) => {
    const [first] = resources;
    if (first === undefined) throw new Error("a group-version has at least one resource");
    return { group: first.group, version: first.version, resources };
  });
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(resource: {
  readonly group: string;
  readonly version: string;
}): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** The group-resource as messages print it: `pods`, `leases.coordination.k8s.io`. */
export function groupResourceOf(resource: {
  readonly group: string;
  readonly plural: string;
}): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

type RowOptions = Partial<
  Pick<
    ResourceDefinition,
    | "shortNames"
    | "categories"
    | "namespaced"
    | "verbs"
    | "subresources"
    | "deprecation"
    | "fieldLabels"
    | "fieldLabelAliases"
    | "selectableFields"
    | "storage"
  >
>;

function core(kind: string, plural: string, options: RowOptions): ResourceDefinition {
  return row("", kind, plural, options);
}

function row(group: string, kind: string, plural: string, options: RowOptions): ResourceDefinition {
  const schemaGroup = group === "" ? "core" : (group.split(".")[0] ?? group);
  return {
    group,
    version: "v1",
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ALL_VERBS,
    subresources: [],
    schema: `io.k8s.api.${schemaGroup}.v1.${kind}`,
    storage: groupResourceOf({ group, plural }),
    ...NAME_FIELDS,
    ...options,
  };
}

function status(kind: string): SubresourceDefinition {
  return { name: "status", kind, verbs: GET_PATCH_UPDATE };
}

function key(group: string, version: string, name: string): string {
  return `${group}/${version}/${name}`;
}
