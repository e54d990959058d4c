import { MAX_ARITHMETIC_DEPTH, MAX_CACHED_PATTERNS } from "../limits.js";
import { BoundedCache } from "../pattern/bounded-cache.js";
import { ArithmeticError, type Expression, type VariableExpression } from "./expression.js";
import { parseInteger } from "./integer.js";

/** What the dialects disagree on. */
export interface ArithmeticGrammar {
  /** `++`, `--`, `**` and the comma: not in dash. */
  readonly hasExtras: boolean;
  /** `&&` and `||` compute both sides, as busybox does (shell/math.c). */
  readonly isEager: boolean;
}

const caches = {
  full: new BoundedCache<Expression>(MAX_CACHED_PATTERNS),
  plain: new BoundedCache<Expression>(MAX_CACHED_PATTERNS),
};
const ZERO: Expression = { kind: "number", value: 0 };

/** Reads C's expression grammar, with `**`. @throws ArithmeticError */
export function parseArithmetic(text: string, grammar: ArithmeticGrammar): Expression {
  const cache = grammar.hasExtras ? caches.full : caches.plain;
  return cache.get(text, () => new Reader(text, grammar.hasExtras).read());
}

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="];

const OPERATOR =
  /(?:<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%<>&^|!~?:=(),])/y;

class Reader {
  #position = 0;
  #depth = 0;

  /** Where the last operator began: bash shows what is missing an operand from there. */
  #lastOperator = 0;

  constructor(
    private readonly text: string,
    private readonly hasExtras: boolean,
  ) {}

  read(): Expression {
    this.#skipBlanks();
    if (this.#position >= this.text.length) return ZERO;
    const expression = this.#comma();
    if (this.#position < this.text.length) {
      const isToken = /[\w(]/.test(this.text.charAt(this.#position)) || this.#peek() !== null;
      const detail = isToken ? "syntax error in expression" : "invalid arithmetic operator";
      throw this.#fault("syntax", detail);
    }
    return expression;
  }

  #comma(): Expression {
    let left = this.#assignment();
    while (this.hasExtras && this.#take(",")) {
      const rightText = this.#rest();
      left = { kind: "binary", operator: ",", left, right: this.#assignment(), rightText };
    }
    return left;
  }

  #assignment(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_ARITHMETIC_DEPTH)
      throw this.#fault("recursion", "expression recursion level exceeded");
    const left = this.#conditional();
    const operator = this.#peek();
    if (operator === null || !ASSIGNMENTS.includes(operator)) {
      this.#depth -= 1;
      return left;
    }
    if (left.kind !== "variable") {
      throw this.#fault("syntax", "attempted assignment to non-variable");
    }
    this.#advance(operator);
    const rightText = this.#rest();
    const value = this.#assignment();
    this.#depth -= 1;
    return { kind: "assign", operator: operator.slice(0, -1), target: left, value, rightText };
  }

  #conditional(): Expression {
    const test = this.#level(0);
    if (!this.#take("?")) return test;
    const yes = this.#comma();
    if (!this.#take(":")) {
      throw this.#fault("syntax", "`:' expected for conditional expression");
    }
    const no = this.#assignment();
    return { kind: "conditional", test, yes, no };
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#power();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#peek();
      if (operator === null || !operators.includes(operator)) return left;
      this.#advance(operator);
      const rightText = this.#rest();
      left = { kind: "binary", operator, left, right: this.#level(level + 1), rightText };
    }
  }

  #power(): Expression {
    const left = this.#unary();
    if (!this.hasExtras || !this.#take("**")) return left;
    const rightText = this.#rest();
    return { kind: "binary", operator: "**", left, right: this.#power(), rightText };
  }

  #unary(): Expression {
    const operator = this.#peek();
    if (operator === "+" || operator === "-" || operator === "!" || operator === "~") {
      this.#advance(operator);
      return { kind: "unary", operator, operand: this.#deeper(() => this.#unary()) };
    }
    if (operator === "++" || operator === "--") {
      if (this.hasExtras) return this.#prefixStep(operator);
      const sign = operator === "++" ? "+" : "-";
      this.#advance(sign);
      return { kind: "unary", operator: sign, operand: this.#deeper(() => this.#unary()) };
    }
    return this.#postfix();
  }

  #deeper(read: () => Expression): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_ARITHMETIC_DEPTH)
      throw this.#fault("recursion", "expression recursion level exceeded");
    const expression = read();
    this.#depth -= 1;
    return expression;
  }

  #prefixStep(operator: "++" | "--"): Expression {
    this.#advance(operator);
    const operand = this.#deeper(() => this.#unary());
    if (operand.kind === "variable") {
      return { kind: "step", by: operator === "++" ? 1 : -1, prefix: true, target: operand };
    }
    // `--5` is two signs.
    const sign = operator === "++" ? "+" : "-";
    return {
      kind: "unary",
      operator: sign,
      operand: { kind: "unary", operator: sign, operand },
    };
  }

  #postfix(): Expression {
    const primary = this.#primary();
    if (primary.kind !== "variable" || !this.hasExtras) return primary;
    const operator = this.#peek();
    if (operator !== "++" && operator !== "--") return primary;
    this.#advance(operator);
    return { kind: "step", by: operator === "++" ? 1 : -1, prefix: false, target: primary };
  }

  #primary(): Expression {
    if (this.#take("(")) {
      const inner = this.#comma();
      if (!this.#take(")")) throw this.#fault("syntax", "missing `)'");
      return inner;
    }
    const word = /[A-Za-z0-9_@#]+/y;
    word.lastIndex = this.#position;
    const token = word.exec(this.text)?.[0];
    if (token === undefined) {
      const rest = this.text.slice(this.#lastOperator);
      const isAtEnd = this.#position >= this.text.length;
      throw new ArithmeticError(
        "syntax",
        this.text,
        isAtEnd ? rest : this.#rest(),
        "operand expected",
      );
    }
    this.#position += token.length;
    if (/^\d/.test(token)) return this.#number(token);
    const variable = this.#variable(token);
    this.#skipBlanks();
    return variable;
  }

  #number(token: string): Expression {
    const value = parseInteger(token);
    if (value === null) throw this.#numberFault(token);
    this.#skipBlanks();
    return { kind: "number", value };
  }

  #numberFault(token: string): ArithmeticError {
    const detail = token.startsWith("0") ? "value too great for base" : "value too great for base";
    return new ArithmeticError("number", this.text, token, detail);
  }

  #variable(name: string): VariableExpression {
    if (this.text.charAt(this.#position) !== "[")
      return { kind: "variable", name, subscript: null };
    let depth = 0;
    const start = this.#position + 1;
    for (let at = start; at < this.text.length; at += 1) {
      const character = this.text.charAt(at);
      if (character === "[") depth += 1;
      if (character !== "]") continue;
      if (depth === 0) {
        this.#position = at + 1;
        return { kind: "variable", name, subscript: this.text.slice(start, at) };
      }
      depth -= 1;
    }
    throw this.#fault("syntax", "bad array subscript");
  }

  #peek(): string | null {
    OPERATOR.lastIndex = this.#position;
    return OPERATOR.exec(this.text)?.[0] ?? null;
  }

  #take(operator: string): boolean {
    if (this.#peek() !== operator) return false;
    this.#advance(operator);
    return true;
  }

  #advance(operator: string): void {
    this.#lastOperator = this.#position;
    this.#position += operator.length;
    this.#skipBlanks();
  }

  #skipBlanks(): void {
    while (/\s/.test(this.text.charAt(this.#position))) this.#position += 1;
  }

  #rest(): string {
    return this.text.slice(this.#position);
  }

  #fault(fault: "syntax" | "recursion", detail: string): ArithmeticError {
    return new ArithmeticError(fault, this.text, this.#rest(), detail);
  }
}
