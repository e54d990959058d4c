import type { ConfigMap } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printConfigMap, 1.34. */
export const configMapPrinter: KindPrinter<ConfigMap> = {
  columns: [NAME_COLUMN, column("Data", "Number of keys."), AGE_COLUMN],
  cells: ({ metadata, data = {}, binaryData = {}, ...rest }, nowMs) => [
    metadata.name,
    Object.keys(data).length + Object.keys(binaryData).length,
    ageOf({ metadata, ...rest }, nowMs),
  ],
};
