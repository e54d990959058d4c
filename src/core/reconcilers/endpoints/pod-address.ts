import type { Pod, Service, ServicePort } from "../../api/index.js";

/** Whether a pod can be an endpoint at all. staging/src/k8s.io/endpointslice/util/controller_utils.go ShouldPodBeInEndpoints, 1.34 */
export const canBeEndpoint = ({ metadata, status }: Pod, includesTerminating: boolean): boolean =>
  !isFinished(status.phase) &&
  podAddresses(status).length > 0 &&
  (includesTerminating || metadata.deletionTimestamp === undefined);

export const isReady = ({ status }: Pod): boolean => readyCondition(status)?.status === "True";

export const readyCondition = (status: Pod["status"]) =>
  status.conditions?.find(({ type }) => type === "Ready");

/** The pod's IPv4 addresses: the service network has no others. */
export const podAddresses = ({ podIP, podIPs }: Pod["status"]): readonly string[] =>
  (podIPs?.map(({ ip }) => ip) ?? (podIP === undefined ? [] : [podIP])).filter(
    (address) => address !== "" && !address.includes(":"),
  );

/** The name that a pod has below its headless Service. controller_utils.go ShouldSetHostname, 1.34 */
export const endpointHostname = ({ metadata, spec }: Pod, service: Service): string | undefined =>
  spec.hostname !== undefined &&
  spec.hostname !== "" &&
  spec.subdomain === service.metadata.name &&
  metadata.namespace === service.metadata.namespace
    ? spec.hostname
    : undefined;

/** Where a Service's port leads in a pod; null when the pod has no port of that name. staging/src/k8s.io/endpointslice/utils.go FindPort, 1.34 */
export const findPort = ({ spec }: Pod, port: ServicePort): number | null => {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  for (const { ports } of [...spec.containers, ...sidecars]) {
    const found = ports?.find(
      ({ name, protocol = "TCP" }) => name === target && protocol === (port.protocol ?? "TCP"),
    );
    if (found !== undefined) return found.containerPort;
  }
  return null;
};

export const isHeadless = ({ spec }: Service): boolean =>
  spec.clusterIP === undefined || spec.clusterIP === "" || spec.clusterIP === "None";

/** A Service whose endpoints are kept by its selector; others are the user's own affair. */
export const selectsPods = ({ spec }: Service): boolean =>
  spec.type !== "ExternalName" && spec.selector !== undefined;

/** An empty selector of a Service matches every pod of its namespace: labels.Set.AsSelector, 1.34. */
export const isSelected = (service: Service, labels: Pod["metadata"]["labels"]): boolean =>
  Object.entries(service.spec.selector ?? {}).every(([key, value]) => labels?.[key] === value);

/** Whether a change of a pod can change endpoints. controller_utils.go podEndpointsChanged, 1.34 */
export const changesEndpoints = (pod: Pod, previous: Pod): boolean =>
  (pod.metadata.deletionTimestamp === undefined) !==
    (previous.metadata.deletionTimestamp === undefined) ||
  isReady(pod) !== isReady(previous) ||
  isFinished(pod.status.phase) !== isFinished(previous.status.phase) ||
  pod.spec.nodeName !== previous.spec.nodeName ||
  pod.spec.hostname !== previous.spec.hostname ||
  pod.spec.subdomain !== previous.spec.subdomain ||
  podAddresses(pod.status).join() !== podAddresses(previous.status).join();

const isFinished = (phase: string | undefined): boolean =>
  phase === "Succeeded" || phase === "Failed";
