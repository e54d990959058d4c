import type { Lease } from "../api/index.js";
import { ageOf } from "./formats.js";
import { AGE_COLUMN, column, NAME_COLUMN } from "./table.js";
import type { KindPrinter } from "./table.js";

/** Source: kubernetes pkg/printers/internalversion/printers.go printLease, 1.34. */
export const leasePrinter: KindPrinter<Lease> = {
  columns: [NAME_COLUMN, column("Holder", "Who holds the lease."), AGE_COLUMN],
  cells: (lease, nowMs) => [
    lease.metadata.name,
    lease.spec.holderIdentity ?? "",
    ageOf(lease, nowMs),
  ],
};
