import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
} from "../../generated/core-v1.js";
import { each, messages, oneOfIfSet } from "../../meta/check.js";
import { duplicate, invalid, notSupported, required, tooLong } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { byteLength } from "../../meta/go-format.js";
import { unixId } from "../../meta/names.js";
import { localDescendingPath } from "./paths.js";
import { validateWindowsOptions } from "./windows-validation.js";

/** Security contexts of pods and containers. pkg/apis/core/validation/validation.go, 1.34 */

const MAX_PROFILE_BYTES = 4095;
const MAX_SYSCTL_LENGTH = 253;
const SYSCTL = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const SYSCTL_REGEXP = new RegExp(SYSCTL);

/** @param hostUsers false: the pod has a user namespace of its own */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  hostUsers: boolean,
  path: string,
): FieldError[] {
  if (context === undefined) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors = [
    ...userAndGroup(context, path),
    ...oneOfIfSet(procMount, `${path}.procMount`, ["Default", "Unmasked"]),
  ];
  if (hostUsers && procMount === "Unmasked") {
    const detail = "`hostUsers` must be false to use `Unmasked`";
    errors.push(invalid(`${path}.procMount`, procMount, detail));
  }
  errors.push(...validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`));
  if (allowPrivilegeEscalation === false) {
    if (privileged === true) {
      const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
      errors.push(invalid(path, context, detail));
    }
    if (capabilities?.add?.includes("CAP_SYS_ADMIN") === true) {
      const detail =
        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
      errors.push(invalid(path, context, detail));
    }
  }
  return [
    ...errors,
    ...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`),
    ...validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`),
  ];
}

export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext;
  if (context === undefined) return shareErrors(spec, path);
  const { fsGroup } = context;
  return [
    ...(fsGroup === undefined ? [] : messages(`${path}.fsGroup`, fsGroup, unixId(fsGroup))),
    ...userAndGroup(context, path),
    ...each(context.supplementalGroups, `${path}.supplementalGroups`, (group, place) =>
      messages(place, group, unixId(group)),
    ),
    ...shareErrors(spec, path),
    ...sysctlErrors(spec, context, `${path}.sysctls`),
    ...oneOfIfSet(context.fsGroupChangePolicy, `${path}.fsGroupChangePolicy`, [
      "Always",
      "OnRootMismatch",
    ]),
    ...validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`),
    ...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`),
    ...validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`),
    ...oneOfIfSet(context.supplementalGroupsPolicy, `${path}.supplementalGroupsPolicy`, [
      "Merge",
      "Strict",
    ]),
    ...oneOfIfSet(context.seLinuxChangePolicy, `${path}.seLinuxChangePolicy`, [
      "MountOption",
      "Recursive",
    ]),
  ];
}

function userAndGroup(
  { runAsUser, runAsGroup }: Pick<SecurityContext, "runAsUser" | "runAsGroup">,
  path: string,
): FieldError[] {
  return Object.entries({ runAsUser, runAsGroup }).flatMap(([field, id]) =>
    id === undefined ? [] : messages(`${path}.${field}`, id, unixId(id)),
  );
}

/** VAL-15. Kubernetes keeps both in the security context internally, so that is where it reports them. */
function shareErrors({ shareProcessNamespace, hostPID }: PodSpec, path: string): FieldError[] {
  if (shareProcessNamespace !== true || hostPID !== true) return [];
  const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
  return [invalid(`${path}.shareProcessNamespace`, true, detail)];
}

function sysctlErrors(spec: PodSpec, context: PodSecurityContext, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(context.sysctls, path, ({ name }, place) => {
    const field = `${place}.name`;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(field));
    else if (name.length > MAX_SYSCTL_LENGTH || !SYSCTL_REGEXP.test(name)) {
      const most = String(MAX_SYSCTL_LENGTH);
      const detail = `must have at most ${most} characters and match regex ${SYSCTL}`;
      errors.push(invalid(field, name, detail));
    } else if (seen.has(name)) errors.push(duplicate(field, name));
    seen.add(name);
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork === true && namespace === "net") {
      errors.push(invalid(field, name, "may not be specified when 'hostNetwork' is true"));
    } else if (spec.hostIPC === true && namespace === "ipc") {
      errors.push(invalid(field, name, "may not be specified when 'hostIPC' is true"));
    }
    return errors;
  });
}

/** k8s.io/component-helpers node/util/sysctl/namespace.go, 1.34 */
function sysctlNamespace(name: string): "net" | "ipc" | null {
  // The first separator decides which of `.` and `/` is meant.
  const slash = name.indexOf("/");
  const dot = name.indexOf(".");
  const swapped = slash >= 0 && (dot < 0 || slash < dot);
  const normal = swapped ? name.replace(/[./]/g, (mark) => (mark === "/" ? "." : "/")) : name;
  if (normal.startsWith("net.")) return "net";
  const ipc = /^(?:kernel\.shm|kernel\.msg|fs\.mqueue\.)/.test(normal) || normal === "kernel.sem";
  return ipc ? "ipc" : null;
}

function validateSeccompProfile(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const types = ["Localhost", "RuntimeDefault", "Unconfined"];
  const errors: FieldError[] = [];
  if (type === "") {
    errors.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  } else if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  const field = `${path}.localhostProfile`;
  if (type !== "Localhost") {
    const detail = "can only be set when seccomp type is Localhost";
    if (localhostProfile !== undefined) errors.push(invalid(field, profile, detail));
    return errors;
  }
  return localhostProfile === undefined
    ? [...errors, required(field, "must be set when seccomp type is Localhost")]
    : [...errors, ...localDescendingPath(localhostProfile, field)];
}

function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const types = ["Localhost", "RuntimeDefault", "Unconfined"];
  if (type === "") {
    return [required(`${path}.type`, "type is required when appArmorProfile is set")];
  }
  if (!types.includes(type)) return [notSupported(`${path}.type`, type, types)];
  const field = `${path}.localhostProfile`;
  if (type !== "Localhost") {
    const detail = "can only be set when AppArmor type is Localhost";
    return localhostProfile === undefined ? [] : [invalid(field, localhostProfile, detail)];
  }
  const missing = required(field, "must be set when AppArmor type is Localhost");
  if (localhostProfile === undefined) return [missing];
  const errors: FieldError[] = [];
  const trimmed = localhostProfile.trim();
  if (trimmed !== localhostProfile) {
    errors.push(invalid(field, localhostProfile, "must not be padded with whitespace"));
  } else if (trimmed === "") errors.push(missing);
  if (byteLength(localhostProfile) > MAX_PROFILE_BYTES) {
    errors.push(tooLong(field, MAX_PROFILE_BYTES));
  }
  return errors;
}
