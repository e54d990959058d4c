import type { ParseError } from "unbash";
import type { SyntaxProblem } from "./syntax.js";

/** Turns the first complaint of the parser into what the shells' messages are made of. */
export function describeProblem(
  source: string,
  errors: readonly ParseError[],
  lineOf: (position: number) => number,
): SyntaxProblem | null {
  const [error] = [...errors].sort((a, b) => a.pos - b.pos);
  if (error === undefined) return null;
  const unterminated = unterminatedBy(error.message);
  const position = unterminated === null ? tokenPosition(source, error) : source.length;
  const token = unterminated === null ? tokenAt(source, position) : null;
  const incomplete = token === null && errors.every((each) => isOpenEnd(source, each));
  return {
    token,
    unterminated,
    detail: null,
    expected: expectedIn(source, error, errors),
    line: problemLine(source, position, token, unterminated, lineOf),
    sourceLine: lineAround(source, position),
    incomplete,
  };
}

/** Where the text ends the line is the last one; a newline belongs to the line after it. bash names the line where a quote began. */
function problemLine(
  source: string,
  position: number,
  token: string | null,
  unterminated: string | null,
  lineOf: (position: number) => number,
): number {
  if (token === null || unterminated !== null) return lineOf(source.length);
  return lineOf(token === "newline" ? position + 1 : position);
}

/** The shells say what a construct lacks also when the parser names another token first. */
function expectedIn(
  source: string,
  error: ParseError,
  errors: readonly ParseError[],
): string | null {
  const closing = errors.find((other) => /^expected '.*' to close/.test(other.message));
  const expected =
    expectedBy(error.message) ??
    (error.message.startsWith("unexpected") && closing !== undefined
      ? expectedBy(closing.message)
      : null);
  // A case item that has ended is followed by a pattern, and that by a bracket.
  return expected === "esac" && /;;\s*$/.test(source) ? ")" : expected;
}

function isOpenEnd(source: string, error: ParseError): boolean {
  return error.message.startsWith("unterminated") || source.slice(error.pos).trim() === "";
}

function unterminatedBy(message: string): string | null {
  switch (message) {
    case "unterminated double quote":
      return '"';
    case "unterminated single quote":
      return "'";
    case "unterminated backtick":
      return "`";
    case "unterminated parameter expansion":
      return "}";
    case "unterminated command substitution":
    case "unterminated arithmetic expansion":
    case "unterminated arithmetic command":
    case "unterminated extended glob":
    case "unterminated process substitution":
      return ")";
    default:
      return message.startsWith("unterminated") ? "'" : null;
  }
}

/** What the grammar would have allowed, as ash and dash say it: `(expecting "done")`. */
function expectedBy(message: string): string | null {
  if (message.startsWith("expected command")) return null;
  return /^expected '([^']+)'/.exec(message)?.[1] ?? null;
}

/** Words that can only be unexpected where a command should stand. */
const CLOSERS = /(?:^|[\s;&|()])(do|done|elif|else|esac|fi|in|then|\}|\)|;;)$/;

const ENDS_IN_COMMENT = /(?:^|[\s;&|()])#[^\n]*\s*$/;

/** The parser reports some errors at the token it did not expect, others past it. */
function tokenPosition(source: string, error: ParseError): number {
  if (error.message.startsWith("unexpected")) return error.pos;
  const before = source.slice(0, error.pos);
  const closer = ENDS_IN_COMMENT.test(before) ? undefined : CLOSERS.exec(before.trimEnd())?.[1];
  if (closer !== undefined && error.message.startsWith("expected '")) {
    return before.trimEnd().length - closer.length;
  }
  return skipBlanks(source, error.pos);
}

function skipBlanks(source: string, position: number): number {
  let at = position;
  while (source.charAt(at) === " " || source.charAt(at) === "\t") at += 1;
  return at;
}

const OPERATOR = /^(?:;;&|;&|;;|&&|\|\||<<-|<<<|<<|>>|<&|>&|<>|>\||\|&|[;&|()<>\n])/;

/** The token at a position; null at the end of the text. */
export function tokenAt(source: string, position: number): string | null {
  const rest = source.slice(position);
  if (rest.trim() === "" && !rest.includes("\n")) return null;
  const token = OPERATOR.exec(rest)?.[0] ?? /^[^\s;&|()<>]+/.exec(rest)?.[0];
  if (token === "\n") return rest.trim() === "" ? null : "newline";
  return token ?? null;
}

function lineAround(source: string, position: number): string {
  const start = source.lastIndexOf("\n", position - 1) + 1;
  const end = source.indexOf("\n", position);
  return source.slice(start, end < 0 ? source.length : end);
}

/** A here-document without its last line: shells take what there is, but one that is being typed waits for more. */
export function problemAt(
  source: string,
  token: string,
  position: number,
  line: number,
  expected: string | null,
  detail: string | null,
): SyntaxProblem {
  return {
    token,
    unterminated: null,
    detail,
    expected,
    line,
    sourceLine: lineAround(source, token === "newline" ? position - 1 : position),
    incomplete: false,
  };
}
