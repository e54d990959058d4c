import type {
  CSIPersistentVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
} from "../../generated/core-v1.js";
import { dnsLabel, dnsSubdomain, messages, requiredText } from "../../meta/check.js";
import { forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { nameIsDnsLabel } from "../../meta/names.js";
import { noBacksteps } from "./paths.js";
import {
  isIscsiTooLong,
  ISCSI_TOO_LONG,
  validateAwsDisk,
  validateAzureDisk,
  validateAzureFile,
  validateCephFs,
  validateCsiDriver,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateGcePersistentDisk,
  validateGlusterfs,
  validateHostPath,
  validateIscsi,
  validateNfs,
  validatePhoton,
  validatePortworx,
  validateQuobyte,
  validateRbd,
  validateScaleIo,
  validateVsphere,
} from "./volume-source-validation.js";

/** Where a persistent volume is. pkg/apis/core/validation/validation.go ValidatePersistentVolumeSpec, 1.34 */

export const VOLUME_SOURCES = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const;

type Source = (typeof VOLUME_SOURCES)[number];
type Checks = {
  readonly [K in Source]: (
    source: NonNullable<PersistentVolumeSpec[K]>,
    path: string,
  ) => FieldError[];
};

/** Exactly one source; a FlexVolume beside another one has always been let through. */
export function sourceErrors(spec: PersistentVolumeSpec, name: string, path: string): FieldError[] {
  const present = VOLUME_SOURCES.filter((source) => spec[source] !== undefined);
  if (present.length === 0) return [required(path, "must specify a volume type")];
  const errors = present.flatMap((source, index) =>
    index > 0 && source !== "flexVolume"
      ? [forbidden(`${path}.${reportedName(source)}`, "may not specify more than 1 volume type")]
      : check(source, spec[source], path),
  );
  if (spec.iscsi !== undefined && isIscsiTooLong(name, { ...spec.iscsi, secretRef: {} })) {
    const portal = spec.iscsi.targetPortal;
    errors.push(invalid(`${path}.iscsi.targetportal`, portal, ISCSI_TOO_LONG));
  }
  return errors;
}

function reportedName(source: Source): string {
  return source === "cephfs" ? "cephFS" : source;
}

function check<K extends Source>(
  source: K,
  value: PersistentVolumeSpec[K],
  path: string,
): FieldError[] {
  const place = source === "gcePersistentDisk" ? "persistentDisk" : source;
  return value === undefined ? [] : CHECKS[source](value, `${path}.${place}`);
}

const CHECKS: Checks = {
  hostPath: validateHostPath,
  gcePersistentDisk: validateGcePersistentDisk,
  awsElasticBlockStore: validateAwsDisk,
  glusterfs: (source, path) => {
    const namespace = source.endpointsNamespace;
    const errors = validateGlusterfs(source, path);
    if (namespace === undefined) return errors;
    const place = `${path}.endpointsNamespace`;
    const detail = "if the endpointnamespace is set, it must be a valid namespace name";
    return namespace === ""
      ? [...errors, invalid(place, namespace, detail)]
      : [...errors, ...messages(place, namespace, nameIsDnsLabel(namespace, false))];
  },
  flocker: validateFlocker,
  nfs: validateNfs,
  rbd: validateRbd,
  quobyte: validateQuobyte,
  cephfs: validateCephFs,
  iscsi: (source, path) => {
    const { secretRef, ...rest } = source;
    const errors = validateIscsi(secretRef === undefined ? rest : { ...rest, secretRef: {} }, path);
    return secretRef === undefined
      ? errors
      : [...errors, ...requiredText(secretRef.name, `${path}.secretRef.name`)];
  },
  cinder: ({ volumeID, secretRef }, path) => [
    ...requiredText(volumeID, `${path}.volumeID`),
    ...(secretRef === undefined ? [] : namedSecret(secretRef, `${path}.secretRef`)),
  ],
  fc: validateFibreChannel,
  flexVolume: validateFlexVolume,
  azureFile: (source, path) => [
    ...validateAzureFile(source, path),
    ...(source.secretNamespace === "" ? [required(`${path}.secretNamespace`)] : []),
  ],
  vsphereVolume: validateVsphere,
  photonPersistentDisk: validatePhoton,
  portworxVolume: validatePortworx,
  azureDisk: validateAzureDisk,
  scaleIO: validateScaleIo,
  local: (source, path) =>
    source.path === "" ? [required(`${path}.path`)] : noBacksteps(source.path, `${path}.path`),
  storageos: ({ volumeName = "", volumeNamespace = "", secretRef }, path) => [
    ...(volumeName === ""
      ? [required(`${path}.volumeName`)]
      : dnsLabel(volumeName, `${path}.volumeName`)),
    ...(volumeNamespace === "" ? [] : dnsLabel(volumeNamespace, `${path}.volumeNamespace`)),
    ...(secretRef === undefined ? [] : namedSecret(secretRef, `${path}.secretRef`)),
  ],
  csi: csiErrors,
};

function csiErrors(source: CSIPersistentVolumeSource, path: string): FieldError[] {
  const secrets = [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
  ] as const;
  return [
    ...validateCsiDriver(source.driver, `${path}.driver`),
    ...requiredText(source.volumeHandle, `${path}.volumeHandle`),
    ...secrets.flatMap((field) => {
      const secret = source[field];
      return secret === undefined ? [] : validSecret(secret, `${path}.${field}`);
    }),
  ];
}

function namedSecret(
  { name, namespace }: { readonly name?: string; readonly namespace?: string },
  path: string,
): FieldError[] {
  return [...requiredText(name, `${path}.name`), ...requiredText(namespace, `${path}.namespace`)];
}

function validSecret({ name = "", namespace = "" }: SecretReference, path: string): FieldError[] {
  return [
    ...(name === "" ? [required(`${path}.name`)] : dnsSubdomain(name, `${path}.name`)),
    ...(namespace === ""
      ? [required(`${path}.namespace`)]
      : dnsLabel(namespace, `${path}.namespace`)),
  ];
}
