import type { Parts } from "../../../paced.js";

/** A line that cannot be read or computed. */
export class CalculationProblem extends Error {
  override readonly name = "CalculationProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

const TOKEN =
  /\s*(?:(\n|;)|("[^"]*")|((?:[0-9A-F]+\.?[0-9A-F]*|\.[0-9A-F]+))|([a-z_][a-z0-9_]*)|(\+\+|--|[-+*/%^]=|[<>=!]=|&&|\|\||[-+*/%^=<>!(){}[\],]))/y;

const TOKENS_PER_PART = 4096;
const STEPS_PER_TOKENS = 64;

export interface Token {
  readonly kind: "end" | "separator" | "string" | "number" | "name" | "operator";
  readonly text: string;
}

/** In parts: the text may be as long as memory is. @throws CalculationProblem */
export function* tokenize(source: string): Parts<Token[]> {
  const tokens: Token[] = [];
  for (let at = 0; ;) {
    while (/[ \t\r]/.test(source.charAt(at))) at += 1;
    if (at >= source.length) return tokens;
    if (tokens.length % TOKENS_PER_PART === TOKENS_PER_PART - 1) yield STEPS_PER_TOKENS;
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
}
