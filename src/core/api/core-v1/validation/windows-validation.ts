import type { PodSpec, WindowsSecurityContextOptions } from "../../generated/core-v1.js";
import { messages } from "../../meta/check.js";
import { forbidden, invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { byteLength } from "../../meta/go-format.js";
import { dns1123Subdomain } from "../../meta/names.js";
import { podContainers } from "../container-kinds.js";

/** Windows options, and what spec.os forbids. pkg/apis/core/validation/validation.go, 1.34 */

const MAX_SPEC_KIB = 64;
const MAX_DOMAIN_LENGTH = 256;
const MAX_USER_LENGTH = 104;
const DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const DNS_DOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const NETBIOS_DOMAIN = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;

export function validateWindowsOptions(
  options: WindowsSecurityContextOptions | undefined,
  path: string,
): FieldError[] {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options ?? {};
  const errors: FieldError[] = [];
  if (gmsaCredentialSpecName !== undefined) {
    const problems = dns1123Subdomain(gmsaCredentialSpecName);
    errors.push(...messages(`${path}.gmsaCredentialSpecName`, gmsaCredentialSpecName, problems));
  }
  if (gmsaCredentialSpec !== undefined) {
    const field = `${path}.gmsaCredentialSpec`;
    if (gmsaCredentialSpec === "") {
      const detail = "gmsaCredentialSpec cannot be an empty string";
      errors.push(invalid(field, gmsaCredentialSpec, detail));
    } else if (byteLength(gmsaCredentialSpec) > MAX_SPEC_KIB * 1024) {
      const detail = `gmsaCredentialSpec size must be under ${String(MAX_SPEC_KIB)} KiB`;
      errors.push(invalid(field, gmsaCredentialSpec, detail));
    }
  }
  if (runAsUserName !== undefined) {
    const problems = userNameProblems(runAsUserName);
    errors.push(...messages(`${path}.runAsUserName`, runAsUserName, problems));
  }
  return errors;
}

/** HostProcess containers: all or none, and on the node's network. */
export function validateHostProcess(spec: PodSpec, path: string): FieldError[] {
  const podHostProcess = spec.securityContext?.windowsOptions?.hostProcess;
  const errors: FieldError[] = [];
  const containers = podContainers(spec);
  const hostProcesses = containers.filter(({ container, list, index }) => {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (podHostProcess !== undefined && own !== undefined && own !== podHostProcess) {
      const field = `${path}.${list}[${String(index)}].securityContext.windowsOptions.hostProcess`;
      const detail = `pod hostProcess value must be identical if both are specified, was ${String(podHostProcess)}`;
      errors.push(invalid(field, own, detail));
    }
    return own ?? podHostProcess ?? false;
  });
  if (hostProcesses.length === 0) return errors;
  if (hostProcesses.length !== containers.length) {
    const detail =
      "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.push(invalid(path, "", detail));
  }
  if (spec.hostNetwork !== true) {
    const detail = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalid(`${path}.hostNetwork`, false, detail));
  }
  return errors;
}

/** spec.os.name is `linux`. */
export function validateLinuxPod(spec: PodSpec, path: string): FieldError[] {
  const detail = "windows options cannot be set for a linux pod";
  const places = [
    ...(spec.securityContext?.windowsOptions === undefined ? [] : [`${path}.securityContext`]),
    ...podContainers(spec)
      .filter(({ container }) => container.securityContext?.windowsOptions !== undefined)
      .map(({ list, index }) => `${path}.${list}[${String(index)}].securityContext`),
  ];
  return places.map((place) => forbidden(`${place}.windowsOptions`, detail));
}

const NOT_ON_WINDOWS = {
  podSecurityContext: [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
  ],
  pod: ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"],
  container: [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
  ],
} as const;

/** spec.os.name is `windows`. */
export function validateWindowsPod(spec: PodSpec, path: string): FieldError[] {
  const refuse = (object: object | undefined, fields: readonly string[], place: string) =>
    fields
      .filter((field) => isSet((object as Record<string, unknown> | undefined)?.[field]))
      .map((field) => forbidden(`${place}.${field}`, "cannot be set for a windows pod"));
  return [
    ...refuse(spec.securityContext, NOT_ON_WINDOWS.podSecurityContext, `${path}.securityContext`),
    ...refuse(spec, NOT_ON_WINDOWS.pod, path),
    ...podContainers(spec).flatMap(({ container, list, index }) => {
      const place = `${path}.${list}[${String(index)}].securityContext`;
      return refuse(container.securityContext, NOT_ON_WINDOWS.container, place);
    }),
  ];
}

function isSet(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function userNameProblems(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  if (/[\x00-\x1f\x7f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const domain = parts.length === 2 ? (parts[0] ?? "") : null;
  const user = parts[parts.length - 1] ?? "";
  const problems: string[] = [];
  if (domain !== null && domain.length >= MAX_DOMAIN_LENGTH) {
    const most = String(MAX_DOMAIN_LENGTH);
    problems.push(`runAsUserName's Domain length must be under ${most} characters`);
  }
  if (domain !== null && !NETBIOS_DOMAIN.test(domain) && !DNS_DOMAIN.test(domain)) {
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  return [...problems, ...userProblems(user)];
}

function userProblems(user: string): string[] {
  const problems: string[] = [];
  if (user === "") problems.push("runAsUserName's User cannot be empty");
  else if (user.length > MAX_USER_LENGTH) {
    const most = String(MAX_USER_LENGTH);
    problems.push(`runAsUserName's User length must not be longer than ${most} characters`);
  }
  if (/^[. ]+$/.test(user)) {
    problems.push("runAsUserName's User cannot contain only periods or spaces");
  }
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    const illegal = '"/\\:;|=,+*?<>@[]';
    problems.push(`runAsUserName's User cannot contain the following characters: ${illegal}`);
  }
  return problems;
}
