import { column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** For kinds that Kubernetes has no printer for, such as LimitRange. Source: apiserver pkg/registry/rest/table.go, 1.34. */
export const genericPrinter: KindPrinter = {
  columns: [NAME_COLUMN, column("Created At", "When the object was created.", "date")],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};
