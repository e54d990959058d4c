import type { Dialect } from "./dialect.js";
import type { Script, SyntaxProblem } from "./syntax.js";

/** A token that the dialect at hand does not allow, found while the tree is converted. */
export class UnexpectedToken extends Error {
  override readonly name = "UnexpectedToken";

  constructor(
    readonly token: string,
    readonly position: number,
    readonly expected: string | null = null,
    /** The whole message, where it is not about a token. */
    readonly detail: string | null = null,
  ) {
    super(`unexpected ${token}`);
  }
}

/** What the conversion of one script shares: its source, its dialect, where its lines begin. */
export class Conversion {
  readonly #lineStarts: number[] = [0];
  /** The first problem of a nested script; the outer one has it too, as all of it is read at once. */
  nestedProblem: SyntaxProblem | null = null;

  constructor(
    readonly source: string,
    readonly dialect: Dialect,
    readonly firstLine: number,
    /** Reads the script inside `$( )`. */
    readonly readNested: (source: string, firstLine: number) => Script,
  ) {
    for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) {
      this.#lineStarts.push(at + 1);
    }
  }

  lineOf(position: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return this.firstLine + low;
  }

  text(range: { readonly pos: number; readonly end: number }): string {
    return this.source.slice(range.pos, range.end);
  }

  nested(source: string, firstLine: number): Script {
    const script = this.readNested(source, firstLine);
    const { problem } = script;
    if (problem !== null && this.nestedProblem === null) {
      const sourceLine = this.source.split("\n")[problem.line - this.firstLine] ?? "";
      this.nestedProblem = { ...problem, expected: problem.expected ?? ")", sourceLine };
    }
    return script;
  }
}
