import { MAX_JSON_DEPTH } from "../limits.js";

/**
 * Says what Go's encoding/json says of a text that is not JSON (encoding/json/scanner.go, go1.24). Only asked after JSON.parse has
 * failed, so it may take its time.
 */
export function jsonSyntaxError(text: string): string {
  try {
    const end = new Scanner(text);
    end.value(0);
    end.trailing();
    return "unexpected end of JSON input";
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
}

class JsonSyntaxError extends Error {}

const NUMBER_START = /[-0-9]/;

/** A recursive descent over the text that stops at the first character Go would not take. */
class Scanner {
  #at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): void {
    if (depth >= MAX_JSON_DEPTH) throw new JsonSyntaxError("exceeded max depth");
    this.#space();
    const character = this.#peek();
    if (character === "{") this.#object(depth);
    else if (character === "[") this.#array(depth);
    else if (character === '"') this.#string();
    else if (NUMBER_START.test(character)) this.#number();
    else if (character === "t") this.#literal("true");
    else if (character === "f") this.#literal("false");
    else if (character === "n") this.#literal("null");
    else this.#refuse("looking for beginning of value");
  }

  trailing(): void {
    this.#space();
    if (this.#at < this.text.length) this.#refuse("after top-level value");
  }

  #object(depth: number): void {
    this.#at += 1;
    this.#space();
    if (this.#take("}")) return;
    for (;;) {
      this.#space();
      if (this.#peek() !== '"') this.#refuse("looking for beginning of object key string");
      this.#string();
      this.#space();
      if (!this.#take(":")) this.#refuse("after object key");
      this.value(depth + 1);
      this.#space();
      if (this.#take("}")) return;
      if (!this.#take(",")) this.#refuse("after object key:value pair");
    }
  }

  #array(depth: number): void {
    this.#at += 1;
    this.#space();
    if (this.#take("]")) return;
    for (;;) {
      this.value(depth + 1);
      this.#space();
      if (this.#take("]")) return;
      if (!this.#take(",")) this.#refuse("after array element");
    }
  }

  #string(): void {
    this.#at += 1;
    for (;;) {
      const character = this.#peek();
      if (character === "\\") this.#escape();
      else if (character < " ") this.#refuse("in string literal");
      else {
        this.#at += 1;
        if (character === '"') return;
      }
    }
  }

  #escape(): void {
    this.#at += 1;
    const kind = this.#peek();
    if (kind === "u") {
      this.#at += 1;
      for (let digit = 0; digit < 4; digit += 1) {
        if (!/[0-9a-fA-F]/.test(this.#peek())) this.#refuse("in \\u hexadecimal character escape");
        this.#at += 1;
      }
      return;
    }
    if (!'bfnrt\\/"'.includes(kind)) this.#refuse("in string escape code");
    this.#at += 1;
  }

  #number(): void {
    if (this.#take("-") && !/[0-9]/.test(this.#peek())) this.#refuse("in numeric literal");
    if (!this.#take("0")) this.#digits();
    if (this.#take(".")) {
      if (!this.#isDigitNext()) this.#refuse("after decimal point in numeric literal");
      this.#digits();
    }
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      if (!this.#isDigitNext()) this.#refuse("in exponent of numeric literal");
      this.#digits();
    }
  }

  #digits(): void {
    while (this.#at < this.text.length && this.#isDigitNext()) this.#at += 1;
  }

  #isDigitNext(): boolean {
    return /[0-9]/.test(this.text.charAt(this.#at));
  }

  #literal(word: string): void {
    this.#at += 1;
    for (const letter of word.slice(1)) {
      if (this.#peek() !== letter) this.#refuse(`in literal ${word} (expecting '${letter}')`);
      this.#at += 1;
    }
  }

  #space(): void {
    while (" \t\r\n".includes(this.text.charAt(this.#at)) && this.#at < this.text.length)
      this.#at += 1;
  }

  #take(character: string): boolean {
    if (this.text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    if (this.#at >= this.text.length) throw new JsonSyntaxError("unexpected end of JSON input");
    return this.text.charAt(this.#at);
  }

  #refuse(context: string): never {
    throw new JsonSyntaxError(`invalid character ${quoteCharacter(this.#peek())} ${context}`);
  }
}

/** encoding/json `quoteChar`: single quotes, Go escapes. */
function quoteCharacter(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
