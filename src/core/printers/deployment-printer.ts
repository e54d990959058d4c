import type { Deployment } from "../api/index.js";
import { ageOf, containerCells, selectorText } from "./formats.js";
import {
  AGE_COLUMN,
  column,
  CONTAINERS_COLUMN,
  IMAGES_COLUMN,
  NAME_COLUMN,
  wideColumn,
} from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printDeployment, 1.34. */
export const deploymentPrinter: KindPrinter<Deployment> = {
  columns: [
    NAME_COLUMN,
    column("Ready", "Pods that are ready, of those wished for."),
    column("Up-to-date", "Pods of the current template."),
    column("Available", "Pods that have been ready for long enough."),
    AGE_COLUMN,
    CONTAINERS_COLUMN,
    IMAGES_COLUMN,
    wideColumn("Selector", "Labels of the deployment's pods."),
  ],
  cells: (deployment, nowMs) => {
    const { spec, status } = deployment;
    return [
      deployment.metadata.name,
      `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      status.updatedReplicas ?? 0,
      status.availableReplicas ?? 0,
      ageOf(deployment, nowMs),
      ...containerCells(spec.template.spec),
      selectorText(spec.selector) ?? "<invalid>",
    ];
  },
};
