import type { PodDisruptionBudget } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPodDisruptionBudget, 1.34. */
export const podDisruptionBudgetPrinter: KindPrinter<PodDisruptionBudget> = {
  columns: [
    NAME_COLUMN,
    column("Min Available", "Pods that must stay available."),
    column("Max Unavailable", "Pods that may be unavailable."),
    column("Allowed Disruptions", "Pods that may be evicted now.", "integer"),
    AGE_COLUMN,
  ],
  cells: (budget, nowMs) => [
    budget.metadata.name,
    String(budget.spec.minAvailable ?? "N/A"),
    String(budget.spec.maxUnavailable ?? "N/A"),
    budget.status.disruptionsAllowed ?? 0,
    ageOf(budget, nowMs),
  ],
};
