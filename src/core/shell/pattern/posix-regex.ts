import { readBracket } from "./character-class.js";

/** A regular expression that cannot be read; `text` is regerror's. */
export class RegexProblem extends Error {
  override readonly name = "RegexProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

export interface Translated {
  /** The same expression in RE2's syntax. */
  readonly re2: string;
  readonly groups: number;
  /** It refers back to a group, which no automaton can do. */
  readonly hasBackReference: boolean;
}

const MAX_REPEAT = 1000;
// POSIX allows 255 (RE_DUP_MAX); glibc 32767. RE2 stops at 1000.
const MAX_GROUP_DEPTH = 200;

/**
 * Translates a POSIX regular expression, basic (BRE: `\(`, `\{`, `\|` and `\+` as GNU and musl have them) or extended (ERE), over
 * byte strings. @throws RegexProblem
 */
export function translateRegex(pattern: string, isExtended: boolean): Translated {
  return new Translator(pattern, isExtended).run();
}

class Translator {
  #position = 0;
  /** What is put out so far, an atom, operator or parenthesis each: looking back at one long text would take its length every time. */
  readonly #out: string[] = [];
  /** Where the last atom begins in it, and whether it is repeated already. */
  #atomStart = 0;
  #isRepeated = false;
  readonly #openGroups: number[] = [];
  #groups = 0;
  #depth = 0;
  #hasBackReference = false;
  /** Whether something stands before that a repeat can follow. */
  #canRepeat = false;

  constructor(
    private readonly pattern: string,
    private readonly isExtended: boolean,
  ) {}

  run(): Translated {
    while (this.#position < this.pattern.length) this.#step();
    if (this.#depth > 0) throw new RegexProblem("Unmatched ( or \\(");
    return {
      re2: this.#out.join(""),
      groups: this.#groups,
      hasBackReference: this.#hasBackReference,
    };
  }

  #step(): void {
    const character = this.pattern.charAt(this.#position);
    if (character === "\\") {
      this.#escape();
      return;
    }
    this.#position += 1;
    switch (character) {
      case "[":
        this.#bracket();
        return;
      case ".":
        this.#atom("(?s:.)");
        return;
      case "*":
        if (this.#canRepeat) this.#repeat("*");
        else this.#atom("\\*");
        return;
      case "^":
        if (this.isExtended || this.#isAtStart()) this.#anchor("^");
        else this.#atom("\\^");
        return;
      case "$":
        if (this.isExtended || this.#isAtEnd()) this.#anchor("$");
        else this.#atom("\\$");
        return;
      default:
        if (this.isExtended && "(){|+?".includes(character)) this.#operator(character);
        else this.#atom(quoteCharacter(character));
    }
  }

  #escape(): void {
    const next = this.pattern.charAt(this.#position + 1);
    if (this.#position + 1 >= this.pattern.length) throw new RegexProblem("Trailing backslash");
    this.#position += 2;
    if (!this.isExtended && "(){|+?".includes(next)) {
      this.#operator(next);
      return;
    }
    if (/[1-9]/.test(next)) {
      if (Number(next) > this.#groups) throw new RegexProblem("Invalid back reference");
      this.#hasBackReference = true;
      this.#atom(`\\${next}`);
      return;
    }
    const known = ESCAPES[next];
    if (known === undefined) this.#atom(quoteCharacter(next));
    else if (known.isAnchor) this.#anchor(known.re2);
    else this.#atom(known.re2);
  }

  #operator(operator: string): void {
    switch (operator) {
      case "(":
        this.#depth += 1;
        if (this.#depth > MAX_GROUP_DEPTH) throw new RegexProblem("Regular expression too big");
        this.#groups += 1;
        this.#openGroups.push(this.#out.length);
        this.#out.push("(");
        this.#canRepeat = false;
        return;
      case ")":
        if (this.#depth === 0) {
          if (!this.isExtended) throw new RegexProblem("Unmatched ) or \\)");
          this.#atom("\\)");
          return;
        }
        this.#depth -= 1;
        this.#atomStart = this.#openGroups.pop() ?? 0;
        this.#isRepeated = false;
        this.#out.push(")");
        this.#canRepeat = true;
        return;
      case "|":
        this.#out.push("|");
        this.#canRepeat = false;
        return;
      case "{":
        this.#interval();
        return;
      case "}":
        this.#atom("\\}");
        return;
      default:
        if (this.#canRepeat) this.#repeat(operator);
        else this.#atom(`\\${operator}`);
    }
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}` */
  #interval(): void {
    const close = this.isExtended ? "}" : "\\}";
    const end = this.pattern.indexOf(close, this.#position);
    const text = end < 0 ? "" : this.pattern.slice(this.#position, end);
    const operator = readInterval(text);
    if (operator === null) {
      if (this.isExtended) {
        this.#atom("\\{");
        return;
      }
      throw new RegexProblem(end < 0 ? "Unmatched { or \\{" : "Invalid content of \\{\\}");
    }
    this.#position = end + close.length;
    if (!this.#canRepeat) throw new RegexProblem("Invalid preceding regular expression");
    this.#repeat(operator);
  }

  #bracket(): void {
    const bracket = readBracket(this.pattern, this.#position, "^", false);
    if (bracket === null) throw new RegexProblem("Unmatched [, [^, [:, [., or [=");
    this.#position = bracket.next;
    this.#atom(setToRe2(bracket.set));
  }

  #atom(re2: string): void {
    this.#atomStart = this.#out.length;
    this.#isRepeated = false;
    this.#out.push(re2);
    this.#canRepeat = true;
  }

  #anchor(re2: string): void {
    this.#out.push(re2);
    this.#canRepeat = false;
  }

  /** RE2 refuses `a**`, which POSIX allows. */
  #repeat(operator: string): void {
    if (this.#isRepeated) {
      this.#out[this.#atomStart] = `(?:${this.#out[this.#atomStart] ?? ""}`;
      this.#out.push(")");
    }
    this.#out.push(operator);
    this.#isRepeated = true;
  }

  #isAtStart(): boolean {
    const end = this.#position - 1;
    const before = this.pattern.slice(Math.max(0, end - 2), end);
    return before === "" || before === "\\(" || before === "\\|";
  }

  #isAtEnd(): boolean {
    const after = this.pattern.slice(this.#position);
    return after === "" || after.startsWith("\\)") || after.startsWith("\\|");
  }
}

/** RE2's form of what stands between the braces; null where that is no interval. */
function readInterval(text: string): string | null {
  const match = /^(\d*)(,?)(\d*)$/.exec(text);
  if (match === null || text === "" || text === ",") return null;
  const [, low = "", comma = "", high = ""] = match;
  const least = Number(low);
  const most = high === "" ? least : Number(high);
  if (least > most) throw new RegexProblem("Invalid content of \\{\\}");
  if (most > MAX_REPEAT) throw new RegexProblem("Regular expression too big");
  return `{${String(least)}${comma}${high}}`;
}

const ESCAPES: Readonly<Record<string, { readonly re2: string; readonly isAnchor: boolean }>> = {
  w: { re2: "[A-Za-z0-9_]", isAnchor: false },
  W: { re2: "[^A-Za-z0-9_]", isAnchor: false },
  s: { re2: "[\\t-\\r ]", isAnchor: false },
  S: { re2: "[^\\t-\\r ]", isAnchor: false },
  b: { re2: "\\b", isAnchor: true },
  B: { re2: "\\B", isAnchor: true },
  // Word boundaries: RE2 cannot look ahead, but a boundary before a word character is one that begins a word wherever one can match.
  "<": { re2: "\\b", isAnchor: true },
  ">": { re2: "\\b", isAnchor: true },
  "`": { re2: "\\A", isAnchor: true },
  "'": { re2: "\\z", isAnchor: true },
  n: { re2: "\\n", isAnchor: false },
  t: { re2: "\\t", isAnchor: false },
};

function quoteCharacter(character: string): string {
  return /[.*+?^${}()|[\]\\]/.test(character) ? `\\${character}` : character;
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, "0")}`;
}

function setToRe2(set: Uint8Array): string {
  let ranges = "";
  for (let code = 0; code < 256; code += 1) {
    if (set[code] !== 1) continue;
    let end = code;
    while (end < 255 && set[end + 1] === 1) end += 1;
    ranges += end === code ? hex(code) : `${hex(code)}-${hex(end)}`;
    code = end;
  }
  return ranges === "" ? "[^\\x00-\\x{10ffff}]" : `[${ranges}]`;
}
