import type { StorageClass } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/apis/storage/util/helpers.go, 1.34. */
const DEFAULT_ANNOTATIONS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** Source: kubernetes pkg/printers/internalversion/printers.go printStorageClass, 1.34. */
export const storageClassPrinter: KindPrinter<StorageClass> = {
  columns: [
    NAME_COLUMN,
    column("Provisioner", "Who makes volumes of the class."),
    column("ReclaimPolicy", "What becomes of a volume when it is released."),
    column("VolumeBindingMode", "When a volume is made and bound."),
    column("AllowVolumeExpansion", "Whether volumes can grow."),
    AGE_COLUMN,
  ],
  cells: (storageClass, nowMs) => {
    const { annotations } = storageClass.metadata;
    const isDefault = DEFAULT_ANNOTATIONS.some((name) => annotations?.[name] === "true");
    return [
      `${storageClass.metadata.name}${isDefault ? " (default)" : ""}`,
      storageClass.provisioner,
      storageClass.reclaimPolicy ?? "Delete",
      storageClass.volumeBindingMode ?? "Immediate",
      storageClass.allowVolumeExpansion ?? false,
      ageOf(storageClass, nowMs),
    ];
  },
};
