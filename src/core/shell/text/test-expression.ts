import type { Dialect } from "../grammar/index.js";
import { compareIntegerTexts } from "./integer-text.js";
import { fileTest, newerThan, sameFile } from "./file-test.js";
import { wildcard } from "../pattern/wildcard.js";
import type { Sys } from "../syscall.js";

/** A test that cannot be read; `text` is the message without the prefix of `[`. */
export class TestProblem extends Error {
  override readonly name = "TestProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

export interface TestContext {
  readonly sys: Sys;
  readonly dialect: Dialect;
  /** `-v name`, `-o option` of bash; other programs know no variables. */
  readonly isSet?: (name: string) => boolean;
  readonly hasOption?: (name: string) => boolean;
  /** busybox's `[[`: `=` matches a pattern. */
  readonly patterns?: boolean;
  readonly matchesRegex?: (text: string, pattern: string) => boolean;
}

const UNARY = /^-[abcdefghknoprstuvwxzGLNOSR]$/;
const BINARY: ReadonlySet<string> = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "=~",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
]);

/** Evaluates the operands of `test` (without `]`). @throws TestProblem */
export function evaluateTest(context: TestContext, operands: readonly string[]): boolean {
  if (operands.length === 0) return false;
  return new TestReader(context, operands).evaluate();
}

class TestReader {
  #position = 0;

  constructor(
    private readonly context: TestContext,
    private readonly operands: readonly string[],
  ) {}

  evaluate(): boolean {
    const short = this.#short();
    if (short !== null) return short;
    const value = this.#or();
    const extra = this.operands[this.#position];
    if (extra !== undefined) throw this.#unexpected(extra);
    return value;
  }

  /** POSIX decides by the number of operands, up to four, so that operators may be operands. */
  #short(): boolean | null {
    const [first = "", second = "", third = "", fourth = ""] = this.operands;
    switch (this.operands.length) {
      case 1:
        return first !== "";
      case 2:
        return this.#two(first, second);
      case 3:
        return this.#three(first, second, third);
      case 4:
        if (first === "!") return !evaluateTest(this.context, [second, third, fourth]);
        if (first === "(" && fourth === ")") return evaluateTest(this.context, [second, third]);
        return null;
      default:
        return null;
    }
  }

  #two(first: string, second: string): boolean {
    if (first === "!") return second === "";
    if (UNARY.test(first)) return this.#unary(first, second);
    throw BINARY.has(second) && second !== "=~"
      ? this.#argumentExpected(first, second)
      : this.#noUnary(first, second);
  }

  #three(first: string, second: string, third: string): boolean {
    if (BINARY.has(second)) return this.#binary(first, second, third);
    if (second === "-a") return first !== "" && third !== "";
    if (second === "-o") return first !== "" || third !== "";
    if (first === "!") return !evaluateTest(this.context, [second, third]);
    if (first === "(" && third === ")") return second !== "";
    throw this.#noBinary(second);
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#take("-o")) {
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.#take("-a")) {
      const right = this.#not();
      value = value && right;
    }
    return value;
  }

  #not(): boolean {
    if (this.#take("!")) return !this.#not();
    return this.#primary();
  }

  #primary(): boolean {
    const first = this.#next();
    if (first === "(") {
      const value = this.#or();
      if (!this.#take(")")) throw this.#missingBracket();
      return value;
    }
    const operator = this.operands[this.#position];
    const right = this.operands[this.#position + 1];
    if (operator !== undefined && right !== undefined && BINARY.has(operator)) {
      this.#position += 2;
      return this.#binary(first, operator, right);
    }
    if (UNARY.test(first) && operator !== undefined && operator !== ")") {
      this.#position += 1;
      return this.#unary(first, operator);
    }
    return first !== "";
  }

  #unary(operator: string, operand: string): boolean {
    const { sys, isSet, hasOption } = this.context;
    switch (operator) {
      case "-n":
        return operand !== "";
      case "-z":
        return operand === "";
      case "-t":
        return /^\d+$/.test(operand) && sys.isTerminal(Number(operand));
      case "-v":
        if (isSet === undefined) throw this.#noUnary(operator, operand);
        return isSet(operand);
      case "-o":
        if (hasOption === undefined) throw this.#noUnary(operator, operand);
        return hasOption(operand);
      default:
        return fileTest(sys, operator, operand);
    }
  }

  #binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        if (this.context.patterns === true) return wildcard(right).matches(left);
        return left === right;
      case "!=":
        if (this.context.patterns === true) return !wildcard(right).matches(left);
        return left !== right;
      case "<":
        return left < right;
      case ">":
        return left > right;
      case "=~":
        if (this.context.matchesRegex === undefined) throw this.#noBinary(operator);
        return this.context.matchesRegex(left, right);
      case "-nt":
        return newerThan(this.context.sys, left, right, this.context.dialect === "bash");
      case "-ot":
        return newerThan(this.context.sys, right, left, this.context.dialect === "bash");
      case "-ef":
        return sameFile(this.context.sys, left, right);
      default:
        return this.#compare(left, operator, right);
    }
  }

  #compare(left: string, operator: string, right: string): boolean {
    const order = compareIntegerTexts(left, right);
    if (order === null) throw this.#badNumber(/^\s*[-+]?\d+\s*$/.test(left) ? right : left);
    switch (operator) {
      case "-eq":
        return order === 0;
      case "-ne":
        return order !== 0;
      case "-lt":
        return order < 0;
      case "-le":
        return order <= 0;
      case "-gt":
        return order > 0;
      default:
        return order >= 0;
    }
  }

  #take(word: string): boolean {
    if (this.operands[this.#position] !== word) return false;
    this.#position += 1;
    return true;
  }

  #next(): string {
    const word = this.operands[this.#position];
    if (word === undefined) throw new TestProblem("argument expected");
    this.#position += 1;
    return word;
  }

  #argumentExpected(operand: string, operator: string): TestProblem {
    return this.context.dialect === "bash"
      ? new TestProblem(`${operand}: unary operator expected`)
      : new TestProblem(`${operator}: argument expected`);
  }

  #badNumber(text: string): TestProblem {
    switch (this.context.dialect) {
      case "ash":
        return new TestProblem(`${text}: bad number`);
      case "dash":
        return new TestProblem(`Illegal number: ${text}`);
      case "bash":
        return new TestProblem(`${text}: integer expression expected`);
    }
  }

  #noUnary(operator: string, operand: string): TestProblem {
    switch (this.context.dialect) {
      case "ash":
        return new TestProblem(`${operand}: unknown operand`);
      case "dash":
        return new TestProblem(`${operator}: unexpected operator`);
      case "bash":
        return new TestProblem(`${operator}: unary operator expected`);
    }
  }

  #noBinary(operator: string): TestProblem {
    switch (this.context.dialect) {
      case "ash":
        return new TestProblem(`${operator}: unknown operand`);
      case "dash":
        return new TestProblem(`${this.operands[0] ?? ""}: unexpected operator`);
      case "bash":
        return new TestProblem(`${operator}: binary operator expected`);
    }
  }

  #unexpected(word: string): TestProblem {
    switch (this.context.dialect) {
      case "ash":
        return new TestProblem(`${word}: unknown operand`);
      case "dash":
        return new TestProblem(`${this.operands[0] ?? ""}: unexpected operator`);
      case "bash":
        return new TestProblem("too many arguments");
    }
  }

  #missingBracket(): TestProblem {
    switch (this.context.dialect) {
      case "ash":
        return new TestProblem("closing paren expected");
      case "dash":
        return new TestProblem("closing paren expected");
      case "bash":
        return new TestProblem("`)' expected");
    }
  }
}
