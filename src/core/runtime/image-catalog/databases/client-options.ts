/** A word of a command line: an option by its short letter with what is joined to it, or an operand. */
export type ClientWord =
  | {
      readonly kind: "option";
      readonly letter: string;
      readonly joined: string;
      readonly text: string;
    }
  | { readonly kind: "operand"; readonly text: string };

/** `-uroot`, `--user=root` and operands, in terms of short options. @param long short letters by long name */
export const readWord = (text: string, long: Readonly<Record<string, string>>): ClientWord => {
  const named = /^--([\w-]+)(?:=(.*))?$/s.exec(text);
  if (named !== null)
    return { kind: "option", letter: long[named[1] ?? ""] ?? "", joined: named[2] ?? "", text };
  if (!text.startsWith("-") || text === "-") return { kind: "operand", text };
  return { kind: "option", letter: text.charAt(1), joined: text.slice(2), text };
};

/**
 * Reads a command line. @param valued letters that take a value, joined or as the next word. @returns values by letter (the last counts), and what is left over
 */
export const readClientOptions = (
  words: readonly string[],
  valued: string,
  long: Readonly<Record<string, string>>,
): {
  readonly values: ReadonlyMap<string, string>;
  readonly switches: readonly string[];
  readonly operands: readonly string[];
} => {
  const values = new Map<string, string>();
  const switches: string[] = [];
  const operands: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = readWord(words[i] ?? "", long);
    if (word.kind === "operand") operands.push(word.text);
    else {
      const option: FoundOption | null = word.text.startsWith("--")
        ? word
        : firstValued(word, valued);
      if (option === null || option.letter === "" || !valued.includes(option.letter)) {
        switches.push(word.text);
        continue;
      }
      if (option.switches !== undefined) switches.push(option.switches);
      if (option.joined !== "") values.set(option.letter, option.joined);
      else values.set(option.letter, words[(i += 1)] ?? "");
    }
  }
  return { values, switches, operands };
};

interface FoundOption {
  readonly letter: string;
  readonly joined: string;
  /** What stood before it in the same word. */
  readonly switches?: string;
}

/** The option with a value in a word of several: of `-tAc` it is `c`. */
const firstValued = (
  { text }: Extract<ClientWord, { kind: "option" }>,
  valued: string,
): FoundOption | null => {
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (!valued.includes(letter)) continue;
    const option = { letter, joined: text.slice(at + 1) };
    return at === 1 ? option : { ...option, switches: text.slice(0, at) };
  }
  return null;
};
