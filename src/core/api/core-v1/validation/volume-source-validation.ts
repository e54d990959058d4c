import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  CSIVolumeSource,
  CephFSVolumeSource,
  CinderVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  GitRepoVolumeSource,
  GlusterfsVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from "../../generated/core-v1.js";
import {
  dnsLabel,
  messages,
  oneOfIfSet,
  requiredDnsLabel,
  requiredText,
} from "../../meta/check.js";
import { invalid, notSupported, required, tooLong } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { dns1123Subdomain, inRange } from "../../meta/names.js";
import { localDescendingPath, noBacksteps } from "./paths.js";

/** Volume sources that the simulator stores and serves. pkg/apis/core/validation/validation.go, 1.34 */

const MAX_CSI_DRIVER_LENGTH = 63;
const MAX_ISCSI_NAME_LENGTH = 64;
export const ISCSI_TOO_LONG =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

export function validateHostPath(source: HostPathVolumeSource, path: string): FieldError[] {
  if (source.path === "") return [required(`${path}.path`)];
  return [
    ...noBacksteps(source.path, `${path}.path`),
    ...oneOfIfSet(source.type, `${path}.type`, HOST_PATH_TYPES),
  ];
}

export function validateGitRepo(source: GitRepoVolumeSource, path: string): FieldError[] {
  return [
    ...requiredText(source.repository, `${path}.repository`),
    ...localDescendingPath(source.directory ?? "", `${path}.directory`),
  ];
}

export function validateGcePersistentDisk(
  source: GCEPersistentDiskVolumeSource,
  path: string,
): FieldError[] {
  return [
    ...requiredText(source.pdName, `${path}.pdName`),
    ...partitionErrors(source.partition, `${path}.partition`),
  ];
}

export function validateAwsDisk(
  source: AWSElasticBlockStoreVolumeSource,
  path: string,
): FieldError[] {
  return [
    ...requiredText(source.volumeID, `${path}.volumeID`),
    ...partitionErrors(source.partition, `${path}.partition`),
  ];
}

export function validateNfs(source: NFSVolumeSource, path: string): FieldError[] {
  const errors = [
    ...requiredText(source.server, `${path}.server`),
    ...requiredText(source.path, `${path}.path`),
  ];
  if (!source.path.startsWith("/")) {
    errors.push(invalid(`${path}.path`, source.path, "must be an absolute path"));
  }
  return errors;
}

export function validateIscsi(source: ISCSIVolumeSource, path: string): FieldError[] {
  const { iqn, lun, initiatorName, chapAuthDiscovery, chapAuthSession, secretRef } = source;
  const errors = [
    ...requiredText(source.targetPortal, `${path}.targetPortal`),
    ...(iqn === "" ? [required(`${path}.iqn`)] : iscsiNameErrors(iqn, `${path}.iqn`)),
    ...messages(`${path}.lun`, lun, inRange(lun, 0, 255)),
  ];
  const chap = chapAuthDiscovery === true || chapAuthSession === true;
  if (chap && secretRef === undefined) errors.push(required(`${path}.secretRef`));
  if (initiatorName !== undefined) {
    errors.push(...iscsiNameErrors(initiatorName, `${path}.initiatorname`));
  }
  return errors;
}

export function isIscsiTooLong(volume: string, source: ISCSIVolumeSource): boolean {
  const length = `${volume}:${source.targetPortal}`.length;
  return source.initiatorName !== undefined && length > MAX_ISCSI_NAME_LENGTH;
}

export function validateGlusterfs(source: GlusterfsVolumeSource, path: string): FieldError[] {
  return [
    ...requiredText(source.endpoints, `${path}.endpoints`),
    ...requiredText(source.path, `${path}.path`),
  ];
}

export function validateFlocker(source: FlockerVolumeSource, path: string): FieldError[] {
  const { datasetName = "", datasetUUID = "" } = source;
  const errors: FieldError[] = [];
  if (datasetName === "" && datasetUUID === "") {
    errors.push(required(path, "one of datasetName and datasetUUID is required"));
  }
  if (datasetName !== "" && datasetUUID !== "") {
    const detail = "datasetName and datasetUUID can not be specified simultaneously";
    errors.push(invalid(path, "resource", detail));
  }
  if (datasetName.includes("/")) {
    errors.push(invalid(`${path}.datasetName`, datasetName, "must not contain '/'"));
  }
  return errors;
}

export function validateRbd(
  source: Pick<RBDVolumeSource, "monitors" | "image">,
  path: string,
): FieldError[] {
  return [
    ...(source.monitors.length === 0 ? [required(`${path}.monitors`)] : []),
    ...requiredText(source.image, `${path}.image`),
  ];
}

export function validateCinder(source: CinderVolumeSource, path: string): FieldError[] {
  return [
    ...requiredText(source.volumeID, `${path}.volumeID`),
    ...(source.secretRef === undefined
      ? []
      : requiredText(source.secretRef.name, `${path}.secretRef.name`)),
  ];
}

export function validateCephFs(
  source: Pick<CephFSVolumeSource, "monitors">,
  path: string,
): FieldError[] {
  return source.monitors.length === 0 ? [required(`${path}.monitors`)] : [];
}

export function validateQuobyte(source: QuobyteVolumeSource, path: string): FieldError[] {
  const { registry, tenant = "" } = source;
  const hint = "must be a host:port pair or multiple pairs separated by commas";
  const errors: FieldError[] = [];
  if (registry === "") errors.push(required(`${path}.registry`, hint));
  else if (tenant.length >= 65) {
    const detail = "must be a UUID and may not exceed a length of 64 characters";
    errors.push(required(`${path}.tenant`, detail));
  } else {
    const bad = registry
      .split(",")
      .filter((pair) => !/^(\[[^\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair));
    errors.push(...bad.map(() => invalid(`${path}.registry`, registry, hint)));
  }
  return [...errors, ...requiredText(source.volume, `${path}.volume`)];
}

export function validateFibreChannel(source: FCVolumeSource, path: string): FieldError[] {
  const { targetWWNs = [], wwids = [], lun } = source;
  const errors: FieldError[] = [];
  if (targetWWNs.length === 0 && wwids.length === 0) {
    const detail = "must specify either targetWWNs or wwids, but not both";
    errors.push(required(`${path}.targetWWNs`, detail));
  }
  if (targetWWNs.length === 0) return errors;
  if (wwids.length > 0) {
    const detail = "targetWWNs and wwids can not be specified simultaneously";
    errors.push(invalid(`${path}.targetWWNs`, targetWWNs, detail));
  }
  if (lun === undefined) {
    errors.push(required(`${path}.lun`, "lun is required if targetWWNs is specified"));
  } else errors.push(...messages(`${path}.lun`, lun, inRange(lun, 0, 255)));
  return errors;
}

export function validateFlexVolume(
  source: Pick<FlexVolumeSource, "driver" | "options">,
  path: string,
): FieldError[] {
  const reserved = Object.keys(source.options ?? {}).filter((key) =>
    /\.(?:kubernetes|k8s)\.io$/.test(`.${(key.split("/")[0] ?? key).toLowerCase()}`),
  );
  const detail = "kubernetes.io and k8s.io namespaces are reserved";
  return [
    ...requiredText(source.driver, `${path}.driver`),
    ...reserved.map((key) => invalid(`${path}.options[${key}]`, key, detail)),
  ];
}

export function validateAzureFile(
  source: Pick<AzureFileVolumeSource, "secretName" | "shareName">,
  path: string,
): FieldError[] {
  return [
    ...requiredText(source.secretName, `${path}.secretName`),
    ...requiredText(source.shareName, `${path}.shareName`),
  ];
}

export function validateAzureDisk(source: AzureDiskVolumeSource, path: string): FieldError[] {
  const { diskURI, kind } = source;
  const errors = [
    ...requiredText(source.diskName, `${path}.diskName`),
    ...requiredText(diskURI, `${path}.diskURI`),
    ...oneOfIfSet(source.cachingMode, `${path}.cachingMode`, ["None", "ReadOnly", "ReadWrite"]),
    ...oneOfIfSet(kind, `${path}.kind`, ["Dedicated", "Managed", "Shared"]),
  ];
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/")) {
    const form =
      "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
    errors.push(notSupported(`${path}.diskURI`, diskURI, [form]));
  }
  if (kind !== undefined && kind !== "Managed" && !diskURI.startsWith("https://")) {
    const form = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
    errors.push(notSupported(`${path}.diskURI`, diskURI, [form]));
  }
  return errors;
}

export function validateVsphere(
  source: VsphereVirtualDiskVolumeSource,
  path: string,
): FieldError[] {
  return requiredText(source.volumePath, `${path}.volumePath`);
}

export function validatePhoton(
  source: PhotonPersistentDiskVolumeSource,
  path: string,
): FieldError[] {
  return requiredText(source.pdID, `${path}.pdID`);
}

export function validatePortworx(source: PortworxVolumeSource, path: string): FieldError[] {
  return requiredText(source.volumeID, `${path}.volumeID`);
}

export function validateScaleIo(
  source: Pick<ScaleIOVolumeSource, "gateway" | "system" | "volumeName">,
  path: string,
): FieldError[] {
  return [
    ...requiredText(source.gateway, `${path}.gateway`),
    ...requiredText(source.system, `${path}.system`),
    ...requiredText(source.volumeName, `${path}.volumeName`),
  ];
}

export function validateStorageOs(source: StorageOSVolumeSource, path: string): FieldError[] {
  const { volumeName, volumeNamespace = "", secretRef } = source;
  return [
    ...requiredDnsLabel(volumeName, `${path}.volumeName`),
    ...(volumeNamespace === "" ? [] : dnsLabel(volumeNamespace, `${path}.volumeNamespace`)),
    ...(secretRef === undefined ? [] : requiredText(secretRef.name, `${path}.secretRef.name`)),
  ];
}

export function validateCsi(source: CSIVolumeSource, path: string): FieldError[] {
  const secret = source.nodePublishSecretRef;
  const errors = validateCsiDriver(source.driver, `${path}.driver`);
  if (secret === undefined) return errors;
  const name = secret.name ?? "";
  return name === ""
    ? [...errors, required(`${path}.nodePublishSecretRef.name`)]
    : [...errors, ...messages(`${path}.name`, name, dns1123Subdomain(name))];
}

export function validateCsiDriver(driver: string, path: string): FieldError[] {
  const errors = requiredText(driver, path);
  if (driver.length > MAX_CSI_DRIVER_LENGTH) errors.push(tooLong(path, MAX_CSI_DRIVER_LENGTH));
  return [...errors, ...messages(path, driver, dns1123Subdomain(driver.toLowerCase()))];
}

function partitionErrors(partition: number | undefined, path: string): FieldError[] {
  if (partition === undefined || (partition >= 0 && partition <= 255)) return [];
  return messages(path, partition, inRange(partition, 1, 255));
}

/** A qualified iSCSI name: iqn, eui or naa. */
function iscsiNameErrors(name: string, path: string): FieldError[] {
  if (!/^(?:iqn|eui|naa)/.test(name)) {
    return [invalid(path, name, "must be valid format starting with iqn, eui, or naa")];
  }
  const wellFormed =
    (name.startsWith("iqn") && /iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/.test(name)) ||
    /^eui.[A-Za-z0-9]{16}$/.test(name) ||
    /^naa.[A-Za-z0-9]{32}$/.test(name);
  return wellFormed ? [] : [invalid(path, name, "must be valid format")];
}
