import {
  ArithmeticError,
  evaluateArithmetic,
  type ArithmeticGrammar,
  type ArithmeticVariables,
  type Integer,
} from "../arithmetic/index.js";
import type { Dialect } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { ASSOCIATIVE, isArray, type Variable } from "../interpreter/variable.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import { MAX_ARITHMETIC_CHARACTERS } from "../limits.js";
import { expansionTooLarge } from "./sink.js";
import { readParameter } from "./parameter-value.js";

const GRAMMARS: Readonly<Record<Dialect, ArithmeticGrammar>> = {
  ash: { hasExtras: true, isEager: true },
  dash: { hasExtras: false, isEager: false },
  bash: { hasExtras: true, isEager: false },
};

/** bash takes double quotes off; dash shows the text with the blanks around it in messages. */
function readable(shell: Shell, text: string): string {
  switch (shell.dialect) {
    case "ash":
      return text.trim();
    case "dash":
      return text;
    case "bash":
      return text.trim().replaceAll('"', "");
  }
}

/** @throws ShellError with the dialect's words */
export function evaluateText(shell: Shell, text: string): Integer {
  if (text.length > MAX_ARITHMETIC_CHARACTERS) throw expansionTooLarge();
  try {
    return evaluateArithmetic(
      readable(shell, text),
      new ShellArithmetic(shell),
      GRAMMARS[shell.dialect],
    );
  } catch (error) {
    if (error instanceof ArithmeticError) throw arithmeticFailure(shell, error);
    throw error;
  }
}

/** The index or key of an array element. */
export function elementKey(
  shell: Shell,
  variable: Variable | undefined,
  subscript: string,
): string {
  if (variable !== undefined && (variable.flags & ASSOCIATIVE) !== 0) return subscript;
  const index = Number(evaluateText(shell, subscript));
  if (index >= 0) return String(index);
  // A negative index counts from the end.
  const last = Math.max(-1, ...[...(variable?.elements?.keys() ?? [])].map(Number));
  return String(last + 1 + index);
}

class ShellArithmetic implements ArithmeticVariables {
  constructor(private readonly shell: Shell) {}

  read(name: string, subscript: string | null): string | undefined {
    const { variables } = this.shell;
    const value =
      subscript === null ? readParameter(this.shell, name) : this.#element(name, subscript);
    if (value === undefined && this.shell.options.nounset) {
      throw new ShellError(errorMessage(this.shell, unsetText(this.shell, name)), 1);
    }
    if (value !== undefined && value.length > MAX_ARITHMETIC_CHARACTERS) throw expansionTooLarge();
    if (value !== undefined || subscript !== null) return value;
    const variable = variables.find(name);
    return variable !== undefined && isArray(variable) ? variable.elements?.get("0") : undefined;
  }

  #element(name: string, subscript: string): string | undefined {
    const variable = this.shell.variables.find(name);
    const key = elementKey(this.shell, variable, subscript);
    return (
      variable?.elements?.get(key) ?? (key === "0" ? (variable?.value ?? undefined) : undefined)
    );
  }

  write(name: string, subscript: string | null, value: string): void {
    try {
      if (subscript === null) {
        this.shell.variables.set(name, value);
        return;
      }
      const variable = this.shell.variables.find(name);
      this.shell.variables.setElement(name, elementKey(this.shell, variable, subscript), value);
    } catch (error) {
      if (error instanceof ReadOnlyVariable) throw readOnlyFailure(this.shell, error);
      throw error;
    }
  }
}

export function unsetText(shell: Shell, name: string): string {
  if (!shell.isBash) return `${name}: parameter not set`;
  return `${/^\d/.test(name) ? "$" : ""}${name}: unbound variable`;
}

export function readOnlyFailure(shell: Shell, error: ReadOnlyVariable): ShellError {
  const { variable } = error;
  switch (shell.dialect) {
    case "ash":
    case "dash":
      return new ShellError(errorMessage(shell, `${variable}: is read only`), 2);
    case "bash":
      return new ShellError(errorMessage(shell, `${variable}: readonly variable`), 1, false);
  }
}

function arithmeticFailure(shell: Shell, error: ArithmeticError): ShellError {
  switch (shell.dialect) {
    case "ash":
      return new ShellError(errorMessage(shell, ashText(error)), 2);
    case "dash":
      return new ShellError(errorMessage(shell, dashText(error)), 2);
    case "bash":
      return new ShellError(errorMessage(shell, bashText(error)), 1, false);
  }
}

// shell/math.c, 1.37
function ashText(error: ArithmeticError): string {
  switch (error.fault) {
    case "syntax":
    case "number":
      return "arithmetic syntax error";
    case "division by zero":
      return "divide by zero";
    case "negative exponent":
      return "exponent less than 0";
    case "recursion":
      return "expression recursion loop detected";
    case "read-only":
      return error.detail;
  }
}

// src/arith_yacc.c, 0.5.12
function dashText(error: ArithmeticError): string {
  if (error.fault === "number") return `Illegal number: ${error.rest}`;
  const words = {
    syntax: "expecting EOF",
    number: "expecting EOF",
    "division by zero": "division by zero",
    "negative exponent": "exponent less than 0",
    recursion: "expecting primary",
    "read-only": error.detail,
  }[error.fault];
  const what =
    error.fault === "syntax" && error.detail === "operand expected" ? "expecting primary" : words;
  return `arithmetic expression: ${what}: "${error.expression}"`;
}

// expr.c, 5.2
function bashText(error: ArithmeticError): string {
  const what = error.fault === "syntax" ? `syntax error: ${error.detail}` : error.detail;
  const text = error.detail.startsWith("syntax error") ? error.detail : what;
  return `${error.expression}: ${text} (error token is "${error.rest}")`;
}
