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

export { SCHEMA } from "./generated/schema.js";
export type * from "./schema-types.js";

export type * from "./generated/apps-v1.js";
export type * from "./generated/authentication-v1.js";
export type * from "./generated/autoscaling-v1.js";
export type * from "./generated/batch-v1.js";
export type * from "./generated/coordination-v1.js";
export type * from "./generated/core-v1.js";
export type {
  Endpoint,
  EndpointConditions,
  EndpointHints,
  EndpointPort as EndpointSlicePort,
  EndpointSlice,
} from "./generated/discovery-v1.js";
export type {
  Event as EventsV1Event,
  EventSeries as EventsV1EventSeries,
} from "./generated/events-v1.js";
export type * from "./generated/meta-v1.js";
export type * from "./generated/node-v1.js";
export type * from "./generated/policy-v1.js";
export type * from "./generated/scheduling-v1.js";
export type * from "./generated/storage-v1.js";

export type * from "./sim-v1/records.js";
