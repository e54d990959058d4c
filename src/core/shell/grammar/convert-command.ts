import {
  parse,
  type CommandNode,
  type PipelineNode,
  type Redirected,
  type Statement,
} from "unbash";
import { UnexpectedToken, type Conversion } from "./conversion.js";
import { tokenAt } from "./syntax-problem.js";
import { convertCompound } from "./convert-compound.js";
import { convertRedirect, convertSimple } from "./convert-simple.js";
import type { AndOr, Command, List, Pipeline } from "./syntax.js";

export function convertStatement(conversion: Conversion, statement: Statement): Command {
  checkWhatFollows(conversion, statement);
  const command = convertNode(conversion, statement.command);
  if (statement.background !== true) return command;
  return { kind: "background", command, source: conversion.text(statement.command) };
}

export function convertList(
  conversion: Conversion,
  list: { readonly commands: readonly Statement[] },
): List {
  return {
    kind: "list",
    commands: list.commands.map((statement) => convertStatement(conversion, statement)),
  };
}

/** The parser lets `echo (` pass; no shell does. */
function checkWhatFollows(conversion: Conversion, statement: Statement): void {
  const { source } = conversion;
  let position = statement.command.end;
  while (source.charAt(position) === " " || source.charAt(position) === "\t") position += 1;
  if (source.charAt(position) === "(" && statement.command.type === "Command") {
    // They take it for a function's name, so that a bracket should follow.
    const after = position + 1;
    const rest = source.slice(after).replace(/^[ \t]+/, "");
    const token = tokenAt(source, source.length - rest.length) ?? "newline";
    const isNewline = token === "newline";
    throw new UnexpectedToken(token, isNewline ? source.length - rest.length + 1 : after, ")");
  }
}

function convertNode(conversion: Conversion, node: Statement["command"]): Command {
  if (node.type !== "AndOr") return convertPipelineNode(conversion, node);
  const andOr: AndOr = {
    kind: "and-or",
    commands: node.commands.map((command) => convertPipelineNode(conversion, command)),
    operators: node.operators,
    source: conversion.text(node),
  };
  return andOr;
}

function convertPipelineNode(conversion: Conversion, node: PipelineNode): Command {
  if (node.type !== "Pipeline") return convertCommand(conversion, node);
  const time = node.prefixes.find((prefix) => prefix.type === "Time");
  const negations = node.prefixes.filter((prefix) => prefix.type === "Negation").length;
  if (time !== undefined && conversion.dialect !== "bash") return timeAsCommand(conversion, node);
  const pipeline: Pipeline = {
    kind: "pipeline",
    commands: node.commands.map((command) => convertCommand(conversion, command)),
    errorsToo: node.commands.map((_, index) => node.operators[index] === "|&"),
    negated: negations % 2 === 1,
    timed: time === undefined ? false : time.posix === undefined ? "bash" : "posix",
    source: conversion.text(node),
  };
  return pipeline;
}

/** `time` is a reserved word in bash alone; elsewhere it is a program. */
function timeAsCommand(
  conversion: Conversion,
  node: { readonly pos: number; readonly end: number },
): Command {
  const quotedWord = conversion.text(node).replace("time", "\\time");
  const script = conversion.nested(quotedWord, conversion.lineOf(node.pos));
  return { kind: "list", commands: script.commands };
}

export function convertCommand(conversion: Conversion, node: CommandNode): Command {
  switch (node.type) {
    case "Command":
      return convertSimple(conversion, node);
    case "Redirected":
      return convertRedirected(conversion, node);
    case "Function":
      return convertFunction(conversion, node);
    case "Coproc":
      throw new UnexpectedToken("coproc", node.pos);
    case "TestCommand":
      if (conversion.dialect === "dash") return conditionAsCommand(conversion, node);
      return convertCompound(conversion, node, [], convertList);
    case "ArithmeticCommand":
      // Elsewhere than in bash two parentheses are two subshells.
      if (conversion.dialect !== "bash") return nestedSubshell(conversion, node, node.body);
      return convertCompound(conversion, node, [], convertList);
    default:
      return convertCompound(conversion, node, [], convertList);
  }
}

function convertRedirected(conversion: Conversion, node: Redirected): Command {
  const redirects = node.redirects.map((redirect) => convertRedirect(conversion, redirect));
  const inner = node.command;
  const special = inner.type === "TestCommand" || inner.type === "ArithmeticCommand";
  if (special && conversion.dialect !== "bash") {
    const body = convertCommand(conversion, inner);
    const list = { kind: "list" as const, commands: [body] };
    const line = conversion.lineOf(node.pos);
    return { kind: "group", body: list, redirects, line, source: conversion.text(node) };
  }
  return convertCompound(conversion, inner, redirects, convertList);
}

function convertFunction(
  conversion: Conversion,
  node: Extract<CommandNode, { type: "Function" }>,
): Command {
  const { body } = node;
  const name = node.name.value;
  // busybox took this check away after 1.36.
  if (conversion.dialect === "dash" && !/^[A-Za-z_]\w*$/.test(name)) {
    throw new UnexpectedToken(name, node.pos, null, "Bad function name");
  }
  return {
    kind: "function",
    name,
    body:
      body.type === "CompoundList"
        ? convertList(conversion, body)
        : convertCommand(conversion, body),
    line: conversion.lineOf(node.pos),
    source: conversion.text(node),
  };
}

/** dash has no `[[`: it looks for a program of that name. */
function conditionAsCommand(
  conversion: Conversion,
  node: { readonly pos: number; readonly end: number },
): Command {
  const script = conversion.nested(`\\${conversion.text(node)}`, conversion.lineOf(node.pos));
  return { kind: "list", commands: script.commands };
}

function nestedSubshell(
  conversion: Conversion,
  node: { readonly pos: number; readonly end: number },
  body: string,
): Command {
  const line = conversion.lineOf(node.pos);
  const script = conversion.nested(`( (${body}) )`, line);
  return { kind: "list", commands: script.commands };
}

/** Whether unbash can read `source` without a complaint. */
export function parsesCleanly(source: string): boolean {
  return parse(source).errors === undefined;
}
