import type { Parts } from "../../../paced.js";
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
import { CalculationProblem, tokenize, type Token } from "./tokens.js";
import { wrapNumber } from "./wrap.js";

const MAX_EXPONENT = 100_000;
const MAX_SCALE = 10_000;
/** Digits of one number: an operation on two such takes some milliseconds. */
const MAX_DIGITS = 65_536;
const LARGEST = 10n ** BigInt(MAX_DIGITS);
/** The functions of -l go through a series of so precise terms in one go. */
const MAX_FUNCTION_SCALE = 2000;
const FUNCTION_DIGITS_PER_STEP = 1024;
const LONG = 10n ** 1000n;
/** Operations, by their cost, before they are charged for; one on long numbers is as much as many on short ones. */
const WORK_PER_PART = 1024;
const WORK_OF_LONG = 512;
const WORK_PER_STEP = 8;
const STEPS_PER_ROUND = 1;

/** Reads and computes statements one by one. */
export class Calculator {
  isOver = false;
  #tokens: Token[] = [];
  #index = 0;
  #depth = 0;
  #work = 0;
  readonly #variables = new Map<string, Decimal>();
  #scale: number;

  constructor(
    private readonly hasFunctions: boolean,
    private readonly print: (text: string) => void,
  ) {
    this.#scale = hasFunctions ? 20 : 0;
  }

  *load(source: string): Parts<void> {
    this.#tokens = yield* tokenize(source);
    this.#index = 0;
  }

  /** One statement, in parts. False at the end. */
  *step(): Parts<boolean> {
    while (this.#peek().kind === "separator") this.#index += 1;
    if (this.#peek().kind === "end") return false;
    yield* this.#statement(true);
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
  *#statement(runs: boolean): Parts<void> {
    const token = this.#peek();
    if (this.#take("{")) {
      for (;;) {
        while (this.#peek().kind === "separator") this.#index += 1;
        if (this.#take("}")) return;
        if (this.#peek().kind === "end") throw new CalculationProblem("parse error: end of file");
        yield* this.#statement(runs);
      }
    }
    if (token.kind === "string") {
      this.#index += 1;
      if (runs) this.print(token.text.slice(1, -1));
      return;
    }
    if (token.kind === "name" && (yield* this.#keyword(token.text, runs))) return;
    const isAssignment = this.#startsAssignment();
    const value = yield* this.#expression(runs);
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

  *#keyword(word: string, runs: boolean): Parts<boolean> {
    switch (word) {
      case "quit":
      case "halt":
        this.#index += 1;
        if (runs) this.isOver = true;
        return true;
      case "print":
        this.#index += 1;
        yield* this.#printList(runs);
        return true;
      case "if":
        this.#index += 1;
        yield* this.#if(runs);
        return true;
      case "while":
        this.#index += 1;
        yield* this.#while(runs);
        return true;
      case "for":
        this.#index += 1;
        yield* this.#for(runs);
        return true;
      case "define":
        throw new CalculationProblem("parse error: functions are not supported");
      default:
        return false;
    }
  }

  *#printList(runs: boolean): Parts<void> {
    do {
      const token = this.#peek();
      if (token.kind === "string") {
        this.#index += 1;
        if (runs) this.print(token.text.slice(1, -1).replace(/\\n/g, "\n").replace(/\\t/g, "\t"));
      } else {
        const value = yield* this.#expression(runs);
        if (runs) this.print(this.#format(value));
      }
    } while (this.#take(","));
  }

  *#condition(runs: boolean): Parts<boolean> {
    this.#expect("(");
    const value = yield* this.#expression(runs);
    this.#expect(")");
    return value.units !== 0n;
  }

  *#body(runs: boolean): Parts<void> {
    while (this.#peek().text === "\n") this.#index += 1;
    yield* this.#statement(runs);
  }

  *#if(runs: boolean): Parts<void> {
    const holds = yield* this.#condition(runs);
    yield* this.#body(runs && holds);
    const mark = this.#index;
    while (this.#peek().kind === "separator") this.#index += 1;
    if (this.#peek().text === "else") {
      this.#index += 1;
      yield* this.#body(runs && !holds);
    } else this.#index = mark;
  }

  *#while(runs: boolean): Parts<void> {
    const start = this.#index;
    for (;;) {
      this.#index = start;
      const holds = yield* this.#condition(runs);
      yield* this.#body(runs && holds);
      if (!runs || !holds || this.isOver) return;
      yield STEPS_PER_ROUND;
    }
  }

  *#for(runs: boolean): Parts<void> {
    this.#expect("(");
    if (this.#peek().text !== ";") yield* this.#expression(runs);
    this.#separator();
    const test = this.#index;
    if (this.#peek().text !== ";") yield* this.#expression(false);
    this.#separator();
    const update = this.#index;
    if (!this.#isOperator(")")) yield* this.#expression(false);
    this.#expect(")");
    const body = this.#index;
    for (;;) {
      this.#index = test;
      const holds =
        this.#peek().text === ";" || (runs && (yield* this.#expression(true)).units !== 0n);
      this.#index = body;
      yield* this.#body(runs && holds);
      if (!runs || !holds || this.isOver) return;
      const end = this.#index;
      this.#index = update;
      if (!this.#isOperator(")")) yield* this.#expression(true);
      this.#index = end;
      yield STEPS_PER_ROUND;
    }
  }

  #separator(): void {
    if (this.#peek().text !== ";") throw new CalculationProblem("parse error: bad token");
    this.#index += 1;
  }

  *#expression(runs: boolean): Parts<Decimal> {
    this.#depth += 1;
    if (this.#depth > 200) throw new CalculationProblem("parse error: too deep");
    const value = yield* this.#or(runs);
    this.#depth -= 1;
    return value;
  }

  *#or(runs: boolean): Parts<Decimal> {
    let left = yield* this.#and(runs);
    while (this.#take("||")) {
      const right = yield* this.#and(runs);
      left = left.units !== 0n || right.units !== 0n ? ONE : ZERO;
    }
    return left;
  }

  *#and(runs: boolean): Parts<Decimal> {
    let left = yield* this.#not(runs);
    while (this.#take("&&")) {
      const right = yield* this.#not(runs);
      left = left.units !== 0n && right.units !== 0n ? ONE : ZERO;
    }
    return left;
  }

  *#not(runs: boolean): Parts<Decimal> {
    if (this.#take("!")) return (yield* this.#not(runs)).units === 0n ? ONE : ZERO;
    return yield* this.#comparison(runs);
  }

  *#comparison(runs: boolean): Parts<Decimal> {
    let left = yield* this.#assignment(runs);
    for (;;) {
      const { kind, text } = this.#peek();
      if (kind !== "operator" || !/^(?:[<>]=?|==|!=)$/.test(text)) return left;
      this.#index += 1;
      left = holds(text, compare(left, yield* this.#assignment(runs))) ? ONE : ZERO;
    }
  }

  *#assignment(runs: boolean): Parts<Decimal> {
    if (!this.#startsAssignment()) return yield* this.#sum(runs);
    const name = this.#peek().text;
    const operator = this.#tokens[this.#index + 1]?.text ?? "=";
    this.#index += 2;
    const right = yield* this.#assignment(runs);
    if (!runs) return right;
    const value =
      operator === "=" ? right : yield* this.#apply(operator.charAt(0), this.#read(name), right);
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

  *#sum(runs: boolean): Parts<Decimal> {
    let left = yield* this.#product(runs);
    for (;;) {
      const operator = this.#peek().text;
      if (!this.#isOperator("+") && !this.#isOperator("-")) return left;
      this.#index += 1;
      left = yield* this.#compute(runs, operator, left, yield* this.#product(runs));
    }
  }

  *#product(runs: boolean): Parts<Decimal> {
    let left = yield* this.#unary(runs);
    for (;;) {
      const operator = this.#peek().text;
      if (!this.#isOperator("*") && !this.#isOperator("/") && !this.#isOperator("%")) return left;
      this.#index += 1;
      left = yield* this.#compute(runs, operator, left, yield* this.#unary(runs));
    }
  }

  /** A sign binds tighter than a power: -2^2 is 4. */
  *#unary(runs: boolean): Parts<Decimal> {
    const base = yield* this.#signed(runs);
    if (!this.#take("^")) return base;
    return yield* this.#compute(runs, "^", base, yield* this.#unary(runs));
  }

  *#signed(runs: boolean): Parts<Decimal> {
    if (this.#take("-")) return negate(yield* this.#signed(runs));
    return yield* this.#primary(runs);
  }

  *#compute(runs: boolean, operator: string, left: Decimal, right: Decimal): Parts<Decimal> {
    if (!runs) return ZERO;
    const value = yield* this.#apply(operator, left, right);
    yield* this.#charge(value);
    return value;
  }

  /** Charges for a result by its size, and refuses what is too large to work on in one go. */
  *#charge({ units, scale }: Decimal): Parts<void> {
    if (units > LARGEST || units < -LARGEST || scale > MAX_DIGITS) throw tooLarge();
    const isLong = units > LONG || units < -LONG;
    this.#work += isLong ? WORK_OF_LONG : 1;
    if (this.#work < WORK_PER_PART) return;
    yield this.#work / WORK_PER_STEP;
    this.#work = 0;
  }

  *#apply(operator: string, left: Decimal, right: Decimal): Parts<Decimal> {
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
        if (digitsOf(left) * Math.abs(exponent) > MAX_DIGITS) throw tooLarge();
        return raise(left, exponent, this.#scale);
      }
    }
  }

  *#primary(runs: boolean): Parts<Decimal> {
    const token = this.#peek();
    this.#index += 1;
    if (token.kind === "number") return parseDecimal(token.text, this.#base("ibase"));
    if (token.kind === "operator" && token.text === "(") {
      const value = yield* this.#expression(runs);
      this.#expect(")");
      return value;
    }
    if (token.kind === "operator" && (token.text === "++" || token.text === "--")) {
      return this.#step(this.#name(), token.text, true, runs);
    }
    if (token.kind !== "name") throw new CalculationProblem("parse error: bad token");
    if (this.#take("(")) return yield* this.#call(token.text, runs);
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

  *#call(name: string, runs: boolean): Parts<Decimal> {
    const value = yield* this.#expression(runs);
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
        return yield* this.#mathFunction(name, value);
    }
  }

  *#mathFunction(name: string, value: Decimal): Parts<Decimal> {
    if (this.hasFunctions) {
      if (this.#scale > MAX_FUNCTION_SCALE || digitsOf(value) > MAX_FUNCTION_SCALE)
        throw tooLarge();
      yield (this.#scale * this.#scale) / FUNCTION_DIGITS_PER_STEP;
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

const tooLarge = (): CalculationProblem => new CalculationProblem("out of memory");

/** About how many digits it has. */
const digitsOf = ({ units }: Decimal): number => units.toString(2).length * Math.log10(2);

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
