import { parse, type Word as SourceWord, type WordPart } from "unbash";
import { decodeAnsiC } from "./ansi-c.js";
import { expandBraces } from "./brace-expansion.js";
import { buildWord, doubleQuotedText, EMPTY_WORD, unquotedText } from "./build-word.js";
import { Conversion } from "./conversion.js";
import { convertParameter, type ParameterContext } from "./convert-parameter.js";
import type { Segment, Word } from "./syntax.js";

/** Where a word stands decides where its tildes expand and which characters a backslash takes. */
export type WordPlace = "argument" | "assignment" | "pattern" | "quoted" | "here-document";

const DOUBLE_QUOTE_ESCAPES = '$`"\\';
const HERE_DOCUMENT_ESCAPES = "$`\\";

export function convertWord(conversion: Conversion, word: SourceWord, place: WordPlace): Word {
  const segments: Segment[] = [];
  const parts = word.parts ?? [literalPart(word.text)];
  for (const [index, part] of parts.entries()) {
    segments.push(...convertPart(conversion, part, place, index === 0, index === parts.length - 1));
  }
  return buildWord(segments, word.text);
}

/** As `convertWord`, but a word with braces is several in bash. */
export function convertArgument(conversion: Conversion, word: SourceWord): Word[] {
  if (conversion.dialect === "bash" && word.parts?.some(hasBraces) === true) {
    return expandBracesOf(conversion, word);
  }
  // bash expands tildes in any word that looks like an assignment.
  const isAssignment = conversion.dialect === "bash" && /^[A-Za-z_]\w*=/.test(word.text);
  return [convertWord(conversion, word, isAssignment ? "assignment" : "argument")];
}

/** Text in which `$` and `` ` `` expand and `"` is plain: a here-document, an arithmetic expression. */
export function convertExpandingText(conversion: Conversion, text: string, line: number): Word {
  if (text === "") return EMPTY_WORD;
  if (!/[$`\\]/.test(text)) return buildWord([{ kind: "text", text, quoted: true }], text);
  let delimiter = "END";
  while (text.includes(delimiter)) delimiter += "X";
  const source = `<<${delimiter}\n${text}\n${delimiter}\n`;
  const [statement] = parse(source).commands;
  const command = statement?.command;
  const redirect = command?.type === "Command" ? command.redirects[0] : undefined;
  if (redirect?.type !== "HereDoc") return buildWord([{ kind: "text", text, quoted: true }], text);
  const inner = new Conversion(source, conversion.dialect, line - 1, conversion.readNested);
  const parts = redirect.body.parts ?? [literalPart(redirect.body.text)];
  const segments = parts.flatMap((part) => convertPart(inner, part, "here-document", false, false));
  conversion.nestedProblem ??= inner.nestedProblem;
  return dropLastCharacter(segments, text);
}

/** The newline that `convertExpandingText` added is not the text's. */
function dropLastCharacter(segments: readonly Segment[], source: string): Word {
  const last = segments.at(-1);
  if (last?.kind !== "text") return buildWord(segments, source);
  const kept: Segment = { ...last, text: last.text.slice(0, -1) };
  return buildWord([...segments.slice(0, -1), kept], source);
}

export function convertPart(
  conversion: Conversion,
  part: WordPart,
  place: WordPlace,
  isFirst: boolean,
  isLast: boolean,
): Segment[] {
  const quoted = place === "quoted" || place === "here-document";
  switch (part.type) {
    case "Literal":
    case "Glob":
      return convertText(part.text, place, isFirst, isLast);
    case "ExtendedGlob":
      return unquotedText(part.text);
    case "SingleQuoted":
      return [{ kind: "text", text: part.value, quoted: true }];
    case "AnsiCQuoted":
      return convertAnsiC(conversion, part.text);
    case "DoubleQuoted":
      return convertQuoted(conversion, part.parts);
    case "LocaleString":
      return [
        ...(conversion.dialect === "bash" ? [] : unquotedText("$")),
        ...convertQuoted(conversion, part.parts),
      ];
    case "SimpleExpansion":
      return [
        {
          kind: "parameter",
          name: part.text.slice(1),
          quoted,
          subscript: null,
          operation: null,
          source: part.text,
        },
      ];
    case "ParameterExpansion":
      return [convertParameter(parameterContext(conversion, place), part)];
    case "CommandExpansion":
      return [convertSubstitution(conversion, part, quoted)];
    case "ArithmeticExpansion":
      return [
        {
          kind: "arithmetic",
          expression: convertExpandingText(
            conversion,
            arithmeticText(part.text),
            conversion.lineOf(part.pos),
          ),
          quoted,
        },
      ];
    case "ProcessSubstitution":
      return [
        {
          kind: "process",
          direction: part.operator,
          script: conversion.nested(part.text.slice(2, -1), conversion.lineOf(part.pos)),
        },
      ];
    case "BraceExpansion":
      return convertBraceText(conversion, part.text, part.parts, place);
  }
}

function parameterContext(conversion: Conversion, place: WordPlace): ParameterContext {
  return {
    dialect: conversion.dialect,
    isQuoted: place === "quoted" || place === "here-document",
    convertWord: (word, where) => convertWord(conversion, word, where),
    convertPart: (part) => convertPart(conversion, part, place, false, false),
  };
}

/** Inside `$(( ))` or bash's old `$[ ]`. */
function arithmeticText(text: string): string {
  return text.startsWith("$((") ? text.slice(3, -2) : text.slice(2, -1);
}

function convertText(text: string, place: WordPlace, isFirst: boolean, isLast: boolean): Segment[] {
  switch (place) {
    case "quoted":
      return [doubleQuotedText(text, DOUBLE_QUOTE_ESCAPES)];
    case "here-document":
      return [doubleQuotedText(text, HERE_DOCUMENT_ESCAPES)];
    case "argument":
    case "pattern":
      return isFirst ? withTilde(text, isLast) : unquotedText(text);
    case "assignment":
      return assignmentText(text, isFirst, isLast);
  }
}

/** In an assignment a tilde also expands after each colon. */
function assignmentText(text: string, isFirst: boolean, isLast: boolean): Segment[] {
  if (!text.includes("~")) return unquotedText(text);
  const equals = isFirst ? /^[A-Za-z_]\w*=/.exec(text)?.[0] : undefined;
  if (equals !== undefined) {
    const value = assignmentText(text.slice(equals.length), true, isLast);
    return [...unquotedText(equals), ...value];
  }
  const pieces = text.split(":");
  return pieces.flatMap((piece, index) => {
    const begins = index > 0 || isFirst;
    const ends = index < pieces.length - 1 || isLast;
    const colon: Segment[] = index > 0 ? [{ kind: "text", text: ":", quoted: false }] : [];
    return [...colon, ...(begins ? withTilde(piece, ends) : unquotedText(piece))];
  });
}

function withTilde(text: string, endsHere: boolean): Segment[] {
  const match = /^~([A-Za-z0-9._-]*|\+)(?=\/|$)/.exec(text);
  if (match === null || (match[0].length === text.length && !endsHere)) return unquotedText(text);
  const rest = text.slice(match[0].length);
  return [{ kind: "tilde", user: match[1] ?? "" }, ...(rest === "" ? [] : unquotedText(rest))];
}

function convertQuoted(conversion: Conversion, parts: readonly WordPart[]): Segment[] {
  // Quotes make a field even when they hold nothing.
  if (parts.length === 0) return [{ kind: "text", text: "", quoted: true }];
  const segments: Segment[] = parts.flatMap((part) =>
    convertPart(conversion, part, "quoted", false, false),
  );
  return segments;
}

function convertAnsiC(conversion: Conversion, text: string): Segment[] {
  const inside = text.slice(2, -1);
  if (conversion.dialect !== "dash") {
    return [{ kind: "text", text: decodeAnsiC(inside), quoted: true }];
  }
  return [
    { kind: "text", text: "$", quoted: false },
    { kind: "text", text: inside, quoted: true },
  ];
}

function convertSubstitution(
  conversion: Conversion,
  part: Extract<WordPart, { type: "CommandExpansion" }>,
  quoted: boolean,
): Segment {
  const line = conversion.lineOf(part.pos);
  const source = part.text.startsWith("`")
    ? unescapeBackticks(part.text.slice(1, -1), quoted)
    : part.text.slice(2, -1);
  return { kind: "command", script: conversion.nested(source, line), quoted };
}

/** Inside backquotes a backslash is taken from `$`, `` ` `` and itself, and inside double quotes from `"` too. */
function unescapeBackticks(text: string, quoted: boolean): string {
  return text.replace(quoted ? /\\([$`\\"])/g : /\\([$`\\])/g, "$1");
}

/** Braces that stay text: other shells than bash, patterns, assignments. */
function convertBraceText(
  conversion: Conversion,
  text: string,
  parts: readonly WordPart[] | undefined,
  place: WordPlace,
): Segment[] {
  if (parts === undefined) return unquotedText(text);
  return [
    ...unquotedText("{"),
    ...parts.flatMap((part) => convertPart(conversion, part, place, false, false)),
    ...unquotedText("}"),
  ];
}

function hasBraces(part: WordPart): boolean {
  return part.type === "BraceExpansion";
}

function expandBracesOf(conversion: Conversion, word: SourceWord): Word[] {
  const texts = expandBraces(word.text);
  if (texts === null || texts.length === 1) return [convertWord(conversion, word, "argument")];
  return texts.map((text) => reparseWord(conversion, text, conversion.lineOf(word.pos)));
}

/** A word that braces made is read again by itself. */
function reparseWord(conversion: Conversion, text: string, line: number): Word {
  if (/^[\w./,:=@%+-]*$/.test(text)) {
    return buildWord([{ kind: "text", text, quoted: text === "" }], text);
  }
  const source = `: ${text}`;
  const command = parse(source).commands[0]?.command;
  const argument = command?.type === "Command" ? command.suffix[0] : undefined;
  if (argument?.type !== "Word") return buildWord(unquotedText(text), text);
  const inner = new Conversion(source, conversion.dialect, line, conversion.readNested);
  return convertWord(inner, argument, "argument");
}

function literalPart(text: string): WordPart {
  return { type: "Literal", pos: 0, end: text.length, value: text, text };
}
