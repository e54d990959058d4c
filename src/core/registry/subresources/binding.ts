import {
  badRequest,
  conflict,
  decode,
  validateBinding,
  type Binding,
  type ObjectMeta,
  type Pod,
} from "../../api/index.js";
import type { ApiResponse, CreateRequest } from "../api-request.js";
import { readObject } from "../read-object.js";
import { withMetadata } from "../object-metadata.js";
import type { RegistryCore } from "../registry-core.js";
import { aggregated, created } from "./outcome.js";
import { withCondition } from "./pod-conditions.js";

/** API-19: assigns a pod to a node. pkg/registry/core/pod/storage/storage.go BindingREST, 1.34 */
export const bind = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  const { resource, namespace, name = "" } = request;
  const context = core.contextOf(request);
  const { object: binding } = decode<Binding>(BINDING, request.body);
  if ((binding.metadata?.name ?? name) !== name) {
    throw badRequest("name in URL does not match name in Binding object");
  }
  const errors = validateBinding(binding);
  if (errors.length > 0) throw aggregated(errors);
  const pod = readObject(core.store, resource, namespace, name) as Pod;
  checkPreconditions(binding.metadata ?? {}, pod);
  const refusal = whyNot(pod);
  if (refusal !== null) throw conflict("pods/binding", name, refusal);
  const annotations = { ...pod.metadata.annotations, ...binding.metadata?.annotations };
  const bound: Pod = {
    ...withMetadata(pod, {
      annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    }),
    spec: { ...pod.spec, nodeName: binding.target.name ?? "" },
    status: withCondition(pod, { type: "PodScheduled", status: "True" }, context.nowMs),
  };
  if (!context.dryRun) core.store.update(resource.storage, bound);
  return created(context);
};

const BINDING = { group: "", version: "v1", kind: "Binding", schema: "io.k8s.api.core.v1.Binding" };

const checkPreconditions = (
  { uid, resourceVersion }: Partial<ObjectMeta>,
  { metadata }: Pod,
): void => {
  const differs = (expected: string | undefined, actual: string): boolean =>
    expected !== undefined && expected !== "" && expected !== actual;
  if (differs(uid, metadata.uid)) {
    const why = `Precondition failed: UID in precondition: ${uid ?? ""}, UID in object meta: ${metadata.uid}`;
    throw conflict("pods", metadata.name, why);
  }
  if (differs(resourceVersion, metadata.resourceVersion)) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion ?? ""}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict("pods", metadata.name, why);
  }
};

const whyNot = ({ metadata, spec }: Pod): string | null => {
  const { name } = metadata;
  if (metadata.deletionTimestamp !== undefined) {
    return `pod ${name} is being deleted, cannot be assigned to a host`;
  }
  if ((spec.nodeName ?? "") !== "") {
    return `pod ${name} is already assigned to node "${spec.nodeName ?? ""}"`;
  }
  if ((spec.schedulingGates ?? []).length > 0) {
    return `pod ${name} has non-empty .spec.schedulingGates`;
  }
  return null;
};
