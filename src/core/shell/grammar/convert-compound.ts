import type { ArithmeticExpression, CompoundCommand, Redirected } from "unbash";
import { UnexpectedToken, type Conversion } from "./conversion.js";
import { convertCommand, convertList } from "./convert-command.js";
import { conditionAsTestCommand, convertCondition } from "./convert-condition.js";
import { convertRedirect } from "./convert-simple.js";
import { convertArgument, convertExpandingText, convertWord } from "./convert-word.js";
import type { Case, Command, If, Redirect, Word } from "./syntax.js";

export function convertRedirected(conversion: Conversion, node: Redirected): Command {
  const redirects = node.redirects.map((redirect) => convertRedirect(conversion, redirect));
  const inner = node.command;
  const special = inner.type === "TestCommand" || inner.type === "ArithmeticCommand";
  if (special && conversion.dialect !== "bash") {
    const body = convertCommand(conversion, inner);
    const list = { kind: "list" as const, commands: [body] };
    const line = conversion.lineOf(node.pos);
    return { kind: "group", body: list, redirects, line, source: conversion.text(node) };
  }
  return convertCompound(conversion, inner, redirects);
}

export function convertCompound(
  conversion: Conversion,
  node: CompoundCommand,
  redirects: readonly Redirect[],
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
      return { ...convertIf(conversion, node), ...shared };
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
      if (node.type === "Select" && conversion.dialect !== "bash") {
        throw new UnexpectedToken("do", node.body.pos - 3);
      }
      if (conversion.dialect !== "bash" && !/^[A-Za-z_]\w*$/.test(node.name.text)) {
        const detail =
          conversion.dialect === "ash" ? "bad for loop variable" : "Bad for loop variable";
        throw new UnexpectedToken(node.name.text, node.name.pos, null, detail);
      }
      return {
        kind: node.type === "For" ? "for" : "select",
        name: node.name.text,
        words: node.wordlist?.flatMap((word) => convertArgument(conversion, word)) ?? null,
        body: convertList(conversion, node.body),
        ...shared,
      };
    case "ArithmeticFor":
      if (conversion.dialect !== "bash") {
        const detail =
          conversion.dialect === "ash" ? "bad for loop variable" : "Bad for loop variable";
        throw new UnexpectedToken("((", node.pos, null, detail);
      }
      return {
        kind: "arithmetic-for",
        initialize: arithmeticWord(conversion, node.initialize),
        test: arithmeticWord(conversion, node.test),
        update: arithmeticWord(conversion, node.update),
        body: convertList(conversion, node.body),
        ...shared,
      };
    case "Case":
      return { ...convertCase(conversion, node), ...shared };
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
