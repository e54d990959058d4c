import { Lexer, type Token } from "./lexer.js";
import { ExpressionParser } from "./expression-parser.js";
import {
  AwkProblem,
  type AwkProgram,
  type Expression,
  type FunctionDefinition,
  type Rule,
  type Statement,
} from "./syntax.js";

/** @throws AwkProblem */
export function parseAwk(source: string): AwkProgram {
  return new Parser(new Lexer(source)).program();
}

const MAX_DEPTH = 200;

class Parser extends ExpressionParser {
  #depth = 0;

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, FunctionDefinition>();
    this.skipTerminators();
    while (this.token.kind !== "end") {
      if (this.isKeyword("function") || this.isKeyword("func")) {
        const definition = this.#function();
        functions.set(definition.name, definition);
      } else {
        rules.push(this.#rule());
      }
      this.skipTerminators();
    }
    for (const name of this.calledNames) {
      if (!functions.has(name)) throw new AwkProblem("Call to undefined function", this.token.line);
    }
    return { rules, functions };
  }

  #function(): FunctionDefinition {
    this.advance();
    const name = this.#nameToken();
    this.expect("(");
    const parameters: string[] = [];
    while (!this.isOperator(")")) {
      parameters.push(this.#nameToken());
      if (!this.isOperator(")")) this.expect(",");
      this.skipNewlines();
    }
    this.expect(")");
    this.skipNewlines();
    return { name, parameters, body: this.#block() };
  }

  #nameToken(): string {
    const { token } = this;
    if (token.kind !== "name" && token.kind !== "call") throw this.unexpected();
    this.advance();
    return token.text;
  }

  #rule(): Rule {
    if (this.isKeyword("BEGIN") || this.isKeyword("END")) {
      const kind = this.token.text === "BEGIN" ? "begin" : "end";
      this.advance();
      this.skipNewlines();
      return { pattern: { kind }, action: this.#block() };
    }
    if (this.isOperator("{")) return { pattern: { kind: "always" }, action: this.#block() };
    const first = this.expression();
    if (!this.isOperator(",")) {
      return { pattern: { kind: "test", test: first }, action: this.#optionalBlock() };
    }
    this.advance();
    this.skipNewlines();
    const last = this.expression();
    return { pattern: { kind: "range", first, last }, action: this.#optionalBlock() };
  }

  #optionalBlock(): Statement | null {
    return this.isOperator("{") ? this.#block() : null;
  }

  #block(): Statement {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new AwkProblem("Too deep", this.token.line);
    this.expect("{");
    const statements: Statement[] = [];
    this.skipTerminators();
    while (!this.isOperator("}")) {
      if (this.token.kind === "end") throw this.unexpected();
      statements.push(this.#statement());
      this.skipTerminators();
    }
    this.advance();
    this.#depth -= 1;
    return { kind: "block", statements };
  }

  #statement(): Statement {
    if (this.isOperator("{")) return this.#block();
    if (this.token.kind === "keyword") {
      const made = this.#keywordStatement(this.token);
      if (made !== null) return made;
    }
    const statement = this.#simpleStatement();
    this.#endStatement();
    return statement;
  }

  #keywordStatement(token: Token): Statement | null {
    switch (token.text) {
      case "if":
        return this.#if();
      case "while":
        this.advance();
        return { kind: "while", test: this.#condition(), body: this.#body() };
      case "do":
        return this.#do();
      case "for":
        return this.#for();
      case "break":
      case "continue":
      case "next":
      case "nextfile":
        this.advance();
        this.#endStatement();
        return { kind: token.text };
      case "exit":
      case "return": {
        this.advance();
        const value = this.#atStatementEnd() ? null : this.expression();
        this.#endStatement();
        return { kind: token.text, value };
      }
      default:
        return null;
    }
  }

  /** What may also stand in the head of a `for`. */
  #simpleStatement(): Statement {
    if (this.isKeyword("print") || this.isKeyword("printf")) return this.#print();
    if (this.isKeyword("delete")) {
      this.advance();
      const array = this.#nameToken();
      if (!this.isOperator("[")) return { kind: "delete", array, keys: null };
      this.advance();
      const keys = this.expressionList("]");
      return { kind: "delete", array, keys };
    }
    return { kind: "expression", expression: this.expression() };
  }

  #print(): Statement {
    const isFormatted = this.token.text === "printf";
    this.advance();
    const operands = this.printOperands();
    if (isFormatted && operands.length === 0) throw this.unexpected();
    for (const redirect of [">>", ">", "|"] as const) {
      if (!this.isOperator(redirect)) continue;
      this.advance();
      return { kind: "print", isFormatted, operands, redirect, target: this.concatenation() };
    }
    return { kind: "print", isFormatted, operands, redirect: null, target: null };
  }

  #condition(): Expression {
    this.expect("(");
    const test = this.expression();
    this.expect(")");
    return test;
  }

  /** The statement a loop or condition governs: after newlines, or nothing but a semicolon. */
  #body(): Statement {
    this.skipNewlines();
    if (this.isOperator(";")) {
      this.advance();
      return { kind: "block", statements: [] };
    }
    return this.#statement();
  }

  #if(): Statement {
    this.advance();
    const test = this.#condition();
    const yes = this.#body();
    const mark = this.mark();
    this.skipTerminators();
    if (!this.isKeyword("else")) {
      this.reset(mark);
      return { kind: "if", test, yes, no: null };
    }
    this.advance();
    return { kind: "if", test, yes, no: this.#body() };
  }

  #do(): Statement {
    this.advance();
    const body = this.#body();
    this.skipTerminators();
    if (!this.isKeyword("while")) throw this.unexpected();
    this.advance();
    const test = this.#condition();
    this.#endStatement();
    return { kind: "do", test, body };
  }

  #for(): Statement {
    this.advance();
    this.expect("(");
    const each = this.#forIn();
    if (each !== null) return each;
    const initialize = this.isOperator(";") ? null : this.#simpleStatement();
    this.expect(";");
    this.skipNewlines();
    const test = this.isOperator(";") ? null : this.expression();
    this.expect(";");
    this.skipNewlines();
    const update = this.isOperator(")") ? null : this.#simpleStatement();
    this.expect(")");
    return { kind: "for", initialize, test, update, body: this.#body() };
  }

  #forIn(): Statement | null {
    const mark = this.mark();
    const { token } = this;
    if (token.kind !== "name") return null;
    this.advance();
    if (!this.isKeyword("in")) {
      this.reset(mark);
      return null;
    }
    this.advance();
    const array = this.#nameToken();
    if (!this.isOperator(")")) {
      this.reset(mark);
      return null;
    }
    this.advance();
    return { kind: "for-in", variable: token.text, array, body: this.#body() };
  }

  #atStatementEnd(): boolean {
    const { kind } = this.token;
    return kind === "newline" || kind === "end" || this.isOperator(";") || this.isOperator("}");
  }

  #endStatement(): void {
    if (this.isOperator("}") || this.token.kind === "end") return;
    if (!this.#atStatementEnd()) throw this.unexpected();
    this.advance();
  }
}
