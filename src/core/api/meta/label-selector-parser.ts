import type { LabelOperator, LabelRequirement } from "./label-requirement.js";
import { labelKeyError, requirementError } from "./label-requirement.js";

/** The grammar of label selectors. apimachinery pkg/labels/selector.go (Lexer and Parser), 1.34 */

type TokenType = LabelOperator | "(" | ")" | "," | "identifier" | "end" | "error";

interface Token {
  readonly type: TokenType;
  readonly literal: string;
}

const SYMBOLS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  [")", ")"],
  [",", ","],
  ["!", "!"],
  ["==", "=="],
  ["=", "="],
  [">", "gt"],
  ["<", "lt"],
  ["!=", "!="],
  ["(", "("],
]);
const BINARY_OPERATORS = ["in", "notin", "=", "==", "!=", "gt", "lt"] as const;
const END: Token = { type: "end", literal: "" };

/** The requirements of a selector, or why it can't be understood. */
export function parseRequirements(text: string): LabelRequirement[] | string {
  try {
    return new Parser(scan(text)).parse();
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message;
    throw error;
  }
}

class SyntaxProblem extends Error {}

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const start = position;
    if (isSpace(text.charAt(position))) {
      position += 1;
    } else if (isSymbol(text.charAt(position))) {
      const token = scanSymbol(text, position);
      tokens.push(token.token);
      position = token.next;
    } else {
      while (position < text.length && !endsIdentifier(text.charAt(position))) position += 1;
      const literal = text.slice(start, position);
      const keyword = literal === "in" || literal === "notin";
      tokens.push({ type: keyword ? literal : "identifier", literal });
    }
  }
  return [...tokens, END];
}

/** The longest symbol wins: `==` before `=`. */
function scanSymbol(text: string, start: number): { token: Token; next: number } {
  let buffer = "";
  let found: Token | null = null;
  let position = start;
  while (position < text.length && isSymbol(text.charAt(position))) {
    buffer += text.charAt(position);
    const type = SYMBOLS.get(buffer);
    if (type === undefined && found !== null) break;
    if (type !== undefined) found = { type, literal: buffer };
    position += 1;
  }
  const literal = `error expected: keyword found '${buffer}'`;
  return { token: found ?? { type: "error", literal }, next: position };
}

class Parser {
  #position = 0;

  constructor(readonly tokens: readonly Token[]) {}

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const token = this.#peekValue();
      if (token.type === "end") return requirements;
      if (token.type !== "identifier" && token.type !== "!") {
        throw new SyntaxProblem(
          `found '${token.literal}', expected: !, identifier, or 'end of string'`,
        );
      }
      requirements.push(this.#requirementWithContext());
      const next = this.#takeValue();
      if (next.type === "end") return requirements;
      if (next.type !== ",") {
        throw new SyntaxProblem(`found '${next.literal}', expected: ',' or 'end of string'`);
      }
      const after = this.#peekValue();
      if (after.type !== "identifier" && after.type !== "!") {
        throw new SyntaxProblem(`found '${after.literal}', expected: identifier after ','`);
      }
    }
  }

  #requirementWithContext(): LabelRequirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      throw new SyntaxProblem(`unable to parse requirement: ${error.message}`);
    }
  }

  #requirement(): LabelRequirement {
    const negated = this.#peekValue().type === "!";
    if (negated) this.#takeValue();
    const key = this.#takeValue();
    if (key.type !== "identifier") {
      throw new SyntaxProblem(`found '${key.literal}', expected: identifier`);
    }
    const problem = labelKeyError(key.literal);
    if (problem !== null) throw new SyntaxProblem(problem);
    const next = this.#peekValue().type;
    // `!key` stops here whatever follows; the caller finds the rest.
    if (negated) return checked({ key: key.literal, operator: "!", values: [] });
    if (next === "end" || next === ",") {
      return checked({ key: key.literal, operator: "exists", values: [] });
    }
    const operator = this.#operator();
    const values =
      operator === "in" || operator === "notin" ? this.#valueSet() : [this.#exactValue()];
    return checked({ key: key.literal, operator, values: [...new Set(values)].sort(byText) });
  }

  #operator(): LabelOperator {
    const token = this.#take();
    const operator = BINARY_OPERATORS.find((candidate) => candidate === token.type);
    if (operator !== undefined) return operator;
    throw new SyntaxProblem(`found '${token.literal}', expected: ${BINARY_OPERATORS.join(", ")}`);
  }

  /** `(x,y,)`: a missing value is the empty one. */
  #valueSet(): string[] {
    const open = this.#takeValue();
    if (open.type !== "(") throw new SyntaxProblem(`found '${open.literal}' expected: '('`);
    const first = this.#peekValue();
    if (first.type === ")") {
      this.#takeValue();
      return [""];
    }
    if (first.type !== "identifier" && first.type !== ",") {
      throw new SyntaxProblem(`found '${first.literal}', expected: ',', ')' or identifier`);
    }
    const values = this.#identifiers();
    if (this.#takeValue().type !== ")") {
      throw new SyntaxProblem(`found '${first.literal}', expected: ')'`);
    }
    return values;
  }

  #identifiers(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#takeValue();
      const next = this.#peekValue();
      if (token.type === "identifier") {
        values.push(token.literal);
        if (next.type === ")") return values;
        if (next.type !== ",") {
          throw new SyntaxProblem(`found '${next.literal}', expected: ',' or ')'`);
        }
      } else if (token.type === ",") {
        if (values.length === 0) values.push("");
        if (next.type === ")") return [...values, ""];
        if (next.type === ",") {
          this.#takeValue();
          values.push("");
        }
      } else {
        throw new SyntaxProblem(`found '${token.literal}', expected: ',', or identifier`);
      }
    }
  }

  #exactValue(): string {
    const next = this.#peekValue().type;
    if (next === "end" || next === ",") return "";
    const token = this.#takeValue();
    if (token.type === "identifier") return token.literal;
    throw new SyntaxProblem(`found '${token.literal}', expected: identifier`);
  }

  #take(): Token {
    const token = this.tokens[this.#position] ?? END;
    this.#position += 1;
    return token;
  }

  #takeValue(): Token {
    return asValue(this.#take());
  }

  #peekValue(): Token {
    return asValue(this.tokens[this.#position] ?? END);
  }
}

/** `in` and `notin` are words like any other where a value or key stands. */
function asValue(token: Token): Token {
  return token.type === "in" || token.type === "notin"
    ? { type: "identifier", literal: token.literal }
    : token;
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const problem = requirementError(requirement);
  if (problem !== null) throw new SyntaxProblem(problem);
  return requirement;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}

function isSymbol(character: string): boolean {
  return "=!(),><".includes(character);
}

function endsIdentifier(character: string): boolean {
  return isSpace(character) || isSymbol(character);
}
