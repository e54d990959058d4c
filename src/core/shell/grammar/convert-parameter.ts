import type {
  ParameterExpansionPart,
  ParameterOperation as SourceOperation,
  Word as SourceWord,
} from "unbash";
import { buildWord, doubleQuotedText } from "./build-word.js";
import type { Conversion } from "./conversion.js";
import { convertPart, convertWord, type WordPlace } from "./convert-word.js";
import type { ParameterOperation, ParameterSegment, Segment, Word } from "./syntax.js";

export function convertParameter(
  conversion: Conversion,
  part: ParameterExpansionPart,
  place: WordPlace,
): ParameterSegment {
  const quoted = place === "quoted" || place === "here-document";
  return {
    kind: "parameter",
    name: part.parameter,
    quoted,
    subscript: part.index === undefined ? null : convertWord(conversion, part.index, "pattern"),
    operation: convertPrefixed(conversion, part, place),
    source: part.text,
  };
}

function convertPrefixed(
  conversion: Conversion,
  part: ParameterExpansionPart,
  place: WordPlace,
): ParameterOperation | null {
  const operation =
    part.operation === undefined ? null : convertOperation(conversion, part.operation, place);
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
  conversion: Conversion,
  operation: SourceOperation,
  place: WordPlace,
): ParameterOperation {
  switch (operation.type) {
    case "Default":
      return convertDefault(conversion, operation, place);
    case "Remove":
      return {
        kind: "remove",
        end: operation.operator.startsWith("#") ? "prefix" : "suffix",
        longest: operation.operator.length === 2,
        operand: convertWord(conversion, operation.operand, "pattern"),
      };
    case "Replace":
      if (
        conversion.dialect === "ash" &&
        operation.operator !== "/" &&
        operation.operator !== "//"
      ) {
        return convertAnchoredForAsh(conversion, operation);
      }
      return {
        kind: "replace",
        scope: REPLACE_SCOPES[operation.operator],
        pattern: convertWord(conversion, operation.pattern, "pattern"),
        replacement: convertWord(conversion, operation.replacement, "pattern"),
      };
    case "Slice":
      return {
        kind: "slice",
        offset: convertWord(conversion, operation.offset, "pattern"),
        length:
          operation.length === undefined
            ? null
            : convertWord(conversion, operation.length, "pattern"),
      };
    case "CaseModification":
      return {
        kind: "case",
        upper: operation.operator.startsWith("^"),
        all: operation.operator.length === 2,
        pattern:
          operation.operand === undefined
            ? null
            : convertWord(conversion, operation.operand, "pattern"),
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
  conversion: Conversion,
  operation: Extract<SourceOperation, { type: "Replace" }>,
): ParameterOperation {
  const pattern = convertWord(conversion, operation.pattern, "pattern");
  const mark = { kind: "text" as const, text: operation.operator.slice(1), quoted: true };
  return {
    kind: "replace",
    scope: "first",
    pattern: buildWord([mark, ...pattern.segments], pattern.source),
    replacement: convertWord(conversion, operation.replacement, "pattern"),
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
  conversion: Conversion,
  operation: Extract<SourceOperation, { type: "Default" }>,
  place: WordPlace,
): ParameterOperation {
  const orEmpty = operation.operator.startsWith(":");
  const sign = operation.operator.slice(-1) as keyof typeof DEFAULT_KINDS;
  const quoted = place === "quoted" || place === "here-document";
  return {
    kind: DEFAULT_KINDS[sign],
    orEmpty,
    operand: quoted
      ? convertQuotedOperand(conversion, operation.operand, place)
      : convertWord(conversion, operation.operand, "argument"),
  };
}

/** In `"${x:-'a'}"` the double quotes reach in: single quotes are plain characters, double ones come off. */
function convertQuotedOperand(conversion: Conversion, word: SourceWord, place: WordPlace): Word {
  const parts = word.parts ?? [
    { type: "Literal" as const, pos: 0, end: word.text.length, value: word.text, text: word.text },
  ];
  const segments = parts.flatMap((part): Segment[] => {
    if (part.type === "SingleQuoted") return [doubleQuotedText(part.text, '$`"\\}')];
    if (part.type === "Literal") return [doubleQuotedText(part.text, '$`"\\}')];
    return convertPart(conversion, part, place, false, false);
  });
  return buildWord(segments, word.text);
}
