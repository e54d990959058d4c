import type {
  Container,
  Pod,
  PodSpec,
  PodStatus,
  PodTemplateSpec,
  ResourceRequirements,
} from "../../generated/core-v1.js";
import type { PartialObjectMeta } from "../../meta/object-meta.js";
import { formatQuantity } from "../../meta/quantity.js";
import { aggregateContainers, isPodLevelResource } from "../pod-resources.js";
import { isHugePageResource, isOvercommitAllowed } from "../resource-names.js";
import { defaultContainer } from "./container-defaults.js";
import { changeEach, changeField, fillAbsent, fillEmpty } from "./fill.js";
import { defaultResourceList, defaultResources } from "./resource-defaults.js";
import { defaultVolume } from "./volume-defaults.js";

/** DEF-1 to DEF-7 for a Pod. pkg/apis/core/v1/defaults.go SetDefaults_Pod, conversion.go, 1.34 */
export function defaultPod(pod: Pod): Pod {
  const spec = [
    defaultRequests,
    defaultPodLevelResources,
    (value: PodSpec) => fillAbsent(value, { enableServiceLinks: true }),
    defaultHostPorts,
    defaultPodSpec,
  ].reduce((value, step) => step(value), pod.spec);
  const metadata = withoutInitContainerAnnotations(pod.metadata);
  const status = mirrorPodIps(pod.status);
  const same = spec === pod.spec && metadata === pod.metadata && status === pod.status;
  return same ? pod : { ...pod, metadata, spec, status };
}

/** What pod templates get too. SetDefaults_PodSpec and what it contains, 1.34 */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const steps: ((value: PodSpec) => PodSpec)[] = [
    (value) =>
      fillEmpty(value, {
        dnsPolicy: "ClusterFirst",
        restartPolicy: "Always",
        schedulerName: "default-scheduler",
      }),
    (value) => fillAbsent(value, { securityContext: {}, terminationGracePeriodSeconds: 30 }),
    mirrorServiceAccount,
    (value) => changeField(value, "volumes", (volumes) => changeEach(volumes, defaultVolume)),
    (value) => changeField(value, "containers", (list) => changeEach(list, defaultContainer)),
    (value) => changeField(value, "initContainers", (list) => changeEach(list, defaultContainer)),
    (value) =>
      changeField(value, "ephemeralContainers", (list) => changeEach(list, defaultContainer)),
    (value) => changeField(value, "overhead", defaultResourceList),
    (value) => changeField(value, "resources", defaultResources),
  ];
  return steps.reduce((value, step) => step(value), spec);
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const spec = template.spec === undefined ? undefined : defaultPodSpec(template.spec);
  return spec === template.spec || spec === undefined ? template : { ...template, spec };
}

/** DEF-5: a limit without a request is the request, too. */
function defaultRequests(spec: PodSpec): PodSpec {
  const apply = (container: Container): Container =>
    changeField(container, "resources", (resources) => {
      const { limits, requests = {} } = resources;
      const missing = Object.entries(limits ?? {}).filter(
        ([name]) => !Object.hasOwn(requests, name),
      );
      if (missing.length === 0) return resources;
      return { ...resources, requests: { ...requests, ...Object.fromEntries(missing) } };
    });
  const apps = changeField(spec, "containers", (list) => changeEach(list, apply));
  return changeField(apps, "initContainers", (list) => changeEach(list, apply));
}

/** Pod-level requests and huge page limits from what the containers ask, when the pod names some. KEP-2837, 1.34 */
function defaultPodLevelResources(spec: PodSpec): PodSpec {
  const { resources } = spec;
  if (resources === undefined) return spec;
  const named = { ...resources.requests, ...resources.limits };
  if (Object.keys(named).length === 0) return spec;
  const limits = podLevelLimits(spec, resources);
  const requests = podLevelRequests(spec, resources.requests, limits);
  const grown = (before: object | undefined, after: object): boolean =>
    Object.keys(after).length > Object.keys(before ?? {}).length;
  if (!grown(resources.limits, limits) && !grown(resources.requests, requests)) return spec;
  return {
    ...spec,
    resources: {
      ...resources,
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(Object.keys(requests).length > 0 ? { requests } : {}),
    },
  };
}

function podLevelLimits(
  spec: PodSpec,
  { limits: given, requests }: ResourceRequirements,
): Record<string, string> {
  const limits = { ...given };
  for (const [name, limit] of aggregateContainers({ spec }, "limits")) {
    const wanted = isHugePageResource(name) && requests?.[name] === undefined;
    if (wanted) limits[name] ??= formatQuantity(limit);
  }
  return limits;
}

function podLevelRequests(
  spec: PodSpec,
  given: Readonly<Record<string, string>> | undefined,
  limits: Readonly<Record<string, string>>,
): Record<string, string> {
  const requests = { ...given };
  if (Object.keys(limits).length === 0) return requests;
  for (const [name, request] of aggregateContainers({ spec }, "requests")) {
    const wanted = isPodLevelResource(name) && isOvercommitAllowed(name);
    if (wanted) requests[name] ??= formatQuantity(request);
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (isPodLevelResource(name)) requests[name] ??= limit;
  }
  return requests;
}

/** DEF-6. */
function defaultHostPorts(spec: PodSpec): PodSpec {
  if (spec.hostNetwork !== true) return spec;
  const apply = (container: Container): Container =>
    changeField(container, "ports", (ports) =>
      changeEach(ports, (port) => fillEmpty(port, { hostPort: port.containerPort })),
    );
  const apps = changeField(spec, "containers", (list) => changeEach(list, apply));
  return changeField(apps, "initContainers", (list) => changeEach(list, apply));
}

/** DEF-9: the deprecated `serviceAccount` always shows what `serviceAccountName` says, and stands in for it. */
function mirrorServiceAccount(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  if (name === undefined) return spec;
  if (spec.serviceAccountName === name && spec.serviceAccount === name) return spec;
  return { ...spec, serviceAccount: name, serviceAccountName: name };
}

/** podIP is the first of podIPs; it wins where they differ. pkg/apis/core/v1/conversion.go, 1.34 */
function mirrorPodIps(status: PodStatus): PodStatus {
  const { podIP = "", podIPs = [] } = status;
  const [first] = podIPs;
  if (podIP !== "" && podIP !== first?.ip) return { ...status, podIPs: [{ ip: podIP }] };
  if (podIP === "" && first !== undefined) return { ...status, podIP: first.ip };
  return status;
}

const INIT_CONTAINER_ANNOTATION =
  /^pod\.(?:beta|alpha)\.kubernetes\.io\/init-container(?:s|-statuses)$/;

function withoutInitContainerAnnotations<T extends PartialObjectMeta>(metadata: T): T {
  const entries = Object.entries(metadata.annotations ?? {});
  const kept = entries.filter(([key]) => !INIT_CONTAINER_ANNOTATION.test(key));
  if (kept.length === entries.length) return metadata;
  return { ...metadata, annotations: Object.fromEntries(kept) };
}
