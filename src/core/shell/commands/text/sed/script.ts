import type { Regex } from "../../../pattern/regex-match.js";

export type Address =
  | { readonly kind: "line"; readonly number: number }
  | { readonly kind: "last" }
  /** Null: the expression that was used last. */
  | { readonly kind: "regex"; readonly regex: Regex | null }
  | { readonly kind: "step"; readonly first: number; readonly step: number };

export type RangeEnd =
  | Address
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "multiple"; readonly of: number };

export type ReplacementPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "group"; readonly group: number };

export interface Substitution {
  readonly regex: Regex | null;
  readonly replacement: readonly ReplacementPart[];
  readonly isGlobal: boolean;
  readonly prints: boolean;
  readonly occurrence: number;
  readonly writesTo: string | null;
}

/** One command. `target` is an index in the script: of a label, or past the end of a block. */
export interface SedCommand {
  readonly first: Address | null;
  readonly last: RangeEnd | null;
  readonly isNegated: boolean;
  readonly name: string;
  readonly text: string;
  readonly substitution: Substitution | null;
  readonly map: Uint8Array | null;
  target: number;
}
