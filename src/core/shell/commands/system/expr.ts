import { compileRegex } from "../../pattern/regex-match.js";
import { RegexProblem } from "../../pattern/posix-regex.js";
import type { Command } from "../command.js";

type Value = bigint | string;

/** coreutils/expr.c: 0 when the result is neither null nor 0, 1 otherwise, 2 for a wrong expression. */
export function expr(command: Command): number {
  if (command.operands.length === 0) throw command.failure("too few arguments", 2);
  const value = new Reader(command, command.operands).evaluate();
  command.output.add(`${String(value)}\n`);
  return isNull(value) ? 1 : 0;
}

function isNull(value: Value): boolean {
  return typeof value === "bigint" ? value === 0n : value === "" || /^-?0+$/.test(value);
}

class Reader {
  #position = 0;

  constructor(
    private readonly command: Command,
    private readonly words: readonly string[],
  ) {}

  evaluate(): Value {
    const value = this.#or();
    if (this.#position < this.words.length) throw this.#syntaxError();
    return value;
  }

  #syntaxError(): Error {
    return this.command.failure("syntax error", 2);
  }

  #take(...operators: readonly string[]): string | null {
    const word = this.words[this.#position];
    if (word === undefined || !operators.includes(word)) return null;
    this.#position += 1;
    return word;
  }

  #next(): string {
    const word = this.words[this.#position];
    if (word === undefined) throw this.#syntaxError();
    this.#position += 1;
    return word;
  }

  #or(): Value {
    let left = this.#and();
    while (this.#take("|") !== null) {
      const right = this.#and();
      if (isNull(left)) left = isNull(right) ? 0n : right;
    }
    return left;
  }

  #and(): Value {
    let left = this.#comparison();
    while (this.#take("&") !== null) {
      const right = this.#comparison();
      if (isNull(left) || isNull(right)) left = 0n;
    }
    return left;
  }

  #comparison(): Value {
    let left = this.#sum();
    for (;;) {
      const operator = this.#take("<", "<=", "=", "==", "!=", ">=", ">");
      if (operator === null) return left;
      left = compare(operator, left, this.#sum()) ? 1n : 0n;
    }
  }

  #sum(): Value {
    let left = this.#product();
    for (;;) {
      const operator = this.#take("+", "-");
      if (operator === null) return left;
      const a = this.#number(left);
      const b = this.#number(this.#product());
      left = BigInt.asIntN(64, operator === "+" ? a + b : a - b);
    }
  }

  #product(): Value {
    let left = this.#match();
    for (;;) {
      const operator = this.#take("*", "/", "%");
      if (operator === null) return left;
      const a = this.#number(left);
      const b = this.#number(this.#match());
      if (operator !== "*" && b === 0n) throw this.command.failure("division by zero", 2);
      left = BigInt.asIntN(64, operator === "*" ? a * b : operator === "/" ? a / b : a % b);
    }
  }

  #match(): Value {
    let left = this.#primary();
    while (this.#take(":") !== null) left = this.#matchRegex(String(left), String(this.#primary()));
    return left;
  }

  /** Anchored at the start: the first group, or the length of the match. */
  #matchRegex(text: string, pattern: string): Value {
    try {
      const regex = compileRegex(`^\\(${pattern.replace(/^\^/, "")}\\)`, { isExtended: false });
      const match = regex.search(text, 0);
      const group = match?.groups[2];
      if (regex.groupCount > 1) {
        return group === undefined || group[0] < 0 ? "" : text.slice(group[0], group[1]);
      }
      return match === null ? 0n : BigInt(match.end);
    } catch (error) {
      if (!(error instanceof RegexProblem)) throw error;
      throw this.command.failure(`bad regex '${pattern}': ${error.text}`, 2);
    }
  }

  #primary(): Value {
    const word = this.#next();
    switch (word) {
      case "(": {
        const value = this.#or();
        if (this.#take(")") === null) throw this.#syntaxError();
        return value;
      }
      case ")":
        throw this.#syntaxError();
      case "quote":
        return this.#next();
      case "length":
        return BigInt(String(this.#primary()).length);
      case "match":
        return this.#matchRegex(String(this.#primary()), String(this.#primary()));
      case "index": {
        const text = String(this.#primary());
        const characters = String(this.#primary());
        return BigInt(
          Array.from(text).findIndex((character) => characters.includes(character)) + 1,
        );
      }
      case "substr": {
        const text = String(this.#primary());
        const start = Number(this.#number(this.#primary()));
        const length = Number(this.#number(this.#primary()));
        return start < 1 || length < 1 ? "" : text.slice(start - 1, start - 1 + length);
      }
      default:
        return word;
    }
  }

  #number(value: Value): bigint {
    if (typeof value === "bigint") return value;
    if (/^-?\d+$/.test(value)) return BigInt(value);
    throw this.command.failure("non-numeric argument", 2);
  }
}

function compare(operator: string, left: Value, right: Value): boolean {
  const a = String(left);
  const b = String(right);
  const areNumbers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  const order = areNumbers ? signum(BigInt(a) - BigInt(b)) : a < b ? -1 : a > b ? 1 : 0;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "!=":
      return order !== 0;
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
    default:
      return order === 0;
  }
}

function signum(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}
