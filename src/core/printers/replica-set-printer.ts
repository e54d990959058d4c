import type { ReplicaSet } from "../api/index.js";
import { ageOf, containerCells, formatSelector } from "./formats.js";
import {
  AGE_COLUMN,
  column,
  CONTAINERS_COLUMN,
  IMAGES_COLUMN,
  NAME_COLUMN,
  wideColumn,
} from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printReplicaSet, 1.34. */
export const replicaSetPrinter: KindPrinter<ReplicaSet> = {
  columns: [
    NAME_COLUMN,
    column("Desired", "Pods wished for.", "integer"),
    column("Current", "Pods there are.", "integer"),
    column("Ready", "Pods that are ready.", "integer"),
    AGE_COLUMN,
    CONTAINERS_COLUMN,
    IMAGES_COLUMN,
    wideColumn("Selector", "Labels of the set's pods."),
  ],
  cells: (replicaSet, nowMs) => {
    const { spec, status } = replicaSet;
    return [
      replicaSet.metadata.name,
      spec.replicas ?? 0,
      status.replicas,
      status.readyReplicas ?? 0,
      ageOf(replicaSet, nowMs),
      ...containerCells(spec.template?.spec),
      formatSelector(spec.selector),
    ];
  },
};
