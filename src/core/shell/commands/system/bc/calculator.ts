import {
  add,
  compare,
  divide,
  formatDecimal,
  multiply,
  negate,
  ONE,
  parseDecimal,
  raise,
  remainder,
  rescale,
  squareRoot,
  ZERO,
  type Decimal,
} from "./decimal.js";
import { arcTangent, cosine, exponential, logarithm, sine } from "./functions.js";
import { wrapNumber } from "./wrap.js";

/** A line that cannot be read or computed. */
export class CalculationProblem extends Error {
  override readonly name = "CalculationProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

const TOKEN =
  /\s*(?:(\n|;)|("[^"]*")|((?:[0-9A-F]+\.?[0-9A-F]*|\.[0-9A-F]+))|([a-z_][a-z0-9_]*)|(\+\+|--|[-+*/%^]=|[<>=!]=|&&|\|\||[-+*/%^=<>!(){}[\],]))/y;

const MAX_EXPONENT = 100_000;
const MAX_SCALE = 10_000;
const MAX_LOOP_STEPS = 1_000_000;

interface Token {
  readonly kind: "end" | "separator" | "string" | "number" | "name" | "operator";
  readonly text: string;
}

/** Reads and computes statements one by one. */
export class Calculator {
  isOver = false;
  #tokens: Token[] = [];
  #index = 0;
  #depth = 0;
  #loopSteps = 0;
  readonly #variables = new Map<string, Decimal>();
  #scale: number;

  constructor(
    private readonly hasFunctions: boolean,
    private readonly print: (text: string) => void,
  ) {
    this.#scale = hasFunctions ? 20 : 0;
  }

  load(source: string): void {
    this.#tokens = tokenize(source);
    this.#index = 0;
  }

  /** False at the end. */
  step(): boolean {
    while (this.#peek().kind === "separator") this.#index += 1;
    if (this.#peek().kind === "end") return false;
    this.#statement(true);
    return true;
  }

  skipLine(): void {
    while (this.#peek().kind !== "end" && this.#peek().text !== "\n") this.#index += 1;
    this.#depth = 0;
  }

  #peek(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "" };
  }

  #isOperator(text: string): boolean {
    const token = this.#peek();
    return token.kind === "operator" && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#isOperator(text)) return false;
    this.#index += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new CalculationProblem("parse error: bad token");
  }

  /** With `runs` false the statement is only read over. */
  #statement(runs: boolean): void {
    const token = this.#peek();
    if (this.#take("{")) {
      for (;;) {
        while (this.#peek().kind === "separator") this.#index += 1;
        if (this.#take("}")) return;
        if (this.#peek().kind === "end") throw new CalculationProblem("parse error: end of file");
        this.#statement(runs);
      }
    }
    if (token.kind === "string") {
      this.#index += 1;
      if (runs) this.print(token.text.slice(1, -1));
      return;
    }
    if (token.kind === "name" && this.#keyword(token.text, runs)) return;
    const isAssignment = this.#startsAssignment();
    const value = this.#expression(runs);
    if (runs && !isAssignment) this.print(`${wrapNumber(this.#format(value))}\n`);
    if (runs) this.#variables.set("last", value);
  }

  #startsAssignment(): boolean {
    const first = this.#tokens[this.#index];
    const second = this.#tokens[this.#index + 1];
    return (
      first?.kind === "name" && second?.kind === "operator" && /^(?:[-+*/%^]?=)$/.test(second.text)
    );
  }

  #format(value: Decimal): string {
    return formatDecimal(value, this.#base("obase"));
  }

  #base(name: string): number {
    const base = this.#variables.get(name);
    return base === undefined ? 10 : Math.max(2, Math.min(36, Number(rescale(base, 0).units)));
  }

  #keyword(word: string, runs: boolean): boolean {
    switch (word) {
      case "quit":
      case "halt":
        this.#index += 1;
        if (runs) this.isOver = true;
        return true;
      case "print":
        this.#index += 1;
        this.#printList(runs);
        return true;
      case "if":
        this.#index += 1;
        this.#if(runs);
        return true;
      case "while":
        this.#index += 1;
        this.#while(runs);
        return true;
      case "for":
        this.#index += 1;
        this.#for(runs);
        return true;
      case "define":
        throw new CalculationProblem("parse error: functions are not supported");
      default:
        return false;
    }
  }

  #printList(runs: boolean): void {
    do {
      const token = this.#peek();
      if (token.kind === "string") {
        this.#index += 1;
        if (runs) this.print(token.text.slice(1, -1).replace(/\\n/g, "\n").replace(/\\t/g, "\t"));
      } else {
        const value = this.#expression(runs);
        if (runs) this.print(this.#format(value));
      }
    } while (this.#take(","));
  }

  #condition(runs: boolean): boolean {
    this.#expect("(");
    const value = this.#expression(runs);
    this.#expect(")");
    return value.units !== 0n;
  }

  #body(runs: boolean): void {
    while (this.#peek().text === "\n") this.#index += 1;
    this.#statement(runs);
  }

  #if(runs: boolean): void {
    const holds = this.#condition(runs);
    this.#body(runs && holds);
    const mark = this.#index;
    while (this.#peek().kind === "separator") this.#index += 1;
    if (this.#peek().text === "else") {
      this.#index += 1;
      this.#body(runs && !holds);
    } else this.#index = mark;
  }

  #countLoop(): void {
    this.#loopSteps += 1;
    if (this.#loopSteps > MAX_LOOP_STEPS) throw new CalculationProblem("too many steps");
  }

  #while(runs: boolean): void {
    const start = this.#index;
    for (;;) {
      this.#index = start;
      const holds = this.#condition(runs);
      this.#body(runs && holds);
      if (!runs || !holds || this.isOver) return;
      this.#countLoop();
    }
  }

  #for(runs: boolean): void {
    this.#expect("(");
    if (this.#peek().text !== ";") this.#expression(runs);
    this.#separator();
    const test = this.#index;
    if (this.#peek().text !== ";") this.#expression(false);
    this.#separator();
    const update = this.#index;
    if (!this.#isOperator(")")) this.#expression(false);
    this.#expect(")");
    const body = this.#index;
    for (;;) {
      this.#index = test;
      const holds = this.#peek().text === ";" || (runs && this.#expression(true).units !== 0n);
      this.#index = body;
      this.#body(runs && holds);
      if (!runs || !holds || this.isOver) return;
      const end = this.#index;
      this.#index = update;
      if (!this.#isOperator(")")) this.#expression(true);
      this.#index = end;
      this.#countLoop();
    }
  }

  #separator(): void {
    if (this.#peek().text !== ";") throw new CalculationProblem("parse error: bad token");
    this.#index += 1;
  }

  #expression(runs: boolean): Decimal {
    this.#depth += 1;
    if (this.#depth > 200) throw new CalculationProblem("parse error: too deep");
    const value = this.#or(runs);
    this.#depth -= 1;
    return value;
  }

  #or(runs: boolean): Decimal {
    let left = this.#and(runs);
    while (this.#take("||")) {
      const right = this.#and(runs);
      left = left.units !== 0n || right.units !== 0n ? ONE : ZERO;
    }
    return left;
  }

  #and(runs: boolean): Decimal {
    let left = this.#not(runs);
    while (this.#take("&&")) {
      const right = this.#not(runs);
      left = left.units !== 0n && right.units !== 0n ? ONE : ZERO;
    }
    return left;
  }

  #not(runs: boolean): Decimal {
    if (this.#take("!")) return this.#not(runs).units === 0n ? ONE : ZERO;
    return this.#comparison(runs);
  }

  #comparison(runs: boolean): Decimal {
    let left = this.#assignment(runs);
    for (;;) {
      const { kind, text } = this.#peek();
      if (kind !== "operator" || !/^(?:[<>]=?|==|!=)$/.test(text)) return left;
      this.#index += 1;
      left = holds(text, compare(left, this.#assignment(runs))) ? ONE : ZERO;
    }
  }

  #assignment(runs: boolean): Decimal {
    if (!this.#startsAssignment()) return this.#sum(runs);
    const name = this.#peek().text;
    const operator = this.#tokens[this.#index + 1]?.text ?? "=";
    this.#index += 2;
    const right = this.#assignment(runs);
    if (!runs) return right;
    const value =
      operator === "=" ? right : this.#apply(operator.charAt(0), this.#read(name), right);
    this.#write(name, value);
    return value;
  }

  #read(name: string): Decimal {
    switch (name) {
      case "scale":
        return { units: BigInt(this.#scale), scale: 0 };
      case "ibase":
      case "obase":
        return { units: BigInt(this.#base(name)), scale: 0 };
      default:
        return this.#variables.get(name) ?? ZERO;
    }
  }

  #write(name: string, value: Decimal): void {
    if (name === "scale")
      this.#scale = Math.max(0, Math.min(MAX_SCALE, Number(rescale(value, 0).units)));
    else this.#variables.set(name, value);
  }

  #sum(runs: boolean): Decimal {
    let left = this.#product(runs);
    for (;;) {
      const operator = this.#peek().text;
      if (!this.#isOperator("+") && !this.#isOperator("-")) return left;
      this.#index += 1;
      left = this.#compute(runs, operator, left, this.#product(runs));
    }
  }

  #product(runs: boolean): Decimal {
    let left = this.#unary(runs);
    for (;;) {
      const operator = this.#peek().text;
      if (!this.#isOperator("*") && !this.#isOperator("/") && !this.#isOperator("%")) return left;
      this.#index += 1;
      left = this.#compute(runs, operator, left, this.#unary(runs));
    }
  }

  #unary(runs: boolean): Decimal {
    if (this.#take("-")) return negate(this.#unary(runs));
    const base = this.#primary(runs);
    if (!this.#take("^")) return base;
    return this.#compute(runs, "^", base, this.#unary(runs));
  }

  #compute(runs: boolean, operator: string, left: Decimal, right: Decimal): Decimal {
    return runs ? this.#apply(operator, left, right) : ZERO;
  }

  #apply(operator: string, left: Decimal, right: Decimal): Decimal {
    switch (operator) {
      case "+":
        return add(left, right);
      case "-":
        return add(left, negate(right));
      case "*":
        return multiply(left, right, this.#scale);
      case "/":
      case "%":
        if (right.units === 0n) throw new CalculationProblem("divide by zero");
        return operator === "/"
          ? divide(left, right, this.#scale)
          : remainder(left, right, this.#scale);
      default: {
        const exponent = Number(rescale(right, 0).units);
        if (Math.abs(exponent) > MAX_EXPONENT) throw new CalculationProblem("exponent too large");
        return raise(left, exponent, this.#scale);
      }
    }
  }

  #primary(runs: boolean): Decimal {
    const token = this.#peek();
    this.#index += 1;
    if (token.kind === "number") return parseDecimal(token.text, this.#base("ibase"));
    if (token.kind === "operator" && token.text === "(") {
      const value = this.#expression(runs);
      this.#expect(")");
      return value;
    }
    if (token.kind === "operator" && (token.text === "++" || token.text === "--")) {
      return this.#step(this.#name(), token.text, true, runs);
    }
    if (token.kind !== "name") throw new CalculationProblem("parse error: bad token");
    if (this.#take("(")) return this.#call(token.text, runs);
    if (this.#isOperator("++") || this.#isOperator("--")) {
      const operator = this.#peek().text;
      this.#index += 1;
      return this.#step(token.text, operator, false, runs);
    }
    return this.#read(token.text);
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== "name") throw new CalculationProblem("parse error: bad token");
    this.#index += 1;
    return token.text;
  }

  #step(name: string, operator: string, isPrefix: boolean, runs: boolean): Decimal {
    const before = this.#read(name);
    const after = add(before, operator === "++" ? ONE : negate(ONE));
    if (runs) this.#write(name, after);
    return isPrefix ? after : before;
  }

  #call(name: string, runs: boolean): Decimal {
    const value = this.#expression(runs);
    this.#expect(")");
    if (!runs) return ZERO;
    switch (name) {
      case "sqrt":
        if (value.units < 0n) throw new CalculationProblem("square root of a negative number");
        return squareRoot(value, this.#scale);
      case "length":
        return { units: BigInt(String(value.units).replace("-", "").length), scale: 0 };
      case "scale":
        return { units: BigInt(value.scale), scale: 0 };
      case "abs":
        return value.units < 0n ? negate(value) : value;
      default:
        return this.#mathFunction(name, value);
    }
  }

  #mathFunction(name: string, value: Decimal): Decimal {
    if (this.hasFunctions) {
      switch (name) {
        case "s":
          return sine(value, this.#scale);
        case "c":
          return cosine(value, this.#scale);
        case "a":
          return arcTangent(value, this.#scale);
        case "l":
          if (value.units <= 0n)
            throw new CalculationProblem("logarithm of a number that is not positive");
          return logarithm(value, this.#scale);
        case "e":
          return exponential(value, this.#scale);
        default:
      }
    }
    throw new CalculationProblem(`undefined function: ${name}()`);
  }
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "==":
      return order === 0;
    default:
      return order !== 0;
  }
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (source.slice(at).trim() !== "" || /\n/.test(source.slice(at))) {
    const blanks = /^[ \t\r]*/.exec(source.slice(at))?.[0].length ?? 0;
    at += blanks;
    if (source.charAt(at) === "\n" || source.charAt(at) === ";") {
      tokens.push({ kind: "separator", text: source.charAt(at) });
      at += 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null)
      throw new CalculationProblem(`parse error: bad character '${source.charAt(at)}'`);
    const [, , string, number, name, operator] = match;
    if (string !== undefined) tokens.push({ kind: "string", text: string });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
    at = TOKEN.lastIndex;
  }
  return tokens;
}
