import {
  validateDeploymentCreate,
  validateDeploymentStatusUpdate,
  validateDeploymentUpdate,
} from "./apps-v1/deployment-validation.js";
import {
  validateReplicaSetCreate,
  validateReplicaSetStatusUpdate,
  validateReplicaSetUpdate,
} from "./apps-v1/replica-set-validation.js";
import type { Event } from "./generated/core-v1.js";
import {
  validateConfigMapCreate,
  validateConfigMapUpdate,
  validateSecretCreate,
  validateSecretUpdate,
} from "./core-v1/validation/config-validation.js";
import {
  validateEndpointsCreate,
  validateEndpointsUpdate,
} from "./core-v1/validation/endpoints-validation.js";
import { validateEventCreate, validateEventUpdate } from "./core-v1/validation/event-validation.js";
import {
  validateNamespaceCreate,
  validateNamespaceFinalize,
  validateNamespaceStatusUpdate,
  validateNamespaceUpdate,
  validateServiceAccountCreate,
  validateServiceAccountUpdate,
} from "./core-v1/validation/namespace-validation.js";
import { validateNodeCreate, validateNodeUpdate } from "./core-v1/validation/node-validation.js";
import {
  validateClaimCreate,
  validateClaimUpdate,
  validatePersistentVolumeCreate,
  validatePersistentVolumeUpdate,
  validateVersionedStatusUpdate,
} from "./core-v1/validation/persistent-volume-validation.js";
import { validatePodStatusUpdate } from "./core-v1/validation/pod-status-validation.js";
import {
  validateEphemeralContainersUpdate,
  validatePodResize,
} from "./core-v1/validation/pod-subresource-validation.js";
import { validatePodUpdate } from "./core-v1/validation/pod-update-validation.js";
import {
  validatePodCreate,
  validatePodTemplateCreate,
  validatePodTemplateUpdate,
} from "./core-v1/validation/pod-validation.js";
import {
  validateLimitRangeCreate,
  validateLimitRangeUpdate,
  validateResourceQuotaCreate,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from "./core-v1/validation/quota-validation.js";
import { validateServiceUpdate } from "./core-v1/validation/service-update-validation.js";
import {
  validateServiceCreate,
  validateServiceStatusUpdate,
} from "./core-v1/validation/service-validation.js";
import { validateLeaseCreate, validateLeaseUpdate } from "./coordination-v1/lease-validation.js";
import {
  validateEndpointSliceCreate,
  validateEndpointSliceUpdate,
} from "./discovery-v1/endpoint-slice-validation.js";
import type { FieldError } from "./meta/field-error.js";
import type { KubeObject } from "./meta/kube-object.js";
import { nameIsPathSegment } from "./meta/names.js";
import { validateGenericMeta, validateGenericMetaUpdate } from "./meta/object-meta-validation.js";
import {
  validateRuntimeClassCreate,
  validateRuntimeClassUpdate,
} from "./node-v1/runtime-class-validation.js";
import {
  validateDisruptionBudget,
  validateDisruptionBudgetStatus,
} from "./policy-v1/disruption-budget-validation.js";
import {
  validatePriorityClassCreate,
  validatePriorityClassUpdate,
} from "./scheduling-v1/priority-class-validation.js";
import {
  validateStorageClassCreate,
  validateStorageClassUpdate,
} from "./storage-v1/storage-class-validation.js";

/** The row of an object's kind, as far as validation needs it. */
interface ValidatedResource {
  readonly group: string;
  readonly storage: string;
  readonly namespaced: boolean;
}

type Create = (object: KubeObject, resource: ValidatedResource) => FieldError[];
type Update = (next: KubeObject, previous: KubeObject, resource: ValidatedResource) => FieldError[];

interface Rules {
  readonly create: Create;
  readonly update: Update;
  /** Updates through a subresource; what is not here is checked as an update of the object. */
  readonly subresources?: Readonly<Record<string, Update>>;
}

const isEventsGroup = ({ group }: ValidatedResource): boolean => group === "events.k8s.io";

/** By storage name. */
const RULES: Readonly<Record<string, Rules>> = {
  pods: rules(validatePodCreate, validatePodUpdate, {
    status: validatePodStatusUpdate,
    ephemeralcontainers: validateEphemeralContainersUpdate,
    resize: validatePodResize,
  }),
  nodes: rules(validateNodeCreate, validateNodeUpdate),
  namespaces: rules(validateNamespaceCreate, validateNamespaceUpdate, {
    status: validateNamespaceStatusUpdate,
    finalize: validateNamespaceFinalize,
  }),
  events: {
    create: (event, resource) => validateEventCreate(event as Event, isEventsGroup(resource)),
    update: (next, previous, resource) =>
      validateEventUpdate(next as Event, previous as Event, isEventsGroup(resource)),
  },
  configmaps: rules(validateConfigMapCreate, validateConfigMapUpdate),
  secrets: rules(validateSecretCreate, validateSecretUpdate),
  services: rules(validateServiceCreate, validateServiceUpdate, {
    status: validateServiceStatusUpdate,
  }),
  endpoints: rules(validateEndpointsCreate, validateEndpointsUpdate),
  serviceaccounts: rules(validateServiceAccountCreate, validateServiceAccountUpdate),
  persistentvolumes: rules(validatePersistentVolumeCreate, validatePersistentVolumeUpdate, {
    status: validateVersionedStatusUpdate,
  }),
  persistentvolumeclaims: rules(validateClaimCreate, validateClaimUpdate, {
    status: validateVersionedStatusUpdate,
  }),
  podtemplates: rules(validatePodTemplateCreate, validatePodTemplateUpdate),
  limitranges: rules(validateLimitRangeCreate, validateLimitRangeUpdate),
  resourcequotas: rules(validateResourceQuotaCreate, validateResourceQuotaUpdate, {
    status: validateResourceQuotaStatusUpdate,
  }),
  "deployments.apps": rules(validateDeploymentCreate, validateDeploymentUpdate, {
    status: validateDeploymentStatusUpdate,
  }),
  "replicasets.apps": rules(validateReplicaSetCreate, validateReplicaSetUpdate, {
    status: validateReplicaSetStatusUpdate,
  }),
  "leases.coordination.k8s.io": rules(validateLeaseCreate, validateLeaseUpdate),
  "endpointslices.discovery.k8s.io": rules(
    validateEndpointSliceCreate,
    validateEndpointSliceUpdate,
  ),
  "poddisruptionbudgets.policy": rules(validateDisruptionBudget, validateDisruptionBudget, {
    status: validateDisruptionBudgetStatus,
  }),
  "priorityclasses.scheduling.k8s.io": rules(
    validatePriorityClassCreate,
    validatePriorityClassUpdate,
  ),
  "runtimeclasses.node.k8s.io": rules(validateRuntimeClassCreate, validateRuntimeClassUpdate),
  "storageclasses.storage.k8s.io": rules(validateStorageClassCreate, validateStorageClassUpdate),
};

/**
 * All that is wrong with a new object, in its stored form, with defaults and a name. apiserver pkg/registry/rest/create.go BeforeCreate, 1.34
 * @param resource the row of the request: events are checked more strictly through events.k8s.io
 */
export function validateCreate(resource: ValidatedResource, object: KubeObject): FieldError[] {
  const errors = RULES[resource.storage]?.create(object, resource) ?? [];
  if (errors.length > 0) return errors;
  return validateGenericMeta(object.metadata, resource.namespaced, nameIsPathSegment);
}

/**
 * All that is wrong with a change. apiserver pkg/registry/rest/update.go BeforeUpdate, 1.34
 * @param subresource through which the change came; '' for the object itself
 */
export function validateUpdate(
  resource: ValidatedResource,
  next: KubeObject,
  previous: KubeObject,
  subresource = "",
): FieldError[] {
  const known = RULES[resource.storage];
  const update = known?.subresources?.[subresource] ?? known?.update;
  return [
    ...validateGenericMetaUpdate(next.metadata, previous.metadata),
    ...(update?.(next, previous, resource) ?? []),
  ];
}

/** The table's key names the kind, so the objects have the type that the functions want. */
function rules<T extends KubeObject>(
  create: (object: T) => FieldError[],
  update: (next: T, previous: T) => FieldError[],
  subresources: Readonly<Record<string, (next: T, previous: T) => FieldError[]>> = {},
): Rules {
  return {
    create: (object) => create(object as T),
    update: (next, previous) => update(next as T, previous as T),
    subresources: Object.fromEntries(
      Object.entries(subresources).map(([name, check]): [string, Update] => [
        name,
        (next, previous) => check(next as T, previous as T),
      ]),
    ),
  };
}
