import { MAX_ARITHMETIC_DEPTH } from "../limits.js";
import { ArithmeticError, type Expression, type VariableExpression } from "./expression.js";
import { compute, formatInteger, isZero, parseInteger, type Integer } from "./integer.js";
import { parseArithmetic, type ArithmeticGrammar } from "./parse.js";

/** The variables an expression reads and changes. */
export interface ArithmeticVariables {
  read(name: string, subscript: string | null): string | undefined;
  /** @throws whatever the shell throws for a read-only variable. */
  write(name: string, subscript: string | null, value: string): void;
}

/** @throws ArithmeticError */
export function evaluateArithmetic(
  text: string,
  variables: ArithmeticVariables,
  grammar: ArithmeticGrammar,
): Integer {
  return new Evaluation(variables, grammar, text, 0).value(parseArithmetic(text, grammar));
}

class Evaluation {
  constructor(
    private readonly variables: ArithmeticVariables,
    private readonly grammar: ArithmeticGrammar,
    private readonly text: string,
    private readonly depth: number,
  ) {}

  value(expression: Expression): Integer {
    switch (expression.kind) {
      case "number":
        return expression.value;
      case "variable":
        return this.#read(expression);
      case "unary":
        return unary(expression.operator, this.value(expression.operand));
      case "step":
        return this.#step(expression);
      case "binary":
        return this.#binary(expression);
      case "assign":
        return this.#assign(expression);
      case "conditional":
        return this.value(isZero(this.value(expression.test)) ? expression.no : expression.yes);
    }
  }

  #read(variable: VariableExpression): Integer {
    const text = this.variables.read(variable.name, variable.subscript);
    if (text === undefined || text === "") return 0;
    const plain = parseInteger(text);
    if (plain !== null) return plain;
    // A variable's value is an expression itself; dash wants a number.
    if (!this.grammar.hasExtras) throw new ArithmeticError("number", text, text, "");
    if (this.depth >= MAX_ARITHMETIC_DEPTH) {
      throw new ArithmeticError("recursion", text, text, "expression recursion level exceeded");
    }
    return new Evaluation(this.variables, this.grammar, text, this.depth + 1).value(
      parseArithmetic(text.trim(), this.grammar),
    );
  }

  #step(expression: Extract<Expression, { kind: "step" }>): Integer {
    const before = this.#read(expression.target);
    const after = compute("+", before, expression.by);
    this.#write(expression.target, after);
    return expression.prefix ? after : before;
  }

  #binary(expression: Extract<Expression, { kind: "binary" }>): Integer {
    const { operator } = expression;
    const left = this.value(expression.left);
    if (operator === "&&") {
      if (this.grammar.isEager)
        return !isZero(this.value(expression.right)) && !isZero(left) ? 1 : 0;
      return isZero(left) || isZero(this.value(expression.right)) ? 0 : 1;
    }
    if (operator === "||") {
      if (this.grammar.isEager)
        return !isZero(this.value(expression.right)) || !isZero(left) ? 1 : 0;
      return isZero(left) && isZero(this.value(expression.right)) ? 0 : 1;
    }
    const right = this.value(expression.right);
    if (operator === ",") return right;
    return this.#apply(operator, left, right, expression.rightText);
  }

  #apply(operator: string, left: Integer, right: Integer, rightText: string): Integer {
    if ((operator === "/" || operator === "%") && isZero(right)) {
      throw new ArithmeticError("division by zero", this.text, rightText, "division by 0");
    }
    if (operator === "**" && right < 0) {
      throw new ArithmeticError("negative exponent", this.text, rightText, "exponent less than 0");
    }
    return compute(operator, left, right);
  }

  #assign(expression: Extract<Expression, { kind: "assign" }>): Integer {
    const { operator, target } = expression;
    const operand = this.value(expression.value);
    const value =
      operator === ""
        ? operand
        : this.#apply(operator, this.#read(target), operand, expression.rightText);
    this.#write(target, value);
    return value;
  }

  #write(target: VariableExpression, value: Integer): void {
    this.variables.write(target.name, target.subscript, formatInteger(value));
  }
}

function unary(operator: "+" | "-" | "!" | "~", value: Integer): Integer {
  switch (operator) {
    case "+":
      return value;
    case "-":
      return compute("-", 0, value);
    case "!":
      return isZero(value) ? 1 : 0;
    case "~":
      return compute("^", value, -1);
  }
}
