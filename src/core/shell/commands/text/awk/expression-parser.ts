import type { Lexer, Token } from "./lexer.js";
import { AwkProblem, type Expression, type Target } from "./syntax.js";

const ASSIGNMENTS: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^=", "**="]);
const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", "==", "!=", ">", ">="]);
const MAX_DEPTH = 200;

/** Tokens in a list, with the read head that statements and expressions share, and the expressions. */
export class ExpressionParser {
  readonly #tokens: Token[] = [];
  #index = 0;
  #depth = 0;
  /** In the operands of `print` a `>` redirects. */
  #noGreater = false;
  /** In the head of `for (x in y)` `in` is no operator. */
  #noIn = false;
  readonly calledNames = new Set<string>();

  constructor(lexer: Lexer) {
    let previous: Token | null = null;
    for (;;) {
      const token = lexer.next(allowsRegex(previous));
      this.#tokens.push(token);
      if (token.kind === "end") return;
      previous = token;
    }
  }

  get token(): Token {
    const token = this.#tokens[this.#index] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("a program has at least its end");
    return token;
  }

  advance(): void {
    this.#index += 1;
  }

  mark(): number {
    return this.#index;
  }

  reset(mark: number): void {
    this.#index = mark;
  }

  isOperator(text: string): boolean {
    return this.token.kind === "operator" && this.token.text === text;
  }

  isKeyword(text: string): boolean {
    return this.token.kind === "keyword" && this.token.text === text;
  }

  expect(text: string): void {
    if (!this.isOperator(text)) throw this.unexpected();
    this.advance();
  }

  unexpected(): AwkProblem {
    return new AwkProblem("Unexpected token", this.token.line);
  }

  skipNewlines(): void {
    while (this.token.kind === "newline") this.advance();
  }

  skipTerminators(): void {
    while (this.token.kind === "newline" || this.isOperator(";")) this.advance();
  }

  expressionList(closing: string): Expression[] {
    const list: Expression[] = [];
    this.skipNewlines();
    while (!this.isOperator(closing)) {
      list.push(this.#plain(() => this.expression()));
      this.skipNewlines();
      if (!this.isOperator(closing)) this.expect(",");
      this.skipNewlines();
    }
    this.advance();
    return list;
  }

  /** `print a, b`, `print (a, b) > "x"`, `print (a)(b)`. */
  printOperands(): Expression[] {
    if (this.isOperator("(")) {
      const mark = this.mark();
      this.advance();
      const grouped = this.expressionList(")");
      const ends = ["newline", "end"].includes(this.token.kind);
      if (ends || [";", "}", ">", ">>", "|"].some((text) => this.isOperator(text))) return grouped;
      this.reset(mark);
    }
    const operands: Expression[] = [];
    const before = this.#noGreater;
    this.#noGreater = true;
    while (!this.#endsPrint()) {
      operands.push(this.expression());
      if (!this.isOperator(",")) break;
      this.advance();
      this.skipNewlines();
    }
    this.#noGreater = before;
    return operands;
  }

  #endsPrint(): boolean {
    if (this.token.kind === "newline" || this.token.kind === "end") return true;
    return [";", "}", ">", ">>", "|"].some((text) => this.isOperator(text));
  }

  #plain<T>(read: () => T): T {
    const noGreater = this.#noGreater;
    const noIn = this.#noIn;
    this.#noGreater = false;
    this.#noIn = false;
    const result = read();
    this.#noGreater = noGreater;
    this.#noIn = noIn;
    return result;
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new AwkProblem("Too deep", this.token.line);
    const made = this.#assignment();
    this.#depth -= 1;
    return made;
  }

  #assignment(): Expression {
    const left = this.#conditional();
    if (this.token.kind !== "operator" || !ASSIGNMENTS.has(this.token.text)) return left;
    if (!isTarget(left)) return left;
    const operator = this.token.text.slice(0, -1).replace("**", "^");
    this.advance();
    this.skipNewlines();
    return { kind: "assign", operator, target: left, value: this.expression() };
  }

  #conditional(): Expression {
    const test = this.#or();
    if (!this.isOperator("?")) return test;
    this.advance();
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(":");
    this.skipNewlines();
    return { kind: "conditional", test, yes, no: this.expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.isOperator("||")) {
      this.advance();
      this.skipNewlines();
      left = { kind: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.isOperator("&&")) {
      this.advance();
      this.skipNewlines();
      left = { kind: "and", left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (!this.#noIn && this.isKeyword("in")) {
      this.advance();
      const { token } = this;
      if (token.kind !== "name") throw this.unexpected();
      this.advance();
      left = { kind: "in", keys: [left], array: token.text };
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.isOperator("~") || this.isOperator("!~")) {
      const isNegated = this.token.text === "!~";
      this.advance();
      left = { kind: "match", isNegated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expression {
    const left = this.concatenation();
    const { token } = this;
    if (token.kind !== "operator" || !COMPARISONS.has(token.text)) return this.#piped(left);
    if (token.text === ">" && this.#noGreater) return left;
    this.advance();
    const right = this.concatenation();
    return { kind: "binary", operator: token.text, left, right };
  }

  /** `"command" | getline x` */
  #piped(from: Expression): Expression {
    let left = from;
    while (this.isOperator("|")) {
      const mark = this.mark();
      this.advance();
      if (!this.isKeyword("getline")) {
        this.reset(mark);
        return left;
      }
      this.advance();
      left = { kind: "getline", from: "command", source: left, target: this.#optionalTarget() };
    }
    return left;
  }

  #optionalTarget(): Target | null {
    const startsTarget = this.token.kind === "name" || this.isOperator("$");
    if (!startsTarget) return null;
    const target = this.#primary();
    return isTarget(target) ? target : null;
  }

  concatenation(): Expression {
    let left = this.#additive();
    while (this.#startsOperand()) {
      left = { kind: "binary", operator: " ", left, right: this.#additive() };
    }
    return left;
  }

  #startsOperand(): boolean {
    const { kind, text } = this.token;
    if (["number", "string", "regex", "name", "call", "builtin"].includes(kind)) return true;
    return kind === "operator" && ["$", "!", "(", "-", "+", "++", "--"].includes(text);
  }

  #additive(): Expression {
    let left = this.#multiplicative();
    while (this.isOperator("+") || this.isOperator("-")) {
      const operator = this.token.text;
      this.advance();
      left = { kind: "binary", operator, left, right: this.#multiplicative() };
    }
    return left;
  }

  #multiplicative(): Expression {
    let left = this.#unary();
    while (this.isOperator("*") || this.isOperator("/") || this.isOperator("%")) {
      const operator = this.token.text;
      this.advance();
      left = { kind: "binary", operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expression {
    const { token } = this;
    if (
      token.kind === "operator" &&
      (token.text === "!" || token.text === "-" || token.text === "+")
    ) {
      this.advance();
      return { kind: "unary", operator: token.text, operand: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.isOperator("^") && !this.isOperator("**")) return base;
    this.advance();
    // Right-associative, and a sign may stand before the exponent.
    return { kind: "binary", operator: "^", left: base, right: this.#unary() };
  }

  #postfix(): Expression {
    const { token } = this;
    if (token.kind === "operator" && (token.text === "++" || token.text === "--")) {
      this.advance();
      const target = this.#primary();
      if (!isTarget(target)) throw this.unexpected();
      return { kind: "step", by: token.text === "++" ? 1 : -1, isPrefix: true, target };
    }
    const primary = this.#primary();
    if (!isTarget(primary)) return primary;
    if (!this.isOperator("++") && !this.isOperator("--")) return primary;
    const by = this.token.text === "++" ? 1 : -1;
    this.advance();
    return { kind: "step", by, isPrefix: false, target: primary };
  }

  #primary(): Expression {
    const { token } = this;
    this.advance();
    switch (token.kind) {
      case "number":
        return { kind: "number", value: Number(token.text) };
      case "string":
        return { kind: "string", value: token.text };
      case "regex":
        return { kind: "regex", pattern: token.text };
      case "builtin":
        return this.#builtin(token.text);
      case "call":
        this.calledNames.add(token.text);
        this.expect("(");
        return { kind: "call", name: token.text, operands: this.expressionList(")") };
      case "name":
        return this.#variable(token.text);
      case "keyword":
        if (token.text === "getline") return this.#getline();
        break;
      case "operator":
        if (token.text === "$") return { kind: "field", index: this.#fieldIndex() };
        if (token.text === "(") return this.#group();
        break;
      default:
    }
    this.reset(this.mark() - 1);
    throw this.unexpected();
  }

  /** `$i++` is `($i)++`, `$++i` is `$(++i)`, `$-1` an index of -1. */
  #fieldIndex(): Expression {
    const { token } = this;
    if (
      token.kind === "operator" &&
      (token.text === "-" || token.text === "+" || token.text === "!")
    ) {
      return this.#unary();
    }
    if (token.kind === "operator" && (token.text === "++" || token.text === "--")) {
      return this.#postfix();
    }
    return this.#primary();
  }

  #variable(name: string): Expression {
    if (!this.isOperator("[")) return { kind: "variable", name };
    this.advance();
    return { kind: "element", array: name, keys: this.expressionList("]") };
  }

  #builtin(name: string): Expression {
    // `length` alone is that of the record.
    if (!this.isOperator("(")) {
      if (name !== "length") throw this.unexpected();
      return { kind: "builtin", name, operands: [] };
    }
    this.advance();
    return { kind: "builtin", name, operands: this.expressionList(")") };
  }

  #getline(): Expression {
    const target = this.#optionalTarget();
    if (!this.isOperator("<")) return { kind: "getline", from: "main", source: null, target };
    this.advance();
    return { kind: "getline", from: "file", source: this.#postfix(), target };
  }

  #group(): Expression {
    const list = this.#plain(() => this.expressionList(")"));
    const [only] = list;
    if (list.length === 1 && only !== undefined) return { kind: "group", inner: only };
    // `(i, j) in array`
    if (!this.isKeyword("in") || list.length === 0) throw this.unexpected();
    this.advance();
    const { token } = this;
    if (token.kind !== "name") throw this.unexpected();
    this.advance();
    return { kind: "in", keys: list, array: token.text };
  }
}

export function isTarget(expression: Expression): expression is Target {
  return (
    expression.kind === "variable" || expression.kind === "field" || expression.kind === "element"
  );
}

function allowsRegex(previous: Token | null): boolean {
  if (previous === null) return true;
  switch (previous.kind) {
    case "number":
    case "string":
    case "regex":
    case "name":
    case "end":
      return false;
    case "builtin":
      return false;
    case "operator":
      return ![")", "]", "$", "++", "--"].includes(previous.text);
    default:
      return true;
  }
}
