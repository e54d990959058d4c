import type { RuntimeClass } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printRuntimeClass, 1.34. */
export const runtimeClassPrinter: KindPrinter<RuntimeClass> = {
  columns: [NAME_COLUMN, column("Handler", "Configuration of the container runtime."), AGE_COLUMN],
  cells: (runtimeClass, nowMs) => [
    runtimeClass.metadata.name,
    runtimeClass.handler,
    ageOf(runtimeClass, nowMs),
  ],
};
