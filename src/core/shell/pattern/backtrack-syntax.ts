/** The parts of an expression in the shape `translateRegex` writes it. */
export type BacktrackNode =
  | {
      readonly kind: "set";
      readonly accepts: (code: number) => boolean;
      /** Says what is not accepted: it holds for neither case of a letter. */
      readonly isNegated: boolean;
    }
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "boundary"; readonly positive: boolean }
  | { readonly kind: "sequence"; readonly parts: readonly BacktrackNode[] }
  | { readonly kind: "choice"; readonly options: readonly BacktrackNode[] }
  | { readonly kind: "group"; readonly index: number | null; readonly body: BacktrackNode }
  | { readonly kind: "back"; readonly group: number }
  | {
      readonly kind: "repeat";
      readonly body: BacktrackNode;
      readonly least: number;
      readonly most: number;
    };

export function parseBacktracking(re2: string): BacktrackNode {
  return new Parser(re2).choice();
}

class Parser {
  #position = 0;
  #groups = 0;
  readonly #brackets = new Map<string, BacktrackNode>();

  constructor(private readonly text: string) {}

  choice(): BacktrackNode {
    const options = [this.#sequence()];
    while (this.#peek() === "|") {
      this.#position += 1;
      options.push(this.#sequence());
    }
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #peek(): string {
    return this.text.charAt(this.#position);
  }

  #sequence(): BacktrackNode {
    const parts: BacktrackNode[] = [];
    while (this.#position < this.text.length && this.#peek() !== "|" && this.#peek() !== ")") {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: "sequence", parts };
  }

  #repeated(body: BacktrackNode): BacktrackNode {
    const match = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.text.slice(this.#position));
    if (match === null) return body;
    const [whole, low = "0", comma, high = ""] = match;
    this.#position += whole.length;
    switch (whole) {
      case "*":
        return { kind: "repeat", body, least: 0, most: Infinity };
      case "+":
        return { kind: "repeat", body, least: 1, most: Infinity };
      case "?":
        return { kind: "repeat", body, least: 0, most: 1 };
      default: {
        const least = Number(low);
        const most = comma === undefined ? least : high === "" ? Infinity : Number(high);
        return { kind: "repeat", body, least, most };
      }
    }
  }

  #atom(): BacktrackNode {
    const rest = this.text.slice(this.#position);
    if (rest.startsWith("(?s:.)")) {
      this.#position += 6;
      return ANY;
    }
    const character = this.#peek();
    this.#position += 1;
    switch (character) {
      case "(":
        return this.#group(rest);
      case "[":
        return this.#bracket();
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case "\\":
        return this.#escape();
      default:
        return one(character.charCodeAt(0));
    }
  }

  #group(rest: string): BacktrackNode {
    const isPlain = rest.startsWith("(?:");
    if (isPlain) this.#position += 2;
    else this.#groups += 1;
    const index = isPlain ? null : this.#groups;
    const body = this.choice();
    this.#position += 1;
    return { kind: "group", index, body };
  }

  /** `translateRegex` writes members as `\xHH`, which means nothing to a POSIX bracket. */
  #bracket(): BacktrackNode {
    const end = this.text.indexOf("]", this.#position);
    const body = this.text.slice(this.#position, end);
    this.#position = end + 1;
    const known = this.#brackets.get(body);
    if (known !== undefined) return known;
    const made = readSet(body);
    this.#brackets.set(body, made);
    return made;
  }

  #escape(): BacktrackNode {
    const character = this.#peek();
    this.#position += 1;
    switch (character) {
      case "A":
        return { kind: "start" };
      case "z":
        return { kind: "end" };
      case "b":
        return { kind: "boundary", positive: true };
      case "B":
        return { kind: "boundary", positive: false };
      case "n":
        return one(10);
      case "t":
        return one(9);
      default:
        if (/[1-9]/.test(character)) return { kind: "back", group: Number(character) };
        return one(character.charCodeAt(0));
    }
  }
}

const ANY: BacktrackNode = { kind: "set", accepts: () => true, isNegated: false };
const BYTES: readonly BacktrackNode[] = Array.from({ length: 256 }, (_, code) => ({
  kind: "set",
  accepts: (other) => other === code,
  isNegated: false,
}));

/** The same node for the same byte: what is made of it is made once. */
const one = (code: number): BacktrackNode => BYTES[code & 255] ?? ANY;

function readSet(body: string): BacktrackNode {
  const plain = body
    .replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    .replace(/\\t/g, "\t")
    .replace(/\\r/g, "\r");
  const ranges: [number, number][] = [];
  const negated = plain.startsWith("^");
  for (let at = negated ? 1 : 0; at < plain.length;) {
    const low = plain.charCodeAt(at);
    const isRange = plain.charAt(at + 1) === "-" && at + 2 < plain.length;
    ranges.push([low, isRange ? plain.charCodeAt(at + 2) : low]);
    at += isRange ? 3 : 1;
  }
  const contains = (code: number): boolean =>
    ranges.some(([low, high]) => code >= low && code <= high);
  const accepts = negated ? (code: number): boolean => !contains(code) : contains;
  return { kind: "set", accepts, isNegated: negated };
}
