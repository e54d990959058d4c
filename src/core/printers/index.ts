import type { KubeObject, ResourceDefinition } from "../api/index.js";
import { printerOf } from "./kind-printers.js";
import { STATUS_COLUMNS, statusCells } from "./status-printer.js";
import type { PrintableStatus } from "./status-printer.js";
import type { Cell, TableColumn, TableRow } from "./table.js";

export { partialMetadataOf } from "./partial-metadata.js";
export type { PrintableStatus } from "./status-printer.js";
export type { Cell, TableColumn, TableRow } from "./table.js";

/** Columns and rows of a meta.k8s.io/v1 Table. */
export interface PrintedTable {
  /** None without headers: a watcher gets them once. */
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/**
 * Objects of one resource as `kubectl get` shows them. All cells are there; kubectl leaves those of wide columns out unless asked.
 *
 * @param options.nowMs Unix time that ages are counted to
 */
export function printTable(
  resource: ResourceDefinition,
  objects: readonly KubeObject[],
  options: { readonly nowMs: number; readonly noHeaders?: boolean },
): PrintedTable {
  const { columns, cells, conditions } = printerOf(resource);
  return {
    columnDefinitions: options.noHeaders === true ? [] : columns,
    rows: objects.map((object) => {
      const rowConditions = conditions?.(object) ?? [];
      return {
        cells: cells(object, options.nowMs),
        ...(rowConditions.length === 0 ? {} : { conditions: rowConditions }),
        object,
      };
    }),
  };
}

/** A Status as a Table: it has one row and no object. */
export function printStatus(status: PrintableStatus): {
  readonly columnDefinitions: readonly TableColumn[];
  readonly cells: readonly Cell[];
} {
  return { columnDefinitions: STATUS_COLUMNS, cells: statusCells(status) };
}
