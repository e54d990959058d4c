import { findResource } from "../../api/index.js";
import type { KubeObject, ResourceDefinition } from "../../api/index.js";
import { printTable } from "../index.js";
import { printerOf } from "../kind-printers.js";

/** 2026-01-01T01:00:00Z: an hour after everything below was made. */
export const NOW_MS = 1_767_229_200_000;
export const CREATED = "2026-01-01T00:00:00Z";

/** A row of the resource table; for kinds that are not served yet, one with the definition's name alone. */
export function resource(plural: string, group = "", schema = ""): ResourceDefinition {
  const found = findResource(group, "v1", plural);
  if (found === undefined && schema === "") {
    throw new Error(`no resource ${plural}`);
  }
  return found ?? ({ group, version: "v1", plural, schema } as ResourceDefinition);
}

/** An object with the metadata that every stored one has. */
export function object(fields: {
  readonly metadata?: object;
  readonly [field: string]: unknown;
}): KubeObject {
  const metadata = { name: "a", creationTimestamp: CREATED, ...fields.metadata };
  return { ...fields, metadata } as unknown as KubeObject;
}

/** Cells by the header that kubectl shows; wide ones are in angle brackets. */
export function printed(
  definition: ResourceDefinition,
  fields: { readonly metadata?: object; readonly [field: string]: unknown },
): Record<string, unknown> {
  const { columnDefinitions, rows } = printTable(definition, [object(fields)], { nowMs: NOW_MS });
  const cells = rows[0]?.cells ?? [];
  if (cells.length !== printerOf(definition).columns.length) {
    throw new Error(`${cells.length} cells for ${columnDefinitions.length} columns`);
  }
  return Object.fromEntries(
    columnDefinitions.map(({ name, priority }, index) => [
      priority === 0 ? name.toUpperCase() : `<${name.toUpperCase()}>`,
      cells[index],
    ]),
  );
}

/** A table of one row, by the resource and the fields of the object. */
export type Golden = readonly [
  title: string,
  plural: string,
  group: string,
  given: Parameters<typeof printed>[1],
  expected: Record<string, unknown>,
];
