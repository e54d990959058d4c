import { hasGlobCharacter } from "../grammar/index.js";
import {
  MAX_EXPANSION_CHARACTERS,
  MAX_EXPANSION_WORDS,
  SCANNED_CHARACTERS_PER_STEP,
} from "../limits.js";
import { quotePattern } from "../pattern/wildcard.js";
import { noteWork } from "../work.js";
import type { GlobWalk } from "./glob.js";
import { ShellError } from "../interpreter/outcome.js";

/** Where the pieces of a word go while it is expanded. */
export interface Sink {
  /** Text under quotes (or from them): kept whole, and a field even when it is empty. */
  quoted(text: string): void;
  /** Unquoted text of the script itself: not split, but its wildcards count. */
  literal(text: string): void;
  /** What an unquoted expansion gave: split by `IFS`, and its wildcards count. */
  expanded(text: string): void;
  /** Between two elements of `"$@"`: a new field. Sinks of one string put `joint` there. */
  separate(joint: string): void;
  /** Between two elements of an unquoted `$@`: ends the field that is begun. */
  separateUnquoted(joint: string): void;
}

/** Everything into one string: assignments, here-documents, the word of `case`. */
export class StringSink implements Sink {
  text = "";

  quoted(text: string): void {
    this.text += text;
    if (this.text.length > MAX_EXPANSION_CHARACTERS) throw expansionTooLarge();
  }

  literal(text: string): void {
    this.text += text;
  }

  expanded(text: string): void {
    this.quoted(text);
  }

  separate(joint: string): void {
    this.text += joint;
  }

  separateUnquoted(joint: string): void {
    this.text += joint;
  }
}

/** Into one shell pattern, in which what was quoted stands for itself. */
export class PatternSink implements Sink {
  pattern = "";

  quoted(text: string): void {
    this.pattern += quotePattern(text);
  }

  literal(text: string): void {
    this.pattern += text;
  }

  expanded(text: string): void {
    this.pattern += text;
  }

  separate(joint: string): void {
    this.pattern += joint;
  }

  separateUnquoted(joint: string): void {
    this.pattern += joint;
  }
}

/** Gives the file names that match a pattern, null when none does; or the walk that looks for them, when that takes its time. */
export type MatchFiles = (pattern: string) => readonly string[] | GlobWalk | null;

/** A field that is still a pattern: its files take the place of the field at `index`. */
export interface PendingGlob {
  readonly index: number;
  readonly pattern: string;
  readonly walk: GlobWalk;
}

/** Into fields: the arguments of a command. */
export class FieldSink implements Sink {
  readonly fields: string[] = [];
  readonly pending: PendingGlob[] = [];
  readonly #isSeparator: Uint8Array;
  #value = "";
  /** The field as a pattern, from the moment it has a wildcard. */
  #pattern: string | null = null;
  #isStarted = false;
  #afterWhite = false;
  #characters = 0;

  /** @param ifs null when it is unset: blanks, tabs and newlines. */
  constructor(
    ifs: string | null,
    private readonly matchFiles: MatchFiles | null,
  ) {
    this.#isSeparator = separatorsOf(ifs ?? " \t\n");
  }

  quoted(text: string): void {
    if (this.#pattern !== null) this.#pattern += quotePattern(text);
    this.#append(text);
  }

  literal(text: string): void {
    this.#appendUnquoted(text);
  }

  expanded(text: string): void {
    const isSeparator = this.#isSeparator;
    let start = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (isSeparator[code] !== 1) continue;
      if (index > start) this.#appendUnquoted(text.slice(start, index));
      start = index + 1;
      this.#delimiter(code === 32 || code === 9 || code === 10);
    }
    if (text.length > SCANNED_CHARACTERS_PER_STEP)
      noteWork(text.length / SCANNED_CHARACTERS_PER_STEP);
    if (start < text.length) this.#appendUnquoted(start === 0 ? text : text.slice(start));
  }

  separate(): void {
    this.#push();
    this.#isStarted = true;
  }

  separateUnquoted(): void {
    if (this.#isStarted) this.#push();
  }

  /** Ends a word. */
  end(): void {
    if (this.#isStarted) this.#push();
    this.#afterWhite = false;
  }

  #delimiter(isWhite: boolean): void {
    if (this.#isStarted) {
      this.#push();
      this.#afterWhite = isWhite;
    } else if (!isWhite) {
      if (this.#afterWhite) this.#afterWhite = false;
      else this.#push();
    }
  }

  #appendUnquoted(text: string): void {
    if (this.#pattern !== null) this.#pattern += text;
    else if (this.matchFiles !== null && hasGlobCharacter(text)) {
      this.#pattern = quotePattern(this.#value) + text;
    }
    this.#append(text);
  }

  #append(text: string): void {
    this.#value += text;
    this.#isStarted = true;
    this.#afterWhite = false;
  }

  #push(): void {
    const value = this.#value;
    const pattern = this.#pattern;
    this.#value = "";
    this.#pattern = null;
    this.#isStarted = false;
    this.#afterWhite = false;
    const matches = pattern === null ? null : (this.matchFiles?.(pattern) ?? null);
    if (matches === null) this.#keep(value);
    else if ("next" in matches) {
      this.pending.push({ index: this.fields.length, pattern: pattern ?? "", walk: matches });
      this.#keep(value);
    } else for (const match of matches) this.#keep(match);
  }

  #keep(field: string): void {
    this.#characters += field.length;
    if (this.#characters > MAX_EXPANSION_CHARACTERS || this.fields.length >= MAX_EXPANSION_WORDS) {
      throw expansionTooLarge();
    }
    this.fields.push(field);
  }
}

let lastIfs = "";
let lastSeparators: Uint8Array = new Uint8Array(256);

/** One for each separating byte. IFS hardly ever changes. */
function separatorsOf(ifs: string): Uint8Array {
  if (ifs === lastIfs) return lastSeparators;
  lastIfs = ifs;
  lastSeparators = new Uint8Array(256);
  for (let index = 0; index < ifs.length; index += 1) lastSeparators[ifs.charCodeAt(index)] = 1;
  return lastSeparators;
}

export function expansionTooLarge(): ShellError {
  return new ShellError("sh: out of memory\n", 2);
}
