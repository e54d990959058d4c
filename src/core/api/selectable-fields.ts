import type { Event, Namespace, Node, Pod, Secret, Service } from "./generated/core-v1.js";
import type { KubeObject } from "./meta/kube-object.js";
import type { ResourceDefinition } from "./meta/resource-definition.js";

type Selection = Pick<ResourceDefinition, "fieldLabels" | "fieldLabelAliases" | "selectableFields">;

/** What a fieldSelector may name, per kind (API-11). pkg/apis/core/v1/conversion.go and the strategies' SelectableFields, 1.34 */

export const NAME_FIELDS: Selection = {
  fieldLabels: ["metadata.name", "metadata.namespace"],
  selectableFields: nameFields,
};

export const POD_FIELDS: Selection = selection(
  [
    "metadata.name",
    "metadata.namespace",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  ({ spec, status }: Pod) => ({
    "spec.nodeName": spec.nodeName ?? "",
    "spec.restartPolicy": spec.restartPolicy ?? "",
    "spec.schedulerName": spec.schedulerName ?? "",
    "spec.serviceAccountName": spec.serviceAccountName ?? "",
    "spec.hostNetwork": String(spec.hostNetwork ?? false),
    "status.phase": status.phase ?? "",
    "status.podIP": status.podIPs?.[0]?.ip ?? status.podIP ?? "",
    "status.nominatedNodeName": status.nominatedNodeName ?? "",
  }),
  { "spec.host": "spec.nodeName" },
);

export const NODE_FIELDS: Selection = selection(
  ["metadata.name", "spec.unschedulable"],
  ({ spec }: Node) => ({ "spec.unschedulable": String(spec.unschedulable ?? false) }),
);

export const NAMESPACE_FIELDS: Selection = selection(
  ["metadata.name", "status.phase"],
  ({ status }: Namespace) => ({ "status.phase": status.phase ?? "" }),
);

export const SECRET_FIELDS: Selection = selection(
  ["metadata.name", "metadata.namespace", "type"],
  ({ type }: Secret) => ({ type: type ?? "" }),
);

export const SERVICE_FIELDS: Selection = selection(
  ["metadata.name", "metadata.namespace", "spec.clusterIP", "spec.type"],
  ({ spec }: Service) => ({ "spec.clusterIP": spec.clusterIP ?? "", "spec.type": spec.type ?? "" }),
);

const EVENT_LABELS = [
  "metadata.name",
  "metadata.namespace",
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  "source",
  "type",
];

/** Both event kinds are stored as core/v1: pkg/registry/core/event/strategy.go, 1.34. */
function eventFields(event: Event): Record<string, string> {
  const { involvedObject } = event;
  const component = event.source?.component ?? "";
  return {
    "involvedObject.kind": involvedObject.kind ?? "",
    "involvedObject.namespace": involvedObject.namespace ?? "",
    "involvedObject.name": involvedObject.name ?? "",
    "involvedObject.uid": involvedObject.uid ?? "",
    "involvedObject.apiVersion": involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": involvedObject.fieldPath ?? "",
    reason: event.reason ?? "",
    reportingComponent: event.reportingComponent ?? "",
    source: component === "" ? (event.reportingComponent ?? "") : component,
    type: event.type ?? "",
  };
}

export const EVENT_FIELDS: Selection = selection(EVENT_LABELS, eventFields);

export const EVENTS_V1_FIELDS: Selection = selection(EVENT_LABELS, eventFields, {
  reportingController: "reportingComponent",
  "regarding.kind": "involvedObject.kind",
  "regarding.namespace": "involvedObject.namespace",
  "regarding.name": "involvedObject.name",
  "regarding.uid": "involvedObject.uid",
  "regarding.apiVersion": "involvedObject.apiVersion",
  "regarding.resourceVersion": "involvedObject.resourceVersion",
  "regarding.fieldPath": "involvedObject.fieldPath",
});

/** The row that uses it names the kind, so the object has the type that `values` wants. */
function selection(
  fieldLabels: readonly string[],
  values: (object: never) => Record<string, string>,
  fieldLabelAliases?: Readonly<Record<string, string>>,
): Selection {
  return {
    fieldLabels,
    ...(fieldLabelAliases === undefined ? {} : { fieldLabelAliases }),
    selectableFields: (object) => ({ ...values(object as never), ...nameFields(object) }),
  };
}

function nameFields({ metadata }: KubeObject): Record<string, string> {
  const { name, namespace } = metadata;
  return namespace === undefined
    ? { "metadata.name": name }
    : { "metadata.name": name, "metadata.namespace": namespace };
}
