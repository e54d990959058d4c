import type { FileStat } from "../../../syscall.js";

/** One thing that find looked at. */
export interface Candidate {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly stat: FileStat;
}

export type Test =
  | { readonly kind: "and" | "or"; readonly left: Test; readonly right: Test }
  | { readonly kind: "not"; readonly test: Test }
  | { readonly kind: "check"; readonly check: (candidate: Candidate) => boolean }
  | { readonly kind: "prune" | "quit" | "delete" }
  | { readonly kind: "print"; readonly end: string }
  | {
      readonly kind: "exec";
      readonly words: readonly string[];
      readonly isBatch: boolean;
      readonly asks: boolean;
      readonly id: number;
    };

export interface Settings {
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
  sameDevice: boolean;
  hasAction: boolean;
  /** `-follow`: as -L. */
  follows: boolean;
}
