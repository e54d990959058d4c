import {
  conflict,
  formatTime,
  type Binding,
  type Pod,
  type PodCondition,
  badRequest,
} from "../../api/index.js";
import type { ApiResponse, CreateRequest } from "../api-request.js";
import { readObject } from "../get.js";
import { withMetadata } from "../object-metadata.js";
import type { RegistryCore } from "../registry-core.js";

/** API-19: assigns a pod to a node. pkg/registry/core/pod/storage/storage.go BindingREST, 1.34 */
export const bind = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  const { resource, namespace } = request;
  const context = core.contextOf(request);
  const binding = request.body as Binding;
  const name = request.name ?? binding.metadata?.name ?? "";
  if (binding.metadata?.name !== undefined && binding.metadata.name !== name) {
    throw badRequest("name in URL does not match name in Binding object");
  }
  const pod = readObject(core.store, resource, namespace, name) as Pod;
  checkAssignable(pod);
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: undefined as unknown as string,
    lastTransitionTime: formatTime(context.nowMs),
  };
  const bound: Pod = {
    ...withMetadata(pod, {
      annotations: { ...pod.metadata.annotations, ...binding.metadata?.annotations },
    }),
    spec: { ...pod.spec, nodeName: binding.target.name ?? "" },
    status: { ...pod.status, conditions: [...(pod.status.conditions ?? []), condition] },
  };
  if (!context.dryRun) core.store.update(resource.storage, bound);
  return {
    code: 201,
    body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    warnings: [],
  };
};

const checkAssignable = (pod: Pod): void => {
  const { name, deletionTimestamp } = pod.metadata;
  const { nodeName = "" } = pod.spec;
  if (deletionTimestamp !== undefined) {
    throw conflict(
      "pods/binding",
      name,
      `pod ${name} is being deleted, cannot be assigned to a host`,
    );
  }
  if (nodeName !== "") {
    throw conflict("pods/binding", name, `pod ${name} is already assigned to node "${nodeName}"`);
  }
};
