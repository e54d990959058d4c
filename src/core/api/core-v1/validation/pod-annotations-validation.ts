import type { PodSpec, SeccompProfile } from "../../generated/core-v1.js";
import { forbidden, invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { quote } from "../../meta/go-format.js";
import { parseInt64 } from "../../meta/label-requirement.js";
import { validateContainerScripts } from "../../sim-v1/container-script.js";
import { findContainer, podContainers } from "../container-kinds.js";
import { localDescendingPath } from "./paths.js";

/** Annotations that mean something on a pod. pkg/apis/core/validation/validation.go ValidatePodSpecificAnnotations, 1.34 */

type Annotations = Readonly<Record<string, string>> | undefined;

export const MIRROR_POD = "kubernetes.io/config.mirror";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
const INT32_MAXIMUM = 2147483647n;

export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const mirror = annotations?.[MIRROR_POD];
  if (mirror !== undefined && (spec.nodeName ?? "") === "") {
    const detail = "must set spec.nodeName if mirror pod annotation is set";
    errors.push(invalid(`${path}[${MIRROR_POD}]`, mirror, detail));
  }
  const cost = annotations?.[DELETION_COST];
  if (cost !== undefined && !isInt32(cost)) {
    errors.push(invalid(`${path}[${DELETION_COST}]`, cost, "must be a 32bit integer"));
  }
  return [
    ...errors,
    ...seccompErrors(annotations, path),
    ...appArmorErrors(annotations, spec, path),
    ...validateContainerScripts(annotations, path),
  ];
}

/** A pod keeps its mirror and AppArmor annotations as they are. */
export function validatePodAnnotationsUpdate(
  next: Annotations,
  previous: Annotations,
  spec: PodSpec,
  path: string,
): FieldError[] {
  const refuse = (key: string, change: "remove or update" | "add"): FieldError[] => {
    if (key.startsWith(APP_ARMOR)) {
      return [forbidden(`${path}[${key}]`, `may not ${change} AppArmor annotations`)];
    }
    const mirror = forbidden(`${path}[${key}]`, `may not ${change} mirror pod annotation`);
    return key === MIRROR_POD ? [mirror] : [];
  };
  const has = (annotations: Annotations, key: string): boolean =>
    annotations !== undefined && Object.hasOwn(annotations, key);
  return [
    ...Object.entries(previous ?? {}).flatMap(([key, value]) =>
      has(next, key) && next?.[key] === value ? [] : refuse(key, "remove or update"),
    ),
    ...Object.keys(next ?? {}).flatMap((key) => (has(previous, key) ? [] : refuse(key, "add"))),
    ...validatePodAnnotations(next, spec, path),
  ];
}

/** The annotations of old and the fields that replaced them may not contradict each other. @param path of the spec */
export function validateProfilesMatch(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
): FieldError[] {
  const errors = profileMismatch(
    annotations?.[SECCOMP_POD],
    spec.securityContext?.seccompProfile,
    SECCOMP,
    `${path}.securityContext.seccompProfile`,
  );
  const containers = podContainers(spec).map(({ container, list, index }) => ({
    container,
    place: `${path}.${list}[${String(index)}].securityContext`,
  }));
  for (const { container, place } of containers) {
    const annotation = annotations?.[SECCOMP_CONTAINER + container.name];
    const profile = container.securityContext?.seccompProfile;
    errors.push(...profileMismatch(annotation, profile, SECCOMP, `${place}.seccompProfile`));
  }
  if (spec.os?.name === "windows") return errors;
  for (const { container, place } of containers) {
    const annotation = annotations?.[APP_ARMOR + container.name];
    const own = container.securityContext?.appArmorProfile;
    const profile = own ?? spec.securityContext?.appArmorProfile;
    errors.push(
      ...profileMismatch(annotation, profile, APP_ARMOR_NAMES, `${place}.appArmorProfile`),
    );
  }
  return errors;
}

interface ProfileNames {
  readonly word: string;
  readonly runtimeDefault: readonly string[];
}

const SECCOMP: ProfileNames = {
  word: "seccomp",
  runtimeDefault: ["runtime/default", "docker/default"],
};
const APP_ARMOR_NAMES: ProfileNames = { word: "apparmor", runtimeDefault: ["runtime/default"] };

function profileMismatch(
  annotation: string | undefined,
  profile: SeccompProfile | undefined,
  { word, runtimeDefault }: ProfileNames,
  path: string,
): FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const type = forbidden(`${path}.type`, `${word} type in annotation and field must match`);
  switch (profile.type) {
    case "Unconfined":
      return annotation === "unconfined" ? [] : [type];
    case "RuntimeDefault":
      return runtimeDefault.includes(annotation) ? [] : [type];
    case "Localhost": {
      if (!annotation.startsWith("localhost/")) return [type];
      const same = annotation.slice("localhost/".length) === profile.localhostProfile;
      const detail = `${word} profile in annotation and field must match`;
      return same ? [] : [forbidden(`${path}.localhostProfile`, detail)];
    }
    default:
      return [];
  }
}

/** No plus sign and no leading zeros. */
function isInt32(text: string): boolean {
  if (!/^(?:0|-|[1-9])/.test(text) || (text.startsWith("0") && text !== "0")) return false;
  const value = parseInt64(text);
  return value !== null && value <= INT32_MAXIMUM && value >= -INT32_MAXIMUM - 1n;
}

function seccompErrors(annotations: Annotations, path: string): FieldError[] {
  return Object.entries(annotations ?? {}).flatMap(([key, profile]) => {
    if (key !== SECCOMP_POD && !key.startsWith(SECCOMP_CONTAINER)) return [];
    if ([...SECCOMP.runtimeDefault, "unconfined"].includes(profile)) return [];
    const field = `${path}.${key}`;
    return profile.startsWith("localhost/")
      ? localDescendingPath(profile.slice("localhost/".length), field)
      : [invalid(field, profile, "must be a valid seccomp profile")];
  });
}

function appArmorErrors(annotations: Annotations, spec: PodSpec, path: string): FieldError[] {
  return Object.entries(annotations ?? {}).flatMap(([key, profile]) => {
    if (!key.startsWith(APP_ARMOR)) return [];
    const name = key.slice(APP_ARMOR.length);
    const field = `${path}[${key}]`;
    const errors =
      findContainer(spec, name) === undefined ? [invalid(field, name, "container not found")] : [];
    const known =
      ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith("localhost/");
    const detail = `invalid AppArmor profile name: ${quote(profile)}`;
    return known ? errors : [...errors, invalid(field, profile, detail)];
  });
}
