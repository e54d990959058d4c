import type { ArithmeticExpression, CompoundCommand, Statement } from "unbash";
import { UnexpectedToken, type Conversion } from "./conversion.js";
import { conditionAsTestCommand, convertCondition } from "./convert-condition.js";
import { convertArgument, convertExpandingText, convertWord } from "./convert-word.js";
import type {
  ArithmeticFor,
  Case,
  Command,
  For,
  If,
  List,
  Redirect,
  Select,
  Word,
} from "./syntax.js";

/** Reads the lists of commands inside; passed in, as they hold compound commands again. */
export type ConvertList = (
  conversion: Conversion,
  list: { readonly commands: readonly Statement[] },
) => List;

export function convertCompound(
  conversion: Conversion,
  node: CompoundCommand,
  redirects: readonly Redirect[],
  convertList: ConvertList,
): Command {
  const shared = {
    redirects,
    line: conversion.lineOf(node.pos),
    source: conversion.text(node),
  };
  switch (node.type) {
    case "Subshell":
      return { kind: "subshell", body: convertList(conversion, node.body), ...shared };
    case "BraceGroup":
      return { kind: "group", body: convertList(conversion, node.body), ...shared };
    case "If":
      return { ...convertIf(conversion, node, convertList), ...shared };
    case "While":
      return {
        kind: "while",
        until: node.kind === "until",
        test: convertList(conversion, node.clause),
        body: convertList(conversion, node.body),
        ...shared,
      };
    case "For":
    case "Select":
      return { ...convertFor(conversion, node, convertList), ...shared };
    case "ArithmeticFor":
      return { ...convertArithmeticFor(conversion, node, convertList), ...shared };
    case "Case":
      return { ...convertCase(conversion, node, convertList), ...shared };
    case "TestCommand":
      if (conversion.dialect !== "bash") {
        return conditionAsTestCommand(conversion, node.expression, shared);
      }
      return { kind: "condition", test: convertCondition(conversion, node.expression), ...shared };
    case "ArithmeticCommand":
      return {
        kind: "arithmetic",
        expression: convertExpandingText(conversion, node.body, shared.line),
        ...shared,
      };
  }
}

function convertFor(
  conversion: Conversion,
  node: Extract<CompoundCommand, { type: "For" | "Select" }>,
  convertList: ConvertList,
): Pick<For | Select, "kind" | "name" | "words" | "body"> {
  if (node.type === "Select" && conversion.dialect !== "bash") {
    throw new UnexpectedToken("do", node.body.pos - 3);
  }
  if (conversion.dialect !== "bash" && !/^[A-Za-z_]\w*$/.test(node.name.text)) {
    const detail = conversion.dialect === "ash" ? "bad for loop variable" : "Bad for loop variable";
    throw new UnexpectedToken(node.name.text, node.name.pos, null, detail);
  }
  return {
    kind: node.type === "For" ? "for" : "select",
    name: node.name.text,
    words: node.wordlist?.flatMap((word) => convertArgument(conversion, word)) ?? null,
    body: convertList(conversion, node.body),
  };
}

function convertArithmeticFor(
  conversion: Conversion,
  node: Extract<CompoundCommand, { type: "ArithmeticFor" }>,
  convertList: ConvertList,
): Pick<ArithmeticFor, "kind" | "initialize" | "test" | "update" | "body"> {
  if (conversion.dialect !== "bash") {
    const detail = conversion.dialect === "ash" ? "bad for loop variable" : "Bad for loop variable";
    throw new UnexpectedToken("((", node.pos, null, detail);
  }
  return {
    kind: "arithmetic-for",
    initialize: arithmeticWord(conversion, node.initialize),
    test: arithmeticWord(conversion, node.test),
    update: arithmeticWord(conversion, node.update),
    body: convertList(conversion, node.body),
  };
}

function arithmeticWord(
  conversion: Conversion,
  expression: ArithmeticExpression | undefined,
): Word | null {
  if (expression === undefined) return null;
  const line = conversion.lineOf(expression.pos);
  return convertExpandingText(conversion, conversion.text(expression), line);
}

function convertIf(
  conversion: Conversion,
  node: Extract<CompoundCommand, { type: "If" }>,
  convertList: ConvertList,
): Pick<If, "kind" | "clauses" | "otherwise"> {
  return {
    kind: "if",
    clauses: [node, ...node.elif].map((clause) => ({
      test: convertList(conversion, clause.clause),
      body: convertList(conversion, clause.then),
    })),
    otherwise: node.else === undefined ? null : convertList(conversion, node.else),
  };
}

function convertCase(
  conversion: Conversion,
  node: Extract<CompoundCommand, { type: "Case" }>,
  convertList: ConvertList,
): Pick<Case, "kind" | "word" | "items"> {
  return {
    kind: "case",
    word: convertWord(conversion, node.word, "argument"),
    items: node.items.map((item) => ({
      patterns: item.pattern.map((pattern) => convertWord(conversion, pattern, "pattern")),
      body: convertList(conversion, item.body),
      then: item.terminator ?? ";;",
    })),
  };
}
