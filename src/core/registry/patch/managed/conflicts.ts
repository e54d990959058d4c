import { applyConflict, quote } from "../../../api/index.js";
import type { ManagedFieldsEntry, StatusError } from "../../../api/index.js";
import { forEachPath, hasPath, intersection, isEmptySet } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { printPath } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { compareText } from "../json-value.js";
import { fieldsOf, identifierOf } from "./entries.js";
import type { Entries } from "./entries.js";

/** An applied field that another manager owns with another value. */
export interface FieldConflict {
  /** The other manager as messages show it: `"kubectl" using v1`. */
  readonly manager: string;
  /** As `.spec.containers[name="app"].image`. */
  readonly field: string;
}

/** The same with its path, inside of this folder. */
export interface PathConflict extends FieldConflict {
  readonly path: readonly PathElement[];
}

/** What of the changed fields these managers own, in the order of managers. Source: structured-merge-diff merge/update.go, v6. */
export function conflictsOver(changed: FieldSet, entries: Entries): readonly PathConflict[] {
  const byManager = [...entries].sort((left, right) =>
    compareText(identifierOf(left), identifierOf(right)),
  );
  return byManager.flatMap((entry) => {
    const conflicts: PathConflict[] = [];
    const contested = intersection(fieldsOf(entry), changed);
    if (!isEmptySet(contested)) {
      const manager = printManager(entry);
      forEachPath(contested, (path) => conflicts.push({ manager, path, field: printPath(path) }));
    }
    return conflicts;
  });
}

/** Those of the conflicts that are not over one of these fields. */
export function conflictsOutside(
  conflicts: readonly PathConflict[],
  allowed: FieldSet,
): readonly PathConflict[] {
  return conflicts.filter(({ path }) => !hasPath(allowed, path));
}

/** Source of texts and causes: managedfields/internal/conflict.go, 1.34. */
export function conflictError(conflicts: readonly FieldConflict[]): StatusError {
  const causes = conflicts.map(({ manager, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  return applyConflict(causes, conflictMessage(conflicts));
}

function conflictMessage(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`;
  }
  const lines: string[] = [];
  let manager: string | null = null;
  for (const conflict of conflicts) {
    if (conflict.manager !== manager) {
      manager = conflict.manager;
      lines.push(`conflicts with ${manager}:`);
    }
    lines.push(`- ${conflict.field}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function printManager(entry: ManagedFieldsEntry): string {
  const name = quote(entry.manager ?? "");
  const subresource = entry.subresource ?? "";
  const withSubresource =
    subresource === "" ? name : `${name} with subresource ${quote(subresource)}`;
  return entry.operation === "Update"
    ? `${withSubresource} using ${entry.apiVersion ?? ""}`
    : withSubresource;
}
