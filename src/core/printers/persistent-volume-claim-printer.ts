import type { PersistentVolumeClaim } from "../api/index.js";
import { ageOf, formatAccessModes, storageClassOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN, wideColumn } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPersistentVolumeClaim, 1.34. */
export const persistentVolumeClaimPrinter: KindPrinter<PersistentVolumeClaim> = {
  columns: [
    NAME_COLUMN,
    column("Status", "Whether the claim has a volume."),
    column("Volume", "Volume that it is bound to."),
    column("Capacity", "Size of the volume."),
    column("Access Modes", "How the volume can be mounted."),
    column("StorageClass", "Class that the claim asks for."),
    column("VolumeAttributesClass", "Class of attributes that the claim asks for."),
    AGE_COLUMN,
    wideColumn("VolumeMode", "Filesystem or block device."),
  ],
  cells: (claim, nowMs) => {
    const { spec, status, metadata } = claim;
    const isBound = (spec.volumeName ?? "") !== "";
    return [
      metadata.name,
      metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""),
      spec.volumeName ?? "",
      isBound ? (status.capacity?.["storage"] ?? "0") : "",
      isBound ? formatAccessModes(status.accessModes) : "",
      storageClassOf(claim, spec.storageClassName),
      spec.volumeAttributesClassName ?? "<unset>",
      ageOf(claim, nowMs),
      spec.volumeMode ?? "<unset>",
    ];
  },
};
