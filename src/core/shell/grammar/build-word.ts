import type { ParameterOperation, Segment, TextSegment, Word } from "./syntax.js";

export const EMPTY_WORD: Word = { segments: [], literal: "", blocking: false, source: "" };

/** A word of given text: what a quoted string would be. */
export function textWord(text: string, quoted = true): Word {
  return {
    segments: [{ kind: "text", text, quoted }],
    literal: quoted || !hasGlobCharacter(text) ? text : null,
    blocking: false,
    source: text,
  };
}

/** Puts neighbouring text together and decides what can be known of a word before it is expanded. */
export function buildWord(segments: readonly Segment[], source: string): Word {
  const merged = mergeText(segments);
  return {
    segments: merged,
    literal: literalOf(merged),
    blocking: merged.some(isBlocking),
    source,
  };
}

export function hasGlobCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // * ? [ and the backslash, which takes the meaning from the next one.
    if (code === 42 || code === 63 || code === 91 || code === 92) return true;
  }
  return false;
}

function mergeText(segments: readonly Segment[]): readonly Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (segment.kind === "text" && last?.kind === "text" && last.quoted === segment.quoted) {
      merged[merged.length - 1] = { ...last, text: last.text + segment.text };
    } else if (segment.kind !== "text" || segment.quoted || segment.text !== "") {
      merged.push(segment);
    }
  }
  return merged;
}

function literalOf(segments: readonly Segment[]): string | null {
  let text = "";
  for (const segment of segments) {
    if (segment.kind !== "text" || (!segment.quoted && hasGlobCharacter(segment.text))) return null;
    text += segment.text;
  }
  return segments.length === 0 ? null : text;
}

function isBlocking(segment: Segment): boolean {
  switch (segment.kind) {
    case "text":
    case "tilde":
      return false;
    case "command":
    case "process":
      return true;
    case "arithmetic":
      return segment.expression.blocking;
    case "parameter":
      return segment.subscript?.blocking === true || operandsBlock(segment.operation);
  }
}

function operandsBlock(operation: ParameterOperation | null): boolean {
  if (operation === null) return false;
  switch (operation.kind) {
    case "default":
    case "assign":
    case "alternative":
    case "error":
    case "remove":
      return operation.operand.blocking;
    case "replace":
      return operation.pattern.blocking || operation.replacement.blocking;
    case "slice":
      return operation.offset.blocking || operation.length?.blocking === true;
    case "case":
      return operation.pattern?.blocking === true;
    case "indirect":
      return operandsBlock(operation.then);
    case "length":
    case "transform":
    case "names":
    case "bad":
      return false;
  }
}

/** Unquoted text with backslashes taken as quotes: `a\ b` is quoted only at its blank. */
export function unquotedText(text: string): TextSegment[] {
  if (!text.includes("\\")) return [{ kind: "text", text, quoted: false }];
  const segments: TextSegment[] = [];
  let plain = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character !== "\\") {
      plain += character;
      continue;
    }
    index += 1;
    const next = text.charAt(index);
    if (next === "\n") continue;
    if (plain !== "") segments.push({ kind: "text", text: plain, quoted: false });
    plain = "";
    // A backslash at the very end stands for itself.
    segments.push({ kind: "text", text: next === "" ? "\\" : next, quoted: true });
  }
  if (plain !== "") segments.push({ kind: "text", text: plain, quoted: false });
  return segments;
}

/** Text inside double quotes (or a here-document, where `"` needs no escape). */
export function doubleQuotedText(text: string, escapable: string): TextSegment {
  if (!text.includes("\\")) return { kind: "text", text, quoted: true };
  let value = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character !== "\\" || next === "" || !(next === "\n" || escapable.includes(next))) {
      value += character;
      continue;
    }
    if (next !== "\n") value += next;
    index += 1;
  }
  return { kind: "text", text: value, quoted: true };
}
