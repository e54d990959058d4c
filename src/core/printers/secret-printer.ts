import type { Secret } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printSecret, 1.34. */
export const secretPrinter: KindPrinter<Secret> = {
  columns: [
    NAME_COLUMN,
    column("Type", "What the data is for."),
    column("Data", "Number of keys."),
    AGE_COLUMN,
  ],
  cells: (secret, nowMs) => [
    secret.metadata.name,
    secret.type ?? "",
    Object.keys(secret.data ?? {}).length,
    ageOf(secret, nowMs),
  ],
};
