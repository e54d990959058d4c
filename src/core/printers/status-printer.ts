import { column } from "./table.js";
import type { Cell, TableColumn } from "./table.js";

/** An answer that is no object of a kind. */
export interface PrintableStatus {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

export const STATUS_COLUMNS: readonly TableColumn[] = [
  column("Status", "Success or Failure."),
  column("Reason", "Why, in one word."),
  column("Message", "Why, in a sentence."),
];

/** Source: kubernetes pkg/printers/internalversion/printers.go printStatus, 1.34. */
export function statusCells({ status, reason, message }: PrintableStatus): readonly Cell[] {
  return [status ?? "", reason ?? "", message ?? ""];
}
