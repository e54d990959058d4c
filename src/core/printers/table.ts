import type { KubeObject } from "../api/index.js";

/** A column of a meta.k8s.io/v1 Table. */
export interface TableColumn {
  readonly name: string;
  readonly type: "boolean" | "date" | "integer" | "string";
  /** `name` marks the column that identifies the row. */
  readonly format: "" | "name";
  readonly description: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: 0 | 1;
}

export type Cell = boolean | number | string;

/** What a watcher may conclude from the row without reading its cells. */
export interface RowCondition {
  readonly type: "Completed";
  readonly status: "True";
  readonly reason: string;
  readonly message: string;
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly RowCondition[];
  /** The printed object; what of it is sent is the server's choice. */
  readonly object: KubeObject;
}

/** What a row shows of an object of one kind; every column has its cell, the wide ones too. */
export interface KindPrinter<T extends KubeObject = KubeObject> {
  readonly columns: readonly TableColumn[];
  readonly cells: (object: T, nowMs: number) => readonly Cell[];
  readonly conditions?: (object: T) => readonly RowCondition[];
}

export function column(
  name: string,
  description: string,
  type: TableColumn["type"] = "string",
): TableColumn {
  return { name, type, format: "", description, priority: 0 };
}

/** A column of `-o wide`. */
export function wideColumn(name: string, description: string): TableColumn {
  return { ...column(name, description), priority: 1 };
}

export const NAME_COLUMN: TableColumn = {
  ...column("Name", "Name of the object, unique within its namespace."),
  format: "name",
};

export const AGE_COLUMN = column("Age", "Time since the object was created.");

export const CONTAINERS_COLUMN = wideColumn("Containers", "Names of the template's containers.");
export const IMAGES_COLUMN = wideColumn("Images", "Images of the template's containers.");
