import type { Namespace } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printNamespace, 1.34. */
export const namespacePrinter: KindPrinter<Namespace> = {
  columns: [NAME_COLUMN, column("Status", "Active, or Terminating."), AGE_COLUMN],
  cells: (namespace, nowMs) => [
    namespace.metadata.name,
    namespace.status.phase ?? "",
    ageOf(namespace, nowMs),
  ],
};
