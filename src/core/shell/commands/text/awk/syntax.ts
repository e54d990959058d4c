export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "regex"; readonly pattern: string }
  | Target
  | { readonly kind: "group"; readonly inner: Expression }
  | { readonly kind: "unary"; readonly operator: "!" | "-" | "+"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "match";
      readonly isNegated: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | {
      readonly kind: "assign";
      /** "" or the operator before `=`. */
      readonly operator: string;
      readonly target: Target;
      readonly value: Expression;
    }
  | {
      readonly kind: "step";
      readonly by: 1 | -1;
      readonly isPrefix: boolean;
      readonly target: Target;
    }
  | { readonly kind: "in"; readonly keys: readonly Expression[]; readonly array: string }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: "builtin"; readonly name: string; readonly operands: readonly Expression[] }
  | {
      readonly kind: "getline";
      readonly from: "main" | "file" | "command";
      readonly source: Expression | null;
      readonly target: Target | null;
    };

/** What can be assigned to. */
export type Target =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "field"; readonly index: Expression }
  | { readonly kind: "element"; readonly array: string; readonly keys: readonly Expression[] };

export type Statement =
  | { readonly kind: "expression"; readonly expression: Expression }
  | {
      readonly kind: "print";
      readonly isFormatted: boolean;
      readonly operands: readonly Expression[];
      readonly redirect: ">" | ">>" | "|" | null;
      readonly target: Expression | null;
    }
  | { readonly kind: "block"; readonly statements: readonly Statement[] }
  | {
      readonly kind: "if";
      readonly test: Expression;
      readonly yes: Statement;
      readonly no: Statement | null;
    }
  | { readonly kind: "while"; readonly test: Expression; readonly body: Statement }
  | { readonly kind: "do"; readonly test: Expression; readonly body: Statement }
  | {
      readonly kind: "for";
      readonly initialize: Statement | null;
      readonly test: Expression | null;
      readonly update: Statement | null;
      readonly body: Statement;
    }
  | {
      readonly kind: "for-in";
      readonly variable: string;
      readonly array: string;
      readonly body: Statement;
    }
  | {
      readonly kind: "delete";
      readonly array: string;
      readonly keys: readonly Expression[] | null;
    }
  | { readonly kind: "break" | "continue" | "next" | "nextfile" }
  | { readonly kind: "exit" | "return"; readonly value: Expression | null };

export interface Rule {
  readonly pattern:
    | { readonly kind: "begin" | "end" | "always" }
    | { readonly kind: "test"; readonly test: Expression }
    | { readonly kind: "range"; readonly first: Expression; readonly last: Expression };
  /** Null: prints the record. */
  readonly action: Statement | null;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}

/** A program that cannot be read or goes wrong; `text` comes after the place. */
export class AwkProblem extends Error {
  override readonly name = "AwkProblem";

  constructor(
    readonly text: string,
    readonly line: number,
  ) {
    super(text);
  }
}
