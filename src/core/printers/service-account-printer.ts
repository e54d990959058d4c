import type { ServiceAccount } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printServiceAccount, 1.34. */
export const serviceAccountPrinter: KindPrinter<ServiceAccount> = {
  columns: [NAME_COLUMN, column("Secrets", "Number of secrets of the account."), AGE_COLUMN],
  cells: (account, nowMs) => [
    account.metadata.name,
    account.secrets?.length ?? 0,
    ageOf(account, nowMs),
  ],
};
