import type {
  AzureDiskVolumeSource,
  DownwardAPIVolumeFile,
  HostPathVolumeSource,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
  Volume,
  VolumeProjection,
} from "../../generated/core-v1.js";
import { defaultPullPolicy } from "../image-reference.js";
import { changeEach, changeField, fillAbsent, fillEmpty } from "./fill.js";
import { defaultResourceList } from "./resource-defaults.js";

/** 0644: defaultMode of what the kubelet writes. */
const DEFAULT_MODE = 420;
const TOKEN_SECONDS = 3600;

type Step<T> = (value: T) => T;

/** DEF-7. pkg/apis/core/v1/defaults.go and zz_generated.defaults.go, 1.34 */
export function defaultVolume(volume: Volume): Volume {
  if (Object.keys(volume).every((field) => field === "name")) return { ...volume, emptyDir: {} };
  const steps: Step<Volume>[] = [
    (value) => changeField(value, "hostPath", defaultHostPath),
    (value) => changeField(value, "azureDisk", defaultAzureDisk),
    (value) => changeField(value, "secret", withMode),
    (value) => changeField(value, "configMap", withMode),
    (value) =>
      changeField(value, "downwardAPI", (source) =>
        changeField(withMode(source), "items", defaultFiles),
      ),
    (value) =>
      changeField(value, "projected", (source) =>
        changeField(withMode(source), "sources", (sources) =>
          changeEach(sources, defaultProjection),
        ),
      ),
    (value) =>
      changeField(value, "iscsi", (source) => fillEmpty(source, { iscsiInterface: "default" })),
    (value) => changeField(value, "rbd", (source) => fillEmpty(source, RBD)),
    (value) => changeField(value, "scaleIO", (source) => fillEmpty(source, SCALE_IO)),
    (value) =>
      changeField(value, "image", (source) =>
        fillEmpty(source, { pullPolicy: defaultPullPolicy(source.reference ?? "") }),
      ),
    (value) =>
      changeField(value, "ephemeral", (source) =>
        changeField(source, "volumeClaimTemplate", (template) =>
          changeField(template, "spec", defaultClaimSpec),
        ),
      ),
  ];
  return steps.reduce((value, step) => step(value), volume);
}

export function defaultClaimSpec(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const filled = fillAbsent(spec, { volumeMode: "Filesystem" });
  return changeField(filled, "resources", (resources) => {
    const limited = changeField(resources, "limits", defaultResourceList);
    return changeField(limited, "requests", defaultResourceList);
  });
}

export function defaultVolumeSpec(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  const steps: Step<PersistentVolumeSpec>[] = [
    (value) => fillEmpty(value, { persistentVolumeReclaimPolicy: "Retain" }),
    (value) => fillAbsent(value, { volumeMode: "Filesystem" }),
    (value) => changeField(value, "capacity", defaultResourceList),
    (value) => changeField(value, "hostPath", defaultHostPath),
    (value) => changeField(value, "azureDisk", defaultAzureDisk),
    (value) =>
      changeField(value, "iscsi", (source) => fillEmpty(source, { iscsiInterface: "default" })),
    (value) => changeField(value, "rbd", (source) => fillEmpty(source, RBD)),
    (value) => changeField(value, "scaleIO", (source) => fillEmpty(source, SCALE_IO)),
  ];
  return steps.reduce((value, step) => step(value), spec);
}

const RBD = { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" };
const SCALE_IO = { storageMode: "ThinProvisioned", fsType: "xfs" };
const AZURE_DISK = { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false };

function defaultHostPath(source: HostPathVolumeSource): HostPathVolumeSource {
  return fillAbsent(source, { type: "" });
}

function defaultAzureDisk(source: AzureDiskVolumeSource): AzureDiskVolumeSource {
  return fillAbsent(source, AZURE_DISK);
}

function withMode<T extends { defaultMode?: number }>(source: T): T {
  return source.defaultMode === undefined ? { ...source, defaultMode: DEFAULT_MODE } : source;
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
  const token = changeField(projection, "serviceAccountToken", (source) =>
    fillAbsent(source, { expirationSeconds: TOKEN_SECONDS }),
  );
  return changeField(token, "downwardAPI", (source) => changeField(source, "items", defaultFiles));
}

function defaultFiles(files: DownwardAPIVolumeFile[]): DownwardAPIVolumeFile[] {
  return changeEach(files, (file) =>
    changeField(file, "fieldRef", (field) => fillEmpty(field, { apiVersion: "v1" })),
  );
}
