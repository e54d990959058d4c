import type { Container, Volume, VolumeDevice, VolumeMount } from "../../generated/core-v1.js";
import { each, requiredText } from "../../meta/check.js";
import { forbidden, invalid, notFound, notSupported } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { localDescendingPath, noBacksteps } from "./paths.js";

/** The valid volumes of a pod by name. */
export type VolumesByName = ReadonlyMap<string, Volume>;

type MountingContainer = Pick<Container, "volumeMounts" | "volumeDevices" | "securityContext">;

/** VAL-17. pkg/apis/core/validation/validation.go ValidateVolumeMounts, ValidateVolumeDevices, 1.34 */
export function validateMounts(
  container: MountingContainer,
  volumes: VolumesByName,
  path: string,
): FieldError[] {
  const paths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  const mounts = each(container.volumeMounts, `${path}.volumeMounts`, (mount, mountPath) => {
    const { name, mountPath: target } = mount;
    const errors = requiredText(name, `${mountPath}.name`);
    if (!volumes.has(name)) errors.push(notFound(`${mountPath}.name`, name));
    errors.push(...requiredText(target, `${mountPath}.mountPath`));
    if (paths.has(target)) errors.push(invalid(`${mountPath}.mountPath`, target, "must be unique"));
    paths.add(target);
    if (devices.some((device) => device.name === name)) {
      errors.push(invalid(`${mountPath}.name`, name, "must not already exist in volumeDevices"));
    }
    if (devices.some((device) => device.devicePath === target)) {
      const detail = "must not already exist as a path in volumeDevices";
      errors.push(invalid(`${mountPath}.mountPath`, target, detail));
    }
    const list = `${path}.volumeMounts`;
    return [
      ...errors,
      ...subPathErrors(mount, volumes, mountPath, list),
      ...propagationErrors(mount, container, `${list}.mountPropagation`),
      ...recursiveReadOnlyErrors(mount, `${list}.recursiveReadOnly`),
    ];
  });
  return [...mounts, ...deviceErrors(container, volumes, `${path}.volumeDevices`)];
}

/** Kubernetes reports a bad sub path at the list of mounts, without the index. */
function subPathErrors(
  { name, subPath = "", subPathExpr = "" }: VolumeMount,
  volumes: VolumesByName,
  mountPath: string,
  list: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (volumes.get(name)?.image !== undefined) {
    for (const [field, value] of Object.entries({ subPath, subPathExpr })) {
      const detail = "not allowed in image volume sources";
      if (value !== "") errors.push(invalid(`${mountPath}.${field}`, value, detail));
    }
  }
  if (subPath !== "") errors.push(...localDescendingPath(subPath, `${list}.subPath`));
  if (subPathExpr === "") return errors;
  if (subPath !== "") {
    const detail = "subPathExpr and subPath are mutually exclusive";
    errors.push(invalid(`${mountPath}.subPathExpr`, subPathExpr, detail));
  }
  return [...errors, ...localDescendingPath(subPathExpr, `${list}.subPathExpr`)];
}

function propagationErrors(
  { mountPropagation }: VolumeMount,
  { securityContext }: MountingContainer,
  path: string,
): FieldError[] {
  if (mountPropagation === undefined) return [];
  const supported = ["Bidirectional", "HostToContainer", "None"];
  const errors = supported.includes(mountPropagation)
    ? []
    : [notSupported(path, mountPropagation, supported)];
  if (mountPropagation === "Bidirectional" && securityContext?.privileged !== true) {
    const detail = "Bidirectional mount propagation is available only to privileged containers";
    errors.push(forbidden(path, detail));
  }
  return errors;
}

function recursiveReadOnlyErrors(
  { recursiveReadOnly, readOnly, mountPropagation }: VolumeMount,
  path: string,
): FieldError[] {
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return [];
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible") {
    return [notSupported(path, recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"])];
  }
  const errors =
    readOnly === true ? [] : [forbidden(path, "may only be specified when readOnly is true")];
  if (mountPropagation !== undefined && mountPropagation !== "None") {
    const detail = "may only be specified when mountPropagation is None or not specified";
    errors.push(forbidden(path, detail));
  }
  return errors;
}

function deviceErrors(
  { volumeDevices, volumeMounts = [] }: MountingContainer,
  volumes: VolumesByName,
  path: string,
): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  return each(volumeDevices, path, ({ name, devicePath }: VolumeDevice, place) => {
    const volume = volumes.get(name);
    const errors = requiredText(name, `${place}.name`);
    if (names.has(name)) errors.push(invalid(`${place}.name`, name, "must be unique"));
    if (volume === undefined) errors.push(notFound(`${place}.name`, name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const detail =
        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      errors.push(invalid(`${place}.name`, name, detail));
    }
    errors.push(...requiredText(devicePath, `${place}.devicePath`));
    if (paths.has(devicePath)) {
      errors.push(invalid(`${place}.devicePath`, devicePath, "must be unique"));
    }
    if (devicePath !== "" && noBacksteps(devicePath, place).length > 0) {
      const detail = "can not contain backsteps ('..')";
      errors.push(invalid(`${place}.devicePath`, devicePath, detail));
    } else paths.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name)) {
      errors.push(invalid(`${place}.name`, name, "must not already exist in volumeMounts"));
    }
    if (volumeMounts.some((mount) => mount.mountPath === devicePath)) {
      const detail = "must not already exist as a path in volumeMounts";
      errors.push(invalid(`${place}.devicePath`, devicePath, detail));
    }
    names.add(name);
    return errors;
  });
}
