import { AwkProblem } from "./syntax.js";

export type TokenKind =
  | "number"
  | "string"
  | "regex"
  | "name"
  /** A name right before a bracket: a call. */
  | "call"
  | "keyword"
  | "builtin"
  | "operator"
  | "newline"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf".split(
    " ",
  ),
);

const BUILTINS: ReadonlySet<string> = new Set(
  "length substr index split sub gsub gensub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush strftime systime mktime and or xor compl lshift rshift".split(
    " ",
  ),
);

const OPERATOR =
  /\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!><|?:~$=,;(){}[\]]/y;

/** Tokens of an awk program. Whether a slash divides or begins an expression depends on what stands before it. */
export class Lexer {
  #position = 0;
  #line = 1;

  constructor(private readonly source: string) {}

  next(regexAllowed: boolean): Token {
    this.#skipBlanks();
    const line = this.#line;
    const { source } = this;
    const character = source.charAt(this.#position);
    if (character === "") return { kind: "end", text: "", line };
    if (character === "\n") {
      this.#position += 1;
      this.#line += 1;
      return { kind: "newline", text: "\n", line };
    }
    if (character === '"') return { kind: "string", text: this.#string(), line };
    if (character === "/" && regexAllowed) return { kind: "regex", text: this.#regex(), line };
    const number = this.#match(/(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y);
    if (number !== null) return { kind: "number", text: number, line };
    const name = this.#match(/[A-Za-z_]\w*/y);
    if (name !== null) return this.#word(name, line);
    const operator = this.#match(OPERATOR);
    if (operator === null) throw new AwkProblem("Unexpected token", line);
    return { kind: "operator", text: operator, line };
  }

  #word(name: string, line: number): Token {
    if (KEYWORDS.has(name)) return { kind: "keyword", text: name, line };
    if (BUILTINS.has(name)) return { kind: "builtin", text: name, line };
    const isCall = this.source.charAt(this.#position) === "(";
    return { kind: isCall ? "call" : "name", text: name, line };
  }

  #skipBlanks(): void {
    for (;;) {
      const rest = this.source.charAt(this.#position);
      if (rest === " " || rest === "\t" || rest === "\r") this.#position += 1;
      else if (rest === "#") {
        while (this.#position < this.source.length && this.source.charAt(this.#position) !== "\n") {
          this.#position += 1;
        }
      } else if (
        rest === "\\" &&
        /^\\\r?\n/.test(this.source.slice(this.#position, this.#position + 3))
      ) {
        this.#position = this.source.indexOf("\n", this.#position) + 1;
        this.#line += 1;
      } else return;
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined) return null;
    this.#position += found.length;
    return found;
  }

  #string(): string {
    let text = "";
    for (this.#position += 1; this.#position < this.source.length;) {
      const character = this.source.charAt(this.#position);
      this.#position += 1;
      if (character === '"') return text;
      if (character === "\n") break;
      if (character !== "\\") {
        text += character;
        continue;
      }
      text += this.#escape();
    }
    throw new AwkProblem("Unexpected end of string", this.#line);
  }

  #escape(): string {
    const octal = this.#match(/[0-7]{1,3}/y);
    if (octal !== null) return String.fromCharCode(parseInt(octal, 8) & 255);
    const letter = this.source.charAt(this.#position);
    this.#position += 1;
    if (letter === "\n") {
      this.#line += 1;
      return "";
    }
    return ESCAPES[letter] ?? `\\${letter}`;
  }

  /** The slash is not part of it; what a backslash quotes stays for the expression to read. */
  #regex(): string {
    let pattern = "";
    let inBrackets = false;
    for (this.#position += 1; this.#position < this.source.length;) {
      const character = this.source.charAt(this.#position);
      this.#position += 1;
      if (character === "/" && !inBrackets) return pattern;
      if (character === "\n") break;
      if (character === "\\") {
        const next = this.source.charAt(this.#position);
        this.#position += 1;
        pattern += next === "/" ? "/" : next === '"' ? '"' : `\\${next}`;
        continue;
      }
      if (character === "[") inBrackets = true;
      if (character === "]" && !/\[\^?$/.test(pattern)) inBrackets = false;
      pattern += character;
    }
    throw new AwkProblem("Unexpected end of string", this.#line);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Escapes in `-v x=…`, `-F …` and assignments among the operands. */
export function unescapeText(text: string): string {
  return text.replace(/\\([0-7]{1,3}|.)/gs, (whole, letter: string) =>
    /^[0-7]/.test(letter)
      ? String.fromCharCode(parseInt(letter, 8) & 255)
      : (ESCAPES[letter] ?? whole),
  );
}
