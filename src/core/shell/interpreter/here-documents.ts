import { readScript, type Redirect, type Script, type Word } from "../grammar/index.js";
import { convertExpandingWord } from "../grammar/index.js";
import { MAX_INLINE_HERE_DOCUMENT_CHARACTERS } from "../limits.js";
import type { Shell } from "./shell.js";

/** A here-document that begins in some text and does not end there. */
export interface OpenHereDocument {
  /** Where its operator stands. */
  readonly offset: number;
  /** The line that ends it. */
  readonly word: string;
  /** `<<-`: tabs before lines do not count. */
  readonly stripsTabs: boolean;
  readonly isQuoted: boolean;
  /** Where its first line begins; null where another one comes before it on the same line. */
  readonly bodyStart: number | null;
}

const OPERATOR =
  /(?<![<\d\\])<<(-?)[ \t]*(?:\\([^\s;&|<>()'"\\]+)|(["'])([^\n"']*)\3|([^\s;&|<>()'"\\]+))/g;

/**
 * The first here-document without an end. What looks like one may be none (text in quotes, a comment, a shift in arithmetic): whoever finds no end for it
 * names it in `passedOver` and asks again.
 */
export function openHereDocument(
  text: string,
  passedOver: ReadonlySet<number>,
): OpenHereDocument | null {
  if (!text.includes("<<")) return null;
  let lineStart = 0;
  while (lineStart < text.length) {
    const lineEnd = endOfLine(text, lineStart);
    const line = text.slice(lineStart, lineEnd);
    const documents = line.includes("<<") ? documentsOf(line, lineStart, lineEnd, passedOver) : [];
    lineStart = lineEnd;
    for (const [index, document] of documents.entries()) {
      const end = findEnd(text, lineStart, document);
      if (end === null) return index === 0 ? document : { ...document, bodyStart: null };
      lineStart = end.after;
    }
  }
  return null;
}

function documentsOf(
  line: string,
  lineStart: number,
  bodyStart: number,
  passedOver: ReadonlySet<number>,
): OpenHereDocument[] {
  const documents: OpenHereDocument[] = [];
  for (const match of line.matchAll(OPERATOR)) {
    const [, dash = "", escaped, quote, quoted, plain] = match;
    const offset = lineStart + match.index;
    const word = escaped ?? quoted ?? plain ?? "";
    if (passedOver.has(offset) || word === "") continue;
    const isQuoted = escaped !== undefined || quote !== undefined;
    documents.push({ offset, word, stripsTabs: dash !== "", isQuoted, bodyStart });
  }
  return documents;
}

/** The line that ends a here-document, looked for from the beginning of a line on. */
export function findEnd(
  text: string,
  from: number,
  { word, stripsTabs }: Pick<OpenHereDocument, "word" | "stripsTabs">,
): { readonly start: number; readonly after: number } | null {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const next = text.charAt(at + word.length);
    if (next !== "\n" && next !== "") continue;
    let start = at;
    while (stripsTabs && start > from && text.charAt(start - 1) === "\t") start -= 1;
    if (start > from && text.charAt(start - 1) !== "\n") continue;
    return { start, after: Math.min(text.length, at + word.length + 1) };
  }
  return null;
}

export function isEndOf({ word, stripsTabs }: OpenHereDocument, line: string): boolean {
  return (stripsTabs ? line.replace(/^\t+/, "") : line) === word;
}

/** The index behind the newline that ends the line. */
export function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at + 1;
}

/** Bodies of here-documents that are too large to be part of a command's text. */
export class HereDocuments {
  readonly #bodies = new Map<string, { readonly text: string; readonly isQuoted: boolean }>();

  /**
   * Takes the body out of a script's text; gives what stands there instead, or null where it is small or the text before it, which has to be whole up to there,
   * does not really have a here-document.
   */
  setAside(shell: Shell, before: string, document: OpenHereDocument, body: string): string | null {
    if (body.length <= MAX_INLINE_HERE_DOCUMENT_CHARACTERS) return null;
    const mark = `\0${String(this.#bodies.size)}\n`;
    if (isHereDocument(shell, before, document, mark) !== true) return null;
    const text = document.stripsTabs ? body.replace(/^\t+/gm, "") : body;
    this.#bodies.set(mark, { text, isQuoted: document.isQuoted });
    return mark;
  }

  /** The text that a body stands for and whether it is to be expanded; null when it is a text itself. */
  find(body: Word): { readonly text: string; readonly isQuoted: boolean } | null {
    const { literal } = body;
    return literal?.startsWith("\0") === true ? (this.#bodies.get(literal) ?? null) : null;
  }
}

/** Whether it is one, and not some other text: null when what stands before it leaves that open. */
export function isHereDocument(
  shell: Shell,
  before: string,
  { word }: OpenHereDocument,
  body = "\0\n",
): boolean | null {
  const tried = readScript(`${before}${body}${word}\n`, shell.dialect);
  return tried.problem === null ? hasBody(tried, body) : null;
}

/** A body with expansions, as a word. */
export const expandingBody = (shell: Shell, text: string): Word =>
  convertExpandingWord(text, shell.dialect);

/** Whether a script has a here-document with this body, wherever in it. */
function hasBody(script: Script, body: string): boolean {
  const seen = new Set<unknown>();
  const rest: unknown[] = [...script.commands];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isHere(value) && value.body.literal === body) return true;
    for (const each of Object.values(value)) rest.push(each ?? null);
  }
  return false;
}

const isHere = (value: object): value is Extract<Redirect, { kind: "here" }> =>
  "kind" in value && value.kind === "here";
