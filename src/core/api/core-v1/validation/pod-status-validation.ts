import type { ContainerStatus, Pod, PodSpec, PodStatus } from "../../generated/core-v1.js";
import { dnsSubdomain, each, messages, notSupportedIf, qualified } from "../../meta/check.js";
import { duplicate, forbidden, invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { ipErrors, isDualStack } from "../../meta/ip.js";
import { unixId } from "../../meta/names.js";
import { validateImmutable, validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { isSidecar } from "../container-kinds.js";
import { validatePodAnnotationsUpdate } from "./pod-annotations-validation.js";

const SYSTEM_CONDITIONS = ["PodScheduled", "Ready", "Initialized"];

/** pkg/apis/core/validation/validation.go ValidatePodStatusUpdate, 1.34 */
export function validatePodStatusUpdate(next: Pod, previous: Pod): FieldError[] {
  const { status } = next;
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validatePodAnnotationsUpdate(
      next.metadata.annotations,
      previous.metadata.annotations,
      next.spec,
      "metadata.annotations",
    ),
    ...each(status.conditions, "metadata.conditions", ({ type }, path) =>
      SYSTEM_CONDITIONS.includes(type) ? [] : qualified(type, `${path}.Type`),
    ),
    ...nodeNameErrors(next, previous),
    ...validateImmutable(status.qosClass, previous.status.qosClass, "status.qosClass"),
    ...transitionErrors(next, previous),
    ...resourceClaimErrors(status, next.spec),
    ...podIpErrors(status),
    ...hostIpErrors(status),
    ...containerStatusErrors(next),
  ];
}

function nodeNameErrors(next: Pod, previous: Pod): FieldError[] {
  const errors: FieldError[] = [];
  if ((next.spec.nodeName ?? "") !== (previous.spec.nodeName ?? "")) {
    errors.push(forbidden("status.nodeName", "may not be changed directly"));
  }
  const nominated = next.status.nominatedNodeName ?? "";
  if (nominated !== "" && nominated !== previous.status.nominatedNodeName) {
    errors.push(...dnsSubdomain(nominated, "status.nominatedNodeName"));
  }
  return errors;
}

/** RESTART-14: a container that has ended for good stays ended. */
function transitionErrors(next: Pod, previous: Pod): FieldError[] {
  const policy = previous.spec.restartPolicy;
  const sidecars = new Set(
    (previous.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name),
  );
  const revived = (
    field: "containerStatuses" | "initContainerStatuses" | "ephemeralContainerStatuses",
    restartPolicy: string | undefined,
    mayRestart: (name: string) => boolean,
  ): FieldError[] => {
    if (restartPolicy === "Always") return [];
    return each(previous.status[field], `status.${field}`, ({ name, state }, path) => {
      const ended = state?.terminated;
      if (ended === undefined || mayRestart(name)) return [];
      if (ended.exitCode !== 0 && restartPolicy === "OnFailure") return [];
      const detail = "may not be transitioned to non-terminated state";
      return (next.status[field] ?? [])
        .filter((status) => status.name === name && status.state?.terminated === undefined)
        .map(() => forbidden(`${path}.state`, detail));
    });
  };
  return [
    ...revived("containerStatuses", policy, () => false),
    ...revived("initContainerStatuses", policy, (name) => sidecars.has(name)),
    // Never restarted, whatever the pod says.
    ...revived("ephemeralContainerStatuses", "Never", () => false),
  ];
}

function resourceClaimErrors(status: PodStatus, spec: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return each(status.resourceClaimStatuses, "status.resourceClaimStatuses", (claim, path) => {
    const { name, resourceClaimName } = claim;
    const known = (spec.resourceClaims ?? []).some((entry) => entry.name === name);
    const detail = "must match the name of an entry in `spec.resourceClaims`";
    const errors = known ? [] : [invalid(`${path}.name`, name, detail)];
    if (seen.has(name)) errors.push(duplicate(`${path}.name`, name));
    seen.add(name);
    return resourceClaimName === undefined
      ? errors
      : [...errors, ...dnsSubdomain(resourceClaimName, `${path}.name`)];
  });
}

function podIpErrors({ podIPs = [] }: PodStatus): FieldError[] {
  return [
    ...each(podIPs, "status.podIPs", ({ ip }, path) => ipErrors(ip, path)),
    ...familyErrors(podIPs, "status.podIPs"),
    ...repeatedIps(podIPs, "status.podIPs"),
  ];
}

function hostIpErrors({ hostIP = "", hostIPs = [] }: PodStatus): FieldError[] {
  const [first] = hostIPs;
  if (first === undefined) return [];
  const same = hostIP === first.ip;
  return [
    ...(same ? [] : [invalid("status.hostIPs[0].ip", first.ip, "must be equal to `hostIP`")]),
    ...each(hostIPs, "status.hostIPs", ({ ip }, path) => ipErrors(ip, path)),
    ...repeatedIps(hostIPs, "status.hostIPs"),
    ...familyErrors(hostIPs, "status.hostIPs"),
  ];
}

interface Ip {
  readonly ip: string;
}

function familyErrors(ips: readonly Ip[], path: string): FieldError[] {
  if (ips.length < 2) return [];
  if (ips.length === 2 && isDualStack(ips.map(({ ip }) => ip))) return [];
  return [invalid(path, ips, "may specify no more than one IP for each IP family")];
}

function repeatedIps(ips: readonly Ip[], path: string): FieldError[] {
  const seen = new Set<string>();
  return each(ips, path, (address, place) => {
    const repeated = seen.has(address.ip);
    seen.add(address.ip);
    return repeated ? [duplicate(place, address)] : [];
  });
}

function containerStatusErrors({ spec, status }: Pod): FieldError[] {
  const lists = [
    "containerStatuses",
    "initContainerStatuses",
    "ephemeralContainerStatuses",
  ] as const;
  return [
    ...lists.flatMap((list) =>
      each(status[list], `status.${list}`, (entry, path) => userErrors(entry, spec, path)),
    ),
    ...each(status.containerStatuses, "status.containerStatuses", (entry, path) =>
      allocatedErrors(entry, spec.containers, path),
    ),
    ...each(status.initContainerStatuses, "status.initContainerStatuses", (entry, path) =>
      allocatedErrors(entry, spec.initContainers ?? [], path),
    ),
    ...each(
      status.ephemeralContainerStatuses,
      "status.ephemeralContainerStatuses",
      (entry, path) =>
        (entry.allocatedResourcesStatus ?? []).length === 0
          ? []
          : [
              forbidden(
                `${path}.allocatedResourcesStatus`,
                "must not be specified in container status",
              ),
            ],
    ),
  ];
}

function userErrors({ user }: ContainerStatus, spec: PodSpec, path: string): FieldError[] {
  const linux = user?.linux;
  if (linux === undefined) return [];
  if (spec.os?.name === "windows") {
    return [forbidden(`${path}.linux`, "cannot be set for a windows pod")];
  }
  return [
    ...messages(`${path}.linux.uid`, linux.uid, unixId(linux.uid)),
    ...messages(`${path}.linux.gid`, linux.gid, unixId(linux.gid)),
    ...each(linux.supplementalGroups, `${path}.linux.supplementalGroups`, (group, place) =>
      messages(place, group, unixId(group)),
    ),
  ];
}

function allocatedErrors(
  { name, allocatedResourcesStatus }: ContainerStatus,
  containers: PodSpec["containers"],
  path: string,
): FieldError[] {
  const resources = containers.find((container) => container.name === name)?.resources;
  return each(allocatedResourcesStatus, `${path}.allocatedResourcesStatus`, (entry, place) => {
    const errors: FieldError[] = [];
    if (resources !== undefined && entry.name.startsWith("claim:")) {
      const claims = (resources.claims ?? []).map(({ name: claim, request = "" }) =>
        request === "" ? `claim:${claim}` : `claim:${claim}/${request}`,
      );
      const detail =
        "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
      if (!claims.includes(entry.name)) errors.push(invalid(`${place}.name`, entry.name, detail));
    } else if (resources !== undefined && !Object.hasOwn(resources.requests ?? {}, entry.name)) {
      const detail = "must match one of the container's resource requests";
      errors.push(invalid(`${place}.name`, entry.name, detail));
    }
    const seen = new Set<string>();
    return [
      ...errors,
      ...each(entry.resources, `${place}.resources`, ({ resourceID, health = "" }, at) => {
        const repeated = seen.has(resourceID) ? [duplicate(`${at}.resourceID`, resourceID)] : [];
        seen.add(resourceID);
        const known = ["Healthy", "Unhealthy", "Unknown"];
        return [...notSupportedIf(health, `${at}.health`, known), ...repeated];
      }),
    ];
  });
}
