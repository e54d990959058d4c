import type { KubeObject, ResourceDefinition } from "../../core/api/index.js";
import { partialMetadataOf, printTable } from "../../core/printers/index.js";
import type { ObjectList } from "../cluster-port.js";
import { isList } from "./conversion.js";

/** How much of each object a Table's row carries. */
export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions {
  /** Of meta.k8s.io. */
  readonly version: string;
  readonly includeObject: IncludeObject;
  /** Virtual time that ages are counted to, Unix milliseconds. */
  readonly nowMs: number;
  /** A watch sends its columns once. */
  readonly withHeaders?: boolean;
}

/** An object or a list as kubectl prints it. handlers/response.go `asTable`, 1.34. */
export function asTable(
  body: KubeObject | ObjectList,
  definition: ResourceDefinition,
  { version, includeObject, nowMs, withHeaders = true }: TableOptions,
): unknown {
  const objects = isList(body, definition) ? body.items : [body];
  const metadata = isList(body, definition)
    ? body.metadata
    : { resourceVersion: body.metadata.resourceVersion };
  const apiVersion = `meta.k8s.io/${version}`;
  const { columnDefinitions, rows } = printTable(definition, objects, { nowMs });
  return {
    kind: "Table",
    apiVersion,
    metadata,
    columnDefinitions: withHeaders ? columnDefinitions : null,
    rows: rows.map(({ cells, conditions, object }) => ({
      cells,
      ...(conditions === undefined ? {} : { conditions }),
      object: rowObject(object, includeObject, apiVersion),
    })),
  };
}

function rowObject(object: KubeObject, include: IncludeObject, apiVersion: string): unknown {
  switch (include) {
    case "Object":
      return object;
    case "Metadata":
      return partialMetadataOf(object, apiVersion);
    case "None":
      return null;
  }
}
