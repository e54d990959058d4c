import type { PodTemplate } from "../api/index.js";
import { containerCells, formatLabels } from "./formats.js";
import { column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPodTemplate, 1.34. */
export const podTemplatePrinter: KindPrinter<PodTemplate> = {
  columns: [
    NAME_COLUMN,
    column("Containers", "Names of the template's containers."),
    column("Images", "Images of the template's containers."),
    column("Pod Labels", "Labels of pods made from the template."),
  ],
  cells: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(template?.spec),
    formatLabels(template?.metadata?.labels),
  ],
};
