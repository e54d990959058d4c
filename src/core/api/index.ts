export type { KubeObject } from "./meta/kube-object.js";
export { objectReference } from "./meta/object-reference.js";
export type {
  ListMeta,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
} from "./meta/object-meta.js";
export type {
  ResourceDefinition,
  SubresourceDefinition,
  Verb,
} from "./meta/resource-definition.js";

export {
  alreadyExists,
  applyConflict,
  badRequest,
  conflict,
  forbidden,
  generateNameConflict,
  internalError,
  invalid,
  isStatusError,
  methodNotSupported,
  modified,
  notAcceptable,
  notFound,
  requestEntityTooLarge,
  resourceExpired,
  serviceUnavailable,
  StatusError,
  timeout,
  tooManyRequests,
  unauthorized,
  unknownPath,
  unsupportedMediaType,
} from "./meta/status-error.js";
export type { FailureCause, FailureStatus } from "./meta/status-error.js";
export * as field from "./meta/field-error.js";
export type { FieldError } from "./meta/field-error.js";

export * as names from "./meta/names.js";
export {
  formatMicroTime,
  formatMilliTime,
  formatNanoTime,
  formatTime,
  parseTime,
} from "./meta/time.js";
export { formatDuration, humanDuration } from "./meta/duration.js";
export { semanticEqual } from "./meta/semantic-equal.js";
export { byteLength, marshal, quote } from "./meta/go-format.js";
export {
  addQuantities,
  asInteger,
  asMilli,
  compareQuantities,
  divideRoundingUp,
  formatQuantity,
  parseQuantity,
  quantityFromInteger,
  subtractQuantities,
  tryParseQuantity,
  ZERO_QUANTITY,
} from "./meta/quantity.js";
export type { Quantity } from "./meta/quantity.js";
export {
  labelSelectorFrom,
  LabelSelectorMatcher,
  parseLabelSelector,
} from "./meta/label-selector.js";
export { FieldSelector, parseFieldSelectorFor } from "./meta/field-selector.js";

export {
  apiVersionOf,
  findKind,
  findResource,
  groupResourceOf,
  groupVersions,
  resourceByStorage,
  resourceOf,
  RESOURCES,
  splitApiVersion,
} from "./resource-table.js";

export { canonical, decode, strictDecodingError, unknownFieldTexts } from "./decode/decode.js";
export { validateCreate, validateUpdate } from "./validating.js";
export { validateBinding } from "./core-v1/validation/pod-subresource-validation.js";
export {
  isExternallyAccessible,
  needsHealthCheck,
} from "./core-v1/validation/service-validation.js";
export { SYSTEM_PRIORITY_CLASSES } from "./scheduling-v1/priority-class-validation.js";
export { defaultObject } from "./defaulting.js";
export { base64OfText } from "./decode/base64.js";
export { zeroScalar } from "./decode/zero-values.js";

export { SCHEMA } from "./generated/schema.js";
export type * from "./schema-types.js";

export type * from "./generated/apps-v1.js";
export type * from "./generated/authentication-v1.js";
export type * from "./generated/autoscaling-v1.js";
export type * from "./generated/batch-v1.js";
export type * from "./generated/coordination-v1.js";
export type * from "./generated/core-v1.js";
export type { EndpointSlice } from "./generated/discovery-v1.js";
export type { Event as EventsV1Event } from "./generated/events-v1.js";
export type * from "./generated/meta-v1.js";
export type * from "./generated/node-v1.js";
export type * from "./generated/policy-v1.js";
export type * from "./generated/scheduling-v1.js";
export type * from "./generated/storage-v1.js";

export { isSidecar, podContainers } from "./core-v1/container-kinds.js";
export type { PodContainer } from "./core-v1/container-kinds.js";
export { amountsOf, podLimits, podRequests, wholeAmount } from "./core-v1/pod-resources.js";
export type { ResourceAmounts } from "./core-v1/pod-resources.js";
export { matchesNodeAffinity, matchesNodeSelectorTerm } from "./core-v1/node-affinity.js";
export { podQosClass } from "./core-v1/pod-qos.js";
export { formatImageReference, parseImageReference } from "./core-v1/image-reference.js";
export type { ImageReference } from "./core-v1/image-reference.js";

export { containerScript } from "./sim-v1/container-script.js";
export type { ContainerScript, ScriptedHttp } from "./sim-v1/container-script.js";
export type * from "./sim-v1/records.js";

export { isTolerated, tolerates } from "./core-v1/tolerations.js";

export * from "./core-v1/volume-claims.js";
