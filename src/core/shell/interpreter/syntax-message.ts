import type { SyntaxProblem } from "../grammar/index.js";
import { errorMessage } from "./messages.js";
import type { Shell } from "./shell.js";

/** A syntax error in each shell's words. */
export function syntaxErrorText(shell: Shell, problem: SyntaxProblem): string {
  switch (shell.dialect) {
    case "ash":
      return ashText(shell, problem);
    case "dash":
      return dashText(shell, problem);
    case "bash":
      return bashText(shell, problem);
  }
}

/** shell/ash.c raise_error_unexpected_syntax and raise_error_syntax, 1.37 */
function ashText(shell: Shell, problem: SyntaxProblem): string {
  return errorMessage(shell, `syntax error: ${ashDetail(problem)}`);
}

function ashDetail(problem: SyntaxProblem): string {
  if (problem.detail !== null) return problem.detail;
  switch (problem.unterminated) {
    case '"':
    case "'":
      return "unterminated quoted string";
    case "`":
      return "EOF in backquote substitution";
    case "}":
      return "missing '}'";
    case ")":
      return 'unexpected end of file (expecting ")")';
    default:
  }
  const { token } = problem;
  const what =
    token === null
      ? "end of file"
      : token === "newline"
        ? "newline"
        : isTokenWithName(token)
          ? `"${token}"`
          : "word";
  const expecting = problem.expected === null ? "" : ` (expecting "${problem.expected}")`;
  return `unexpected ${what}${expecting}`;
}

const NAMED_TOKENS =
  /^(?:;;&|;&|;;|&&|\|\||[;&|()]|!|case|do|done|elif|else|esac|fi|for|function|if|in|then|until|while|\{|\})$/;

function isTokenWithName(token: string): boolean {
  return NAMED_TOKENS.test(token);
}

/** src/parser.c synexpect and synerror, 0.5.12 */
function dashText(shell: Shell, problem: SyntaxProblem): string {
  return errorMessage(shell, `Syntax error: ${dashDetail(problem)}`);
}

function dashDetail(problem: SyntaxProblem): string {
  if (problem.detail !== null) return problem.detail;
  switch (problem.unterminated) {
    case '"':
    case "'":
      return "Unterminated quoted string";
    case "`":
      return "EOF in backquote substitution";
    case "}":
      return "Missing '}'";
    case ")":
      return 'end of file unexpected (expecting ")")';
    default:
  }
  const { token } = problem;
  const what =
    token === null
      ? "end of file"
      : token === "newline"
        ? "newline"
        : /^[<>]/.test(token)
          ? "redirection"
          : isTokenWithName(token)
            ? `"${token}"`
            : "word";
  const expecting = problem.expected === null ? "" : ` (expecting "${problem.expected}")`;
  return `${what} unexpected${expecting}`;
}

/** parse.y report_syntax_error, 5.2 */
function bashText(shell: Shell, problem: SyntaxProblem): string {
  const where = shell.startLetters.includes("c") ? "-c: " : "";
  const c = shell.commandName === "eval" ? "eval: " : where;
  const isNewline = problem.token === "newline";
  const prefix = `${shell.name}: ${c}line ${String(problem.line - (isNewline ? 1 : 0))}: `;
  if (problem.unterminated !== null) {
    const isQuote = problem.unterminated !== ")";
    const began = isQuote ? problem.line - 1 : problem.line;
    const at = `${shell.name}: ${c}line ${String(Math.max(1, began))}: `;
    return `${at}unexpected EOF while looking for matching \`${problem.unterminated}'\n`;
  }
  if (problem.token === null) {
    const line = String(problem.sourceLine === "" ? problem.line : problem.line + 1);
    return `${shell.name}: ${c}line ${line}: syntax error: unexpected end of file\n`;
  }
  return (
    `${prefix}syntax error near unexpected token \`${problem.token}'\n` +
    `${prefix}\`${problem.sourceLine}'\n`
  );
}
