import type { PodResourceClaim, PodSpec } from "../../generated/core-v1.js";
import {
  dnsLabel,
  dnsSubdomain,
  each,
  labels,
  messages,
  notSupportedIf,
  oneOf,
  qualified,
} from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { inRange } from "../../meta/names.js";
import {
  compareQuantities,
  formatQuantity,
  parseQuantity,
  ZERO_QUANTITY,
} from "../../meta/quantity.js";
import { aggregateContainers } from "../pod-resources.js";
import { validateAffinity } from "./affinity-validation.js";
import {
  validateAppContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from "./container-lists-validation.js";
import type { ContainerSurroundings } from "./container-validation.js";
import { validateDnsConfig, validateHostAliases } from "./dns-validation.js";
import { validateContainerResources, validatePodLevelResources } from "./resource-validation.js";
import {
  validateSchedulingGates,
  validateTolerations,
  validateTopologySpread,
} from "./scheduling-validation.js";
import { validatePodSecurityContext } from "./security-context-validation.js";
import { validateVolumes } from "./volume-validation.js";
import { validateHostProcess, validateLinuxPod, validateWindowsPod } from "./windows-validation.js";

const MAX_INT32 = 2147483647;

/**
 * pkg/apis/core/validation/validation.go ValidatePodSpec, 1.34
 * @param podName the pod's, or '' in a template
 */
export function validatePodSpec(
  spec: PodSpec,
  podName: string,
  path: string,
  isPod: boolean,
): FieldError[] {
  const grace = spec.terminationGracePeriodSeconds;
  const { errors, volumes } = validateVolumes(spec.volumes ?? [], podName, `${path}.volumes`);
  const around: ContainerSurroundings = {
    volumes,
    podClaims: (spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name !== ""),
    restartPolicy: spec.restartPolicy,
    hostUsers: spec.hostUsers !== false,
    gracePeriodSeconds: grace,
  };
  const inits = spec.initContainers ?? [];
  const others = [...spec.containers, ...inits];
  return [
    ...(grace === undefined ? [required(`${path}.terminationGracePeriodSeconds`)] : []),
    ...errors,
    ...claimErrors(spec.resourceClaims, `${path}.resourceClaims`),
    ...validateAppContainers(spec.containers, around, `${path}.containers`),
    ...validateInitContainers(inits, spec.containers, around, `${path}.initContainers`),
    ...validateEphemeralContainers(
      spec.ephemeralContainers,
      others,
      around,
      `${path}.ephemeralContainers`,
    ),
    ...podLevelErrors(spec, around.podClaims, `${path}.resources`),
    ...hostNetworkErrors(spec, path, isPod),
    ...oneOf(spec.restartPolicy, `${path}.restartPolicy`, ["Always", "OnFailure", "Never"]),
    ...oneOf(spec.dnsPolicy, `${path}.dnsPolicy`, [
      "ClusterFirstWithHostNet",
      "ClusterFirst",
      "Default",
      "None",
    ]),
    ...labels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...each(spec.readinessGates, `${path}.readinessGates`, ({ conditionType }, place) =>
      qualified(conditionType, `${place}.conditionType`),
    ),
    ...validateSchedulingGates(spec.schedulingGates, `${path}.schedulingGates`),
    ...validateTopologySpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...validateHostProcess(spec, path),
    ...hostUsersErrors(spec, path),
    ...nameErrors(spec, path),
    ...validateTolerations(spec.tolerations, `${path}.tolerations`),
    ...validateHostAliases(spec.hostAliases, `${path}.hostAliases`),
    ...classErrors(spec, path),
    ...osErrors(spec, path),
  ];
}

function nameErrors(spec: PodSpec, path: string): FieldError[] {
  const { serviceAccountName = "", nodeName = "", hostname = "", subdomain = "" } = spec;
  const deadline = spec.activeDeadlineSeconds;
  return [
    ...(serviceAccountName === ""
      ? []
      : dnsSubdomain(serviceAccountName, `${path}.serviceAccountName`)),
    ...(nodeName === "" ? [] : dnsSubdomain(nodeName, `${path}.nodeName`)),
    // VAL-14
    ...(deadline === undefined
      ? []
      : messages(`${path}.activeDeadlineSeconds`, deadline, inRange(deadline, 1, MAX_INT32))),
    ...(hostname === "" ? [] : dnsLabel(hostname, `${path}.hostname`)),
    ...(subdomain === "" ? [] : dnsLabel(subdomain, `${path}.subdomain`)),
  ];
}

function classErrors(spec: PodSpec, path: string): FieldError[] {
  const { priorityClassName = "", runtimeClassName, preemptionPolicy, overhead } = spec;
  return [
    ...(priorityClassName === ""
      ? []
      : dnsSubdomain(priorityClassName, `${path}.priorityClassName`)),
    ...(runtimeClassName === undefined
      ? []
      : dnsSubdomain(runtimeClassName, `${path}.runtimeClassName`)),
    ...(preemptionPolicy === undefined
      ? []
      : oneOf(preemptionPolicy, `${path}.preemptionPolicy`, ["PreemptLowerPriority", "Never"])),
    ...(overhead === undefined
      ? []
      : validateContainerResources({ limits: overhead }, [], `${path}.overhead`)),
  ];
}

function osErrors(spec: PodSpec, path: string): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  if (name === "") return [required(`${path}.os.name`, "cannot be empty")];
  if (name === "linux") return validateLinuxPod(spec, path);
  if (name === "windows") return validateWindowsPod(spec, path);
  return notSupportedIf(name, `${path}.os`, ["linux", "windows"]);
}

function claimErrors(claims: PodResourceClaim[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(claims, path, (claim, place) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${place}.name`));
    else if (seen.has(name)) errors.push(duplicate(`${place}.name`, name));
    else errors.push(...dnsLabel(name, `${place}.name`));
    seen.add(name);
    const sources = { resourceClaimName, resourceClaimTemplateName };
    const given = Object.entries(sources).filter(([, source]) => source !== undefined);
    if (given.length > 1) {
      const detail =
        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
      errors.push(invalid(place, claim, detail));
    }
    if (given.length === 0) {
      const detail = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
      errors.push(invalid(place, claim, detail));
    }
    return [
      ...errors,
      ...given.flatMap(([field, source]) => dnsSubdomain(source ?? "", `${place}.${field}`)),
    ];
  });
}

/** Pod-level resources: requests cover those of the containers, limits those of each container. */
function podLevelErrors(spec: PodSpec, podClaims: readonly string[], path: string): FieldError[] {
  const { resources } = spec;
  if (resources === undefined) return [];
  const errors: FieldError[] = [];
  if (resources.claims !== undefined) {
    const detail = "claims cannot be set for Resources at pod-level";
    errors.push(forbidden(`${path}.claims`, detail));
  }
  errors.push(...validatePodLevelResources(resources, podClaims, path));
  for (const [name, sum] of aggregateContainers({ spec }, "requests")) {
    const text = resources.requests?.[name];
    const request = text === undefined ? ZERO_QUANTITY : parseQuantity(text);
    if (compareQuantities(sum, request) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`;
    errors.push(invalid(`${path}.requests[${name}]`, text ?? "0", detail));
  }
  return [
    ...errors,
    ...each(spec.containers, `${path}.containers`, (container, place) =>
      Object.entries(container.resources?.limits ?? {}).flatMap(([name, limit]) => {
        const most = resources.limits?.[name];
        if (most === undefined) return [];
        if (compareQuantities(parseQuantity(limit), parseQuantity(most)) <= 0) return [];
        const detail = `must be less than or equal to pod limits of ${most}`;
        return [invalid(`${place}[${name}].limits`, limit, detail)];
      }),
    ),
  ];
}

/** VAL-13. A template may leave host ports out: they are set when the pod is made. */
function hostNetworkErrors(spec: PodSpec, path: string, isPod: boolean): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return each(spec.containers, `${path}.containers`, (container, place) =>
    each(container.ports, `${place}.ports`, ({ hostPort = 0, containerPort }, portPath) => {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) return [];
      const detail = "must match `containerPort` when `hostNetwork` is true";
      return [invalid(`${portPath}.hostPort`, hostPort, detail)];
    }),
  );
}

function hostUsersErrors(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const shared = [
    ["hostNetwork", spec.hostNetwork],
    ["HostPID", spec.hostPID],
    ["HostIPC", spec.hostIPC],
  ] as const;
  return shared
    .filter(([, value]) => value === true)
    .map(([field]) => forbidden(`${path}.${field}`, "when `pod.Spec.HostUsers` is false"));
}
