import type { PriorityClass } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printPriorityClass, 1.34. */
export const priorityClassPrinter: KindPrinter<PriorityClass> = {
  columns: [
    NAME_COLUMN,
    column("Value", "Priority of the pods of the class.", "integer"),
    column("Global-Default", "Whether pods without a class are of this one.", "boolean"),
    AGE_COLUMN,
    column("PreemptionPolicy", "Whether pods of the class may displace others."),
  ],
  cells: (priorityClass, nowMs) => [
    priorityClass.metadata.name,
    priorityClass.value ?? 0,
    priorityClass.globalDefault ?? false,
    ageOf(priorityClass, nowMs),
    priorityClass.preemptionPolicy ?? "",
  ],
};
