import { SCHEMA } from "../../api/index.js";
import type { JsonScalar, JsonValue } from "./json-value.js";

/**
 * What Go's types of Kubernetes say and the OpenAPI v2 document leaves out: fields that are values and not pointers are always there, and
 * keys of lists have defaults. Both decide what a manager of fields owns. Source: k8s.io/api types.go of each group, 1.34.
 */

const OBJECT_WITH_SPEC_AND_STATUS = { metadata: {}, spec: {}, status: {} };
const TEMPLATE = { metadata: {}, spec: {} };

const ZERO_VALUES: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  "io.k8s.api.apps.v1.Deployment": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.apps.v1.DeploymentSpec": { selector: null, template: {}, strategy: {} },
  "io.k8s.api.apps.v1.ReplicaSet": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.apps.v1.ReplicaSetSpec": { selector: null, template: {} },
  "io.k8s.api.apps.v1.ReplicaSetStatus": { replicas: 0 },
  "io.k8s.api.batch.v1.Job": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.batch.v1.JobSpec": { template: {} },
  "io.k8s.api.coordination.v1.Lease": { metadata: {}, spec: {} },
  "io.k8s.api.core.v1.ConfigMap": { metadata: {} },
  "io.k8s.api.core.v1.Container": { resources: {} },
  "io.k8s.api.core.v1.EphemeralContainer": { resources: {} },
  "io.k8s.api.core.v1.Endpoints": { metadata: {} },
  "io.k8s.api.core.v1.Event": {
    metadata: {},
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: "",
    reportingInstance: "",
  },
  "io.k8s.api.core.v1.LimitRange": { metadata: {}, spec: {} },
  "io.k8s.api.core.v1.LimitRangeSpec": { limits: null },
  "io.k8s.api.core.v1.Namespace": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.Node": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.NodeDaemonEndpoints": { kubeletEndpoint: {} },
  "io.k8s.api.core.v1.NodeStatus": { daemonEndpoints: {}, nodeInfo: {} },
  "io.k8s.api.core.v1.NodeSystemInfo": {
    machineID: "",
    systemUUID: "",
    bootID: "",
    kernelVersion: "",
    osImage: "",
    containerRuntimeVersion: "",
    kubeletVersion: "",
    kubeProxyVersion: "",
    operatingSystem: "",
    architecture: "",
  },
  "io.k8s.api.core.v1.PersistentVolume": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.PersistentVolumeClaim": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec": { resources: {} },
  "io.k8s.api.core.v1.PersistentVolumeClaimTemplate": TEMPLATE,
  "io.k8s.api.core.v1.Pod": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.PodSpec": { containers: null },
  "io.k8s.api.core.v1.PodTemplate": { metadata: {}, template: {} },
  "io.k8s.api.core.v1.PodTemplateSpec": TEMPLATE,
  "io.k8s.api.core.v1.ResourceQuota": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.Secret": { metadata: {} },
  "io.k8s.api.core.v1.Service": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.core.v1.ServiceAccount": { metadata: {} },
  "io.k8s.api.core.v1.ServiceStatus": { loadBalancer: {} },
  "io.k8s.api.discovery.v1.EndpointSlice": {
    metadata: {},
    addressType: "",
    endpoints: null,
    ports: null,
  },
  "io.k8s.api.events.v1.Event": {
    metadata: {},
    eventTime: null,
    regarding: {},
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
  },
  "io.k8s.api.node.v1.RuntimeClass": { metadata: {}, handler: "" },
  "io.k8s.api.policy.v1.PodDisruptionBudget": OBJECT_WITH_SPEC_AND_STATUS,
  "io.k8s.api.policy.v1.PodDisruptionBudgetStatus": {
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  },
  "io.k8s.api.scheduling.v1.PriorityClass": { metadata: {}, value: 0 },
  "io.k8s.api.storage.v1.StorageClass": { metadata: {}, provisioner: "" },
};

/** What a Go value of the definition has in the field when nobody set it; undefined when the field is then left out. */
export function zeroValueOf(definition: string, field: string): JsonValue | undefined {
  return ZERO_VALUES[definition]?.[field];
}

const KEY_DEFAULTS: Readonly<Record<string, Readonly<Record<string, JsonScalar>>>> = {
  "io.k8s.api.core.v1.ContainerPort": { protocol: "TCP" },
  "io.k8s.api.core.v1.LocalObjectReference": { name: "" },
  "io.k8s.api.core.v1.ServicePort": { protocol: "TCP" },
};

/** The default of a key of a list's element; a required scalar has its zero, as in Kubernetes' OpenAPI v3. */
export function keyDefaultOf(definition: string, key: string): JsonScalar | undefined {
  const stated = KEY_DEFAULTS[definition]?.[key];
  if (stated !== undefined || SCHEMA[definition]?.required?.includes(key) !== true) {
    return stated;
  }
  switch (SCHEMA[definition].fields[key]?.type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "int32":
    case "int64":
      return 0;
    default:
      return undefined;
  }
}
