export type { KubeObject } from "./meta/kube-object.js";
export type {
  ListMeta,
  ManagedFieldsEntry,
  NamespacedObjectMeta,
  ObjectMeta,
  OwnerReference,
  PartialObjectMeta,
} from "./meta/object-meta.js";
export type {
  ResourceDefinition,
  SubresourceDefinition,
  Verb,
} from "./meta/resource-definition.js";
export type * from "./sim-v1/records.js";
