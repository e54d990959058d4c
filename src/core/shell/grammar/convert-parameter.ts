import type {
  ParameterExpansionPart,
  ParameterOperation as SourceOperation,
  Word as SourceWord,
  WordPart,
} from "unbash";
import { buildWord, doubleQuotedText } from "./build-word.js";
import type { Dialect } from "./dialect.js";
import type { ParameterOperation, ParameterSegment, Segment, Word } from "./syntax.js";

/** Where a parameter stands. The words of its operation may hold parameters again, so that their reader is passed in. */
export interface ParameterContext {
  readonly dialect: Dialect;
  /** Inside double quotes or a here-document. */
  readonly isQuoted: boolean;
  convertWord(word: SourceWord, place: "argument" | "pattern"): Word;
  /** In the place where the parameter itself stands. */
  convertPart(part: WordPart): Segment[];
}

export function convertParameter(
  context: ParameterContext,
  part: ParameterExpansionPart,
): ParameterSegment {
  return {
    kind: "parameter",
    name: part.parameter,
    quoted: context.isQuoted,
    subscript: part.index === undefined ? null : context.convertWord(part.index, "pattern"),
    operation: convertPrefixed(context, part),
    source: part.text,
  };
}

function convertPrefixed(
  context: ParameterContext,
  part: ParameterExpansionPart,
): ParameterOperation | null {
  const operation = part.operation === undefined ? null : convertOperation(context, part.operation);
  if (part.parameter === "" || !isParameterName(part.parameter)) return { kind: "bad" };
  switch (part.prefix) {
    case undefined:
      return operation;
    case "#":
      return operation === null ? { kind: "length" } : { kind: "bad" };
    case "!":
      if (operation?.kind === "names") return operation;
      if (part.index !== undefined && operation === null && /^[@*]$/.test(part.index.text)) {
        return { kind: "transform", operator: "keys" };
      }
      return { kind: "indirect", then: operation };
  }
}

function isParameterName(name: string): boolean {
  return /^(?:[A-Za-z_]\w*|\d+|[@*#?$!_-])$/.test(name);
}

function convertOperation(
  context: ParameterContext,
  operation: SourceOperation,
): ParameterOperation {
  switch (operation.type) {
    case "Default":
      return convertDefault(context, operation);
    case "Remove":
      return {
        kind: "remove",
        end: operation.operator.startsWith("#") ? "prefix" : "suffix",
        longest: operation.operator.length === 2,
        operand: context.convertWord(operation.operand, "pattern"),
      };
    case "Replace":
      if (context.dialect === "ash" && operation.operator !== "/" && operation.operator !== "//") {
        return convertAnchoredForAsh(context, operation);
      }
      return {
        kind: "replace",
        scope: REPLACE_SCOPES[operation.operator],
        pattern: context.convertWord(operation.pattern, "pattern"),
        replacement: context.convertWord(operation.replacement, "pattern"),
      };
    case "Slice":
      return {
        kind: "slice",
        offset: context.convertWord(operation.offset, "pattern"),
        length:
          operation.length === undefined ? null : context.convertWord(operation.length, "pattern"),
      };
    case "CaseModification":
      return {
        kind: "case",
        upper: operation.operator.startsWith("^"),
        all: operation.operator.length === 2,
        pattern:
          operation.operand === undefined
            ? null
            : context.convertWord(operation.operand, "pattern"),
      };
    case "Transform":
      return { kind: "transform", operator: operation.operand.text };
    case "Names":
      return { kind: "names", separate: operation.operator === "@" };
    case "Unknown":
      return { kind: "bad" };
  }
}

/** busybox ash has no anchored replacement: the `#` or `%` belongs to the pattern. */
function convertAnchoredForAsh(
  context: ParameterContext,
  operation: Extract<SourceOperation, { type: "Replace" }>,
): ParameterOperation {
  const pattern = context.convertWord(operation.pattern, "pattern");
  const mark = { kind: "text" as const, text: operation.operator.slice(1), quoted: true };
  return {
    kind: "replace",
    scope: "first",
    pattern: buildWord([mark, ...pattern.segments], pattern.source),
    replacement: context.convertWord(operation.replacement, "pattern"),
  };
}

const REPLACE_SCOPES = { "/": "first", "//": "all", "/#": "prefix", "/%": "suffix" } as const;

const DEFAULT_KINDS = {
  "-": "default",
  "=": "assign",
  "+": "alternative",
  "?": "error",
} as const;

function convertDefault(
  context: ParameterContext,
  operation: Extract<SourceOperation, { type: "Default" }>,
): ParameterOperation {
  const orEmpty = operation.operator.startsWith(":");
  const sign = operation.operator.slice(-1) as keyof typeof DEFAULT_KINDS;
  return {
    kind: DEFAULT_KINDS[sign],
    orEmpty,
    operand: context.isQuoted
      ? convertQuotedOperand(context, operation.operand)
      : context.convertWord(operation.operand, "argument"),
  };
}

/** In `"${x:-'a'}"` the double quotes reach in: single quotes are plain characters, double ones come off. */
function convertQuotedOperand(context: ParameterContext, word: SourceWord): Word {
  const parts = word.parts ?? [
    { type: "Literal" as const, pos: 0, end: word.text.length, value: word.text, text: word.text },
  ];
  const segments = parts.flatMap((part): Segment[] => {
    if (part.type === "SingleQuoted") return [doubleQuotedText(part.text, '$`"\\}')];
    if (part.type === "Literal") return [doubleQuotedText(part.text, '$`"\\}')];
    return context.convertPart(part);
  });
  return buildWord(segments, word.text);
}
