import type {
  Assignment as SourceAssignment,
  Command as SourceCommand,
  Redirection,
  Word as SourceWord,
} from "unbash";
import { buildWord, textWord, unquotedText } from "./build-word.js";
import { UnexpectedToken, type Conversion } from "./conversion.js";
import { convertArgument, convertExpandingText, convertWord } from "./convert-word.js";
import type {
  ArrayElement,
  Assignment,
  AssignmentArgument,
  Redirect,
  SimpleCommand,
  Word,
} from "./syntax.js";

export function convertSimple(conversion: Conversion, node: SourceCommand): SimpleCommand {
  const assignments = node.prefix
    .filter((part): part is SourceAssignment => part.type === "Assignment")
    .map((assignment) => convertAssignment(conversion, assignment));
  const words: (Word | AssignmentArgument)[] =
    node.name === undefined ? [] : convertArgument(conversion, node.name);
  for (const argument of node.args) {
    if (argument.type === "Word") words.push(...convertArgument(conversion, argument));
    else words.push(convertAssignmentArgument(conversion, argument));
  }
  const redirects = node.redirects.map((redirect) => convertRedirect(conversion, redirect));
  return {
    kind: "simple",
    line: conversion.lineOf(node.pos),
    assignments,
    words,
    redirects,
    plain:
      assignments.length === 0 &&
      redirects.length === 0 &&
      words.every((word) => "segments" in word && !word.blocking),
    source: conversion.text(node),
  };
}

export function convertAssignment(conversion: Conversion, source: SourceAssignment): Assignment {
  const { value } = source;
  if (conversion.dialect !== "bash") {
    if (value.type === "ArrayValue") throw new UnexpectedToken("(", value.pos);
  }
  return {
    name: source.name,
    append: source.append === true,
    subscript: source.index === undefined ? null : convertWord(conversion, source.index, "pattern"),
    value:
      value.type === "ArrayValue"
        ? value.elements.flatMap((element) => convertElement(conversion, element))
        : convertWord(conversion, value, "assignment"),
  };
}

/** `[key]=value` inside an array's parentheses. */
function convertElement(conversion: Conversion, element: SourceWord): ArrayElement[] {
  const keyed = /^\[([^\]]*)\]=/.exec(element.text);
  if (keyed === null) {
    return convertArgument(conversion, element).map((value) => ({ subscript: null, value }));
  }
  const [prefix, key = ""] = keyed;
  const script = conversion.nested(
    `x=${element.text.slice(prefix.length)} y=${key}`,
    conversion.lineOf(element.pos),
  );
  const command = script.commands[0];
  if (command?.kind !== "simple") return [];
  const [value, subscript] = command.assignments.map((assignment) => assignment.value);
  if (value === undefined || subscript === undefined) return [];
  if (!("segments" in value) || !("segments" in subscript)) return [];
  return [{ subscript, value }];
}

function convertAssignmentArgument(
  conversion: Conversion,
  source: SourceAssignment,
): AssignmentArgument {
  const assignment = convertAssignment(conversion, source);
  const prefix = source.text.slice(0, source.text.indexOf("=") + 1);
  const value = "segments" in assignment.value ? assignment.value : textWord("()");
  return {
    assignment,
    word: buildWord([...unquotedText(prefix), ...value.segments], source.text),
  };
}

export function convertRedirect(conversion: Conversion, redirect: Redirection): Redirect {
  const descriptor =
    redirect.descriptor === undefined
      ? null
      : redirect.descriptor.type === "FileDescriptor"
        ? redirect.descriptor.value
        : redirect.descriptor.name;
  if (redirect.type === "HereDoc") {
    const quoted = redirect.delimiter?.quoted === true;
    const { text: body } = redirect.body;
    const text = redirect.operator === "<<-" ? body.replace(/^\t+/gm, "") : body;
    return {
      kind: "here",
      descriptor,
      body: quoted
        ? textWord(text)
        : convertExpandingText(conversion, text, conversion.lineOf(redirect.body.pos)),
      newline: false,
    };
  }
  if (redirect.target === undefined) throw new UnexpectedToken("newline", redirect.end);
  const target = convertWord(conversion, redirect.target, "argument");
  if (redirect.type === "HereString") {
    if (conversion.dialect === "dash") throw new UnexpectedToken("redirection", redirect.pos);
    return { kind: "here", descriptor, body: target, newline: true };
  }
  const { operator } = redirect;
  if (operator === "<&" || operator === ">&") {
    return { kind: "duplicate", operator, descriptor, target };
  }
  return { kind: "file", operator, descriptor, target };
}
