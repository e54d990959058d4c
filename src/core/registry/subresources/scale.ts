import {
  apiVersionOf,
  conflict,
  field,
  labelSelectorFrom,
  names,
  type Deployment,
  type FieldError,
  type KubeObject,
  type ReplicaSet,
  type ResourceDefinition,
  type Scale,
} from "../../api/index.js";
import type { ApiResponse, GetRequest, PatchRequest, UpdateRequest } from "../api-request.js";
import { readChangedObject, withManagedFields } from "../incoming.js";
import { withMetadata } from "../object-metadata.js";
import { managersAfterScale, managersOfScale } from "../patch/index.js";
import { readObject } from "../read-object.js";
import { refuseInvalid } from "../refusals.js";
import type { RegistryCore } from "../registry-core.js";
import { strategyOf } from "../strategies/index.js";
import type { WriteContext } from "../strategy.js";
import { checkName, preparationOf, updateObject } from "../update-object.js";

type Scaled = Deployment | ReplicaSet;
type ScaleObject = KubeObject & Omit<Scale, "metadata">;

/** Scale as a kind of its own: its schema is what bodies and patches are read by. */
const SCALE: ResourceDefinition = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  listKind: "ScaleList",
  plural: "scales",
  singular: "scale",
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
  subresources: [],
  schema: "io.k8s.api.autoscaling.v1.Scale",
  storage: "scales.autoscaling",
  fieldLabels: [],
  selectableFields: () => ({}),
};

/** Whether a request is about the scale of an object: it has another form than its object. */
export const isScale = (resource: ResourceDefinition, subresource: string | undefined): boolean =>
  subresource === "scale" && resource.subresources.some(({ name }) => name === "scale");

/** GET. pkg/registry/apps/deployment/storage/storage.go ScaleREST, 1.34 */
export const getScale = (core: RegistryCore, request: GetRequest): ApiResponse => {
  const { resource, namespace, name } = request;
  const object = readObject(core.store, resource, namespace, name) as Scaled;
  return { code: 200, body: scaleOf(object), warnings: [] };
};

/** What a request makes of a scale, given as it is; the context is that of the kind Scale. */
export type ScaleChange = (current: KubeObject, context: WriteContext) => KubeObject;

/** PUT and PATCH: the number of replicas is written through the strategy of the object itself. storage.go scaleUpdatedObjectInfo, 1.34 */
export const updateScale = (
  core: RegistryCore,
  request: UpdateRequest | PatchRequest,
  change: ScaleChange,
): ApiResponse => {
  const context = core.contextOf(request);
  const { resource } = context;
  const { name } = request;
  const ofScale: WriteContext = { ...context, resource: SCALE };
  const object = updateObject(
    core,
    name,
    context,
    (current) => {
      const scaled = current as Scaled;
      const next = change(scaleOf(scaled, true), ofScale) as ScaleObject;
      checkName(next, name);
      refuseInvalid(SCALE, name, scaleErrors(next));
      checkUid(next, scaled, resource);
      return withScale(scaled, next, apiVersionOf(resource));
    },
    preparationOf(strategyOf(resource), undefined),
  );
  return { code: 200, body: scaleOf(object as Scaled), warnings: context.warnings };
};

/** PUT reads its body as a Scale. */
export const putScale = (core: RegistryCore, request: UpdateRequest): ApiResponse =>
  updateScale(core, request, (current, context) =>
    readChangedObject(request.body, current, request.options, context),
  );

/** @param withManagers for a write, which needs to know who owns the number; an answer does not tell */
const scaleOf = ({ metadata, spec, status }: Scaled, withManagers = false): ScaleObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp, managedFields } = metadata;
  const { replicas = 0 } = spec;
  const owners = withManagers ? managersOfScale(managedFields ?? []) : [];
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
      ...(owners.length === 0 ? {} : { managedFields: [...owners] }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: status.replicas ?? 0,
      selector: labelSelectorFrom(spec.selector).toString(),
    },
  };
};

/** pkg/apis/autoscaling/validation/validation.go ValidateScale, 1.34 */
const scaleErrors = ({ metadata, spec }: ScaleObject): FieldError[] => {
  const problems = names.nameIsDnsSubdomain(metadata.name, false);
  const errors = problems.map((text) => field.invalid("metadata.name", metadata.name, text));
  const { replicas = 0 } = spec ?? {};
  if (replicas < 0) {
    const detail = "must be greater than or equal to 0";
    errors.push(field.invalid("spec.replicas", replicas, detail));
  }
  return errors;
};

const checkUid = (
  { metadata: { uid = "" } }: { readonly metadata: { readonly uid?: string } },
  { metadata }: Scaled,
  { group, plural }: ResourceDefinition,
): void => {
  if (uid === "" || uid === metadata.uid) return;
  throw conflict(
    `${plural}/scale.${group}`,
    metadata.name,
    `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
  );
};

const withScale = (object: Scaled, scale: ScaleObject, apiVersion: string): KubeObject => {
  const { resourceVersion, managedFields } = scale.metadata;
  const versioned = withMetadata<Scaled>(object, { resourceVersion });
  const { replicas = 0 } = scale.spec ?? {};
  const next = { ...versioned, spec: { ...versioned.spec, replicas } } as Scaled;
  const owners = object.metadata.managedFields ?? [];
  return withManagedFields(next, managersAfterScale(owners, managedFields ?? [], apiVersion));
};
