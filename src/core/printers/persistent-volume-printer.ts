import type { PersistentVolume } from "../api/index.js";
import { ageOf, formatAccessModes, storageClassOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN, wideColumn } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPersistentVolume, 1.34. */
export const persistentVolumePrinter: KindPrinter<PersistentVolume> = {
  columns: [
    NAME_COLUMN,
    column("Capacity", "Size of the volume."),
    column("Access Modes", "How the volume can be mounted."),
    column("Reclaim Policy", "What becomes of it when it is released."),
    column("Status", "Whether it is free, bound or released."),
    column("Claim", "Claim that it is bound to."),
    column("StorageClass", "Class of the volume."),
    column("VolumeAttributesClass", "Class of the volume's attributes."),
    column("Reason", "Why it is in this status."),
    AGE_COLUMN,
    wideColumn("VolumeMode", "Filesystem or block device."),
  ],
  cells: (volume, nowMs) => {
    const { spec, status, metadata } = volume;
    const claim = spec.claimRef;
    return [
      metadata.name,
      spec.capacity?.["storage"] ?? "0",
      formatAccessModes(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? "",
      metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""),
      claim === undefined ? "" : `${claim.namespace ?? ""}/${claim.name ?? ""}`,
      storageClassOf(volume, spec.storageClassName),
      spec.volumeAttributesClassName ?? "<unset>",
      status.reason ?? "",
      ageOf(volume, nowMs),
      spec.volumeMode ?? "<unset>",
    ];
  },
};
