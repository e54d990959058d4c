import type { Integer } from "./integer.js";

export type Expression =
  | { readonly kind: "number"; readonly value: Integer }
  | { readonly kind: "variable"; readonly name: string; readonly subscript: string | null }
  | {
      readonly kind: "unary";
      readonly operator: "+" | "-" | "!" | "~";
      readonly operand: Expression;
    }
  | {
      readonly kind: "step";
      readonly by: 1 | -1;
      readonly prefix: boolean;
      readonly target: VariableExpression;
    }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      /** The text from the right operand on, for bash's "division by 0". */
      readonly rightText: string;
    }
  | {
      readonly kind: "assign";
      /** "=" or the operator before it. */
      readonly operator: string;
      readonly target: VariableExpression;
      readonly value: Expression;
      readonly rightText: string;
    }
  | {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    };

export type VariableExpression = Extract<Expression, { kind: "variable" }>;

export type ArithmeticFault =
  "syntax" | "division by zero" | "negative exponent" | "recursion" | "number" | "read-only";

/** An expression that cannot be read or computed; each shell has its own words for it. */
export class ArithmeticError extends Error {
  override readonly name = "ArithmeticError";

  constructor(
    readonly fault: ArithmeticFault,
    readonly expression: string,
    /** Where reading stopped: the rest of the text from there. */
    readonly rest: string,
    /** bash's words for a syntax error: what was missing. */
    readonly detail: string,
  ) {
    super(`${fault}: ${expression}`);
  }
}
