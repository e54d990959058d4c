import type { KubeObject, ResourceDefinition } from "../../core/api/index.js";
import type { ObjectList } from "../cluster-port.js";
import { isList, partialOf } from "./conversion.js";

/** How much of each object a Table's row carries. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** handlers/response.go `asTable`, 1.34. */
export function asTable(
  body: KubeObject | ObjectList,
  definition: ResourceDefinition,
  options: {
    readonly version: string;
    readonly includeObject: IncludeObject;
    readonly withHeaders?: boolean;
  },
): unknown {
  const objects = isList(body, definition) ? body.items : [body];
  const metadata = isList(body, definition)
    ? body.metadata
    : { resourceVersion: body.metadata.resourceVersion };
  const apiVersion = `meta.k8s.io/${options.version}`;
  return {
    kind: "Table",
    apiVersion,
    metadata,
    columnDefinitions: options.withHeaders === false ? null : COLUMNS,
    rows: objects.map((object) => ({
      cells: [object.metadata.name, object.metadata.creationTimestamp],
      object: rowObject(object, options.includeObject, apiVersion),
    })),
  };
}

const COLUMNS = [
  { name: "Name", type: "string", format: "name", description: "", priority: 0 },
  { name: "Created At", type: "date", format: "", description: "", priority: 0 },
];

function rowObject(object: KubeObject, include: IncludeObject, apiVersion: string): unknown {
  switch (include) {
    case "Object":
      return object;
    case "Metadata":
      return partialOf(object, apiVersion);
    case "None":
      return null;
  }
}
