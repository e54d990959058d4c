import { compileRegex, type Regex } from "../../../pattern/regex-match.js";
import { RegexProblem } from "../../../pattern/posix-regex.js";
import type { Address, RangeEnd, ReplacementPart, SedCommand, Substitution } from "./script.js";

/** A script that cannot be read; `text` is the message without the command's name. */
export class SedProblem extends Error {
  override readonly name = "SedProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

/** @throws SedProblem */
export function parseSedScript(text: string, isExtended: boolean, isGnu: boolean): SedCommand[] {
  return new SedParser(text, isExtended, isGnu).parse();
}

const KNOWN = "{}=aicbtTdDgGhHxnNpPqQrwsyl:#z";

class SedParser {
  #position = 0;
  readonly #commands: SedCommand[] = [];
  readonly #blocks: number[] = [];
  readonly #labels = new Map<string, number>();

  constructor(
    private readonly text: string,
    private readonly isExtended: boolean,
    /** Takes what busybox's (editors/sed.c, 1.37) does not: `first~step`, `/re/I`, `z`, an exit code. */
    private readonly isGnu: boolean,
  ) {}

  parse(): SedCommand[] {
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#position >= this.text.length) break;
      this.#command();
    }
    // A block that is not closed ends with the script.
    for (const index of this.#blocks) {
      const open = this.#commands[index];
      if (open !== undefined) open.target = this.#commands.length;
    }
    for (const command of this.#commands) {
      if (!"btT".includes(command.name) || command.target >= 0) continue;
      if (command.text === "") {
        command.target = this.#commands.length;
        continue;
      }
      const target = this.#labels.get(command.text);
      if (target === undefined)
        throw new SedProblem(`can't find label for jump to '${command.text}'`);
      command.target = target;
    }
    return this.#commands;
  }

  #command(): void {
    const first = this.#address();
    let last: RangeEnd | null = null;
    if (first !== null) {
      this.#skip(/[ \t]/);
      if (this.#take(",")) {
        this.#skip(/[ \t]/);
        last = this.#rangeEnd();
      }
    }
    this.#skip(/[ \t]/);
    const isNegated = this.#take("!");
    this.#skip(/[ \t!]/);
    const name = this.text.charAt(this.#position);
    if (name === "") throw new SedProblem("missing command");
    if (!KNOWN.includes(name) || (name === "z" && !this.isGnu))
      throw new SedProblem(`unsupported command ${name}`);
    this.#position += 1;
    this.#body({ first, last, isNegated }, name);
  }

  #body(where: Pick<SedCommand, "first" | "last" | "isNegated">, name: string): void {
    const add = (fields: Partial<SedCommand>): void => {
      this.#commands.push({
        ...where,
        name,
        text: "",
        substitution: null,
        map: null,
        target: -1,
        ...fields,
      });
    };
    switch (name) {
      case "#":
        this.#skip(/[^\n]/);
        return;
      case "{":
        this.#blocks.push(this.#commands.length);
        add({});
        return;
      case "}": {
        const open = this.#commands[this.#blocks.pop() ?? -1];
        if (open === undefined) throw new SedProblem("unexpected '}'");
        open.target = this.#commands.length;
        return;
      }
      case ":": {
        const label = this.#word(/[^\n;]/).trim();
        if (label === "") throw new SedProblem('":" lacks a label');
        this.#labels.set(label, this.#commands.length);
        return;
      }
      case "b":
      case "t":
      case "T":
        this.#skip(/[ \t]/);
        add({ text: this.#word(/[^\n;}]/).trim() });
        return;
      case "a":
      case "i":
      case "c":
        add({ text: this.#appendedText() });
        return;
      case "r":
      case "w":
        this.#skip(/[ \t]/);
        add({ text: this.#word(/[^\n]/) });
        return;
      case "s":
        add({ substitution: this.#substitution() });
        return;
      case "y":
        add({ map: this.#transliteration() });
        return;
      case "q":
      case "Q":
      case "l":
        this.#skip(/[ \t]/);
        add({ text: this.isGnu ? this.#word(/\d/) : "" });
        return;
      default:
        add({});
    }
  }

  #address(): Address | null {
    const character = this.text.charAt(this.#position);
    if (/\d/.test(character)) {
      const number = Number(this.#word(/\d/));
      this.#skip(/[ \t]/);
      if (!this.isGnu || !this.#take("~")) return { kind: "line", number };
      return { kind: "step", first: number, step: Number(this.#word(/\d/)) };
    }
    if (character === "$") {
      this.#position += 1;
      return { kind: "last" };
    }
    if (character !== "/" && character !== "\\") return null;
    this.#position += character === "\\" ? 2 : 1;
    const delimiter = this.text.charAt(this.#position - 1);
    const pattern = this.#delimitedOr(delimiter, true);
    let ignoresCase = false;
    while (this.isGnu && /[IM]/.test(this.text.charAt(this.#position))) {
      ignoresCase ||= this.text.charAt(this.#position) === "I";
      this.#position += 1;
    }
    return { kind: "regex", regex: this.#compile(pattern, ignoresCase) };
  }

  #rangeEnd(): RangeEnd {
    const character = this.text.charAt(this.#position);
    if (character === "+" || character === "~") {
      this.#position += 1;
      const number = Number(this.#word(/\d/));
      return character === "+"
        ? { kind: "count", count: number }
        : { kind: "multiple", of: number };
    }
    const address = this.#address();
    if (address === null) throw new SedProblem("no address after comma");
    return address;
  }

  #compile(pattern: string, ignoresCase: boolean): Regex | null {
    if (pattern === "") return null;
    try {
      return compileRegex(pattern, { isExtended: this.isExtended, ignoresCase });
    } catch (error) {
      if (!(error instanceof RegexProblem)) throw error;
      throw new SedProblem(`bad regex '${pattern}': ${error.text}`);
    }
  }

  /** Up to an unescaped delimiter. In an expression `\n` is a newline, and brackets may hold the delimiter. */
  #delimited(delimiter: string, isRegex: boolean): string {
    let result = "";
    let inBrackets = false;
    for (; this.#position < this.text.length; this.#position += 1) {
      const character = this.text.charAt(this.#position);
      if (character === delimiter && !inBrackets) {
        this.#position += 1;
        return result;
      }
      const escaped = ESCAPES[this.text.charAt(this.#position + 1)];
      // editors/sed.c copy_parsing_escapes does not look at brackets: `[ \t]` is a blank or a tab.
      if (character === "\\" && inBrackets && escaped !== undefined) {
        this.#position += 1;
        result += escaped;
        continue;
      }
      if (character === "\\" && !inBrackets) {
        this.#position += 1;
        result += unescape(this.text.charAt(this.#position), delimiter, isRegex);
        continue;
      }
      if (isRegex && character === "[" && !inBrackets) {
        inBrackets = true;
        result += character;
        // A bracket right at the start of the set is a member.
        const first = /^\^?\]?/.exec(this.text.slice(this.#position + 1))?.[0] ?? "";
        result += first;
        this.#position += first.length;
        continue;
      }
      if (character === "]") inBrackets = false;
      result += character;
    }
    throw new SedProblem("unterminated address regex");
  }

  #substitution(): Substitution {
    const delimiter = this.text.charAt(this.#position);
    this.#position += 1;
    const pattern = this.#delimitedOr(delimiter, true);
    const replacement = this.#delimitedOr(delimiter, false);
    let isGlobal = false;
    let prints = false;
    let occurrence = 1;
    let ignoresCase = false;
    let writesTo: string | null = null;
    for (;;) {
      const flag = this.text.charAt(this.#position);
      if (/\d/.test(flag)) {
        occurrence = Number(this.#word(/\d/));
        isGlobal = false;
        continue;
      }
      if (flag === "w") {
        this.#position += 1;
        this.#skip(/[ \t]/);
        writesTo = this.#word(/[^\n]/);
        break;
      }
      if (flag === "g") {
        // The later of `g` and a number wins (editors/sed.c parse_subst_cmd).
        isGlobal = true;
        occurrence = 1;
      } else if (flag === "p") prints = true;
      else if (flag === "i" || flag === "I") ignoresCase = true;
      else if (flag !== "m" && flag !== "M") break;
      this.#position += 1;
    }
    this.#checkFlagEnd();
    const regex = this.#compile(pattern, ignoresCase);
    const parts = parseReplacement(replacement);
    return { regex, replacement: parts, isGlobal, prints, occurrence, writesTo };
  }

  #checkFlagEnd(): void {
    this.#skip(/[ \t]/);
    const next = this.text.charAt(this.#position);
    if (next !== "" && !";\n}#".includes(next)) {
      throw new SedProblem("bad option in substitution expression");
    }
  }

  #delimitedOr(delimiter: string, isRegex: boolean): string {
    try {
      return this.#delimited(delimiter, isRegex);
    } catch (error) {
      if (error instanceof SedProblem)
        throw new SedProblem("unmatched '/'".replace("/", delimiter));
      throw error;
    }
  }

  #transliteration(): Uint8Array {
    const delimiter = this.text.charAt(this.#position);
    this.#position += 1;
    const from = unescapeSet(this.#delimitedOr(delimiter, false));
    const to = unescapeSet(this.#delimitedOr(delimiter, false));
    if (from.length !== to.length) {
      throw new SedProblem("strings for `y' command are different lengths");
    }
    const map = Uint8Array.from({ length: 256 }, (_, code) => code);
    for (let index = 0; index < from.length; index += 1) {
      map[from.charCodeAt(index)] = to.charCodeAt(index);
    }
    return map;
  }

  /** `a\` and the text on the following lines, or GNU's `a text` on the same one. */
  #appendedText(): string {
    this.#skip(/[ \t]/);
    if (this.text.charAt(this.#position) === "\\") {
      this.#position += 1;
      // Blanks behind the backslash are kept, unless nothing else follows on the line.
      const blanks = /^[ \t]*\n/.exec(this.text.slice(this.#position))?.[0] ?? "";
      this.#position += blanks.length;
    }
    let result = "";
    for (; this.#position < this.text.length; this.#position += 1) {
      const character = this.text.charAt(this.#position);
      if (character === "\n") break;
      if (character === "\\") {
        this.#position += 1;
        const next = this.text.charAt(this.#position);
        result += next === "t" ? "\t" : next;
      } else result += character;
    }
    return result;
  }

  #skip(characters: RegExp): void {
    while (this.#position < this.text.length && characters.test(this.text.charAt(this.#position))) {
      this.#position += 1;
    }
  }

  #word(characters: RegExp): string {
    const start = this.#position;
    this.#skip(characters);
    return this.text.slice(start, this.#position);
  }

  #take(character: string): boolean {
    if (this.text.charAt(this.#position) !== character) return false;
    this.#position += 1;
    return true;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** What a backslash and the character behind it come to. */
function unescape(character: string, delimiter: string, isRegex: boolean): string {
  if (character === delimiter) {
    return isRegex || character === "&" ? escapedDelimiter(character, isRegex) : character;
  }
  const escaped = ESCAPES[character];
  return isRegex && escaped !== undefined ? escaped : `\\${character}`;
}

/** A delimiter that is also special in the expression stays what it says. */
function escapedDelimiter(character: string, isRegex: boolean): string {
  if (!isRegex) return `\\${character}`;
  return /[.*[\]^$+?(){}|]/.test(character) ? `\\${character}` : character;
}

function unescapeSet(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function parseReplacement(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "&") {
      flush();
      parts.push({ kind: "group", group: 0 });
      continue;
    }
    if (character !== "\\") {
      plain += character;
      continue;
    }
    index += 1;
    const next = text.charAt(index);
    if (/\d/.test(next)) {
      flush();
      parts.push({ kind: "group", group: Number(next) });
    } else plain += ESCAPES[next] ?? next;
  }
  flush();
  return parts;
}
