import type { ResourceQuota } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printResourceQuota, 1.34. */
export const resourceQuotaPrinter: KindPrinter<ResourceQuota> = {
  columns: [
    NAME_COLUMN,
    column("Request", "Used and allowed, of requests and counts."),
    column("Limit", "Used and allowed, of limits."),
    AGE_COLUMN,
  ],
  cells: (quota, nowMs) => {
    const isLimit = (name: string): boolean => name.startsWith("limits.");
    const names = Object.keys(quota.status.hard ?? {}).sort();
    return [
      quota.metadata.name,
      formatUse(
        quota,
        names.filter((name) => !isLimit(name)),
      ),
      formatUse(quota, names.filter(isLimit)),
      ageOf(quota, nowMs),
    ];
  },
};

function formatUse({ status }: ResourceQuota, names: readonly string[]): string {
  return names
    .map((name) => `${name}: ${status.used?.[name] ?? "0"}/${status.hard?.[name] ?? "0"}`)
    .join(", ");
}
