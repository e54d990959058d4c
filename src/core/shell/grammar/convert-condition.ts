import type { TestExpression } from "unbash";
import { textWord } from "./build-word.js";
import type { Conversion } from "./conversion.js";
import { convertArgument, convertWord } from "./convert-word.js";
import type { Command, Compound, ConditionTest, SimpleCommand, Word } from "./syntax.js";

export function convertCondition(conversion: Conversion, node: TestExpression): ConditionTest {
  switch (node.type) {
    case "TestUnary":
      return {
        kind: "unary",
        operator: node.operator,
        operand: convertWord(conversion, node.operand, "argument"),
      };
    case "TestBinary":
      return {
        kind: "binary",
        operator: node.operator,
        left: convertWord(conversion, node.left, "argument"),
        right: convertWord(conversion, node.right, "pattern"),
      };
    case "TestLogical":
      return {
        kind: node.operator === "&&" ? "and" : "or",
        tests: node.operands.map((operand) => convertCondition(conversion, operand)),
      };
    case "TestNot": {
      const test = convertCondition(conversion, node.operand);
      return node.negations.length % 2 === 1 ? { kind: "not", test } : test;
    }
    case "TestGroup":
      return convertCondition(conversion, node.expression);
  }
}

/**
 * In busybox ash `[[` is a builtin like `[`: its words are split and matched against files as any others, `&&` and `||` between the
 * brackets are its `-a` and `-o` (shell/ash.c, simplecmd).
 */
export function conditionAsTestCommand(
  conversion: Conversion,
  node: TestExpression,
  shared: Compound,
): Command {
  const command: SimpleCommand = {
    kind: "simple",
    line: shared.line,
    assignments: [],
    words: [textWord("[["), ...testWords(conversion, node), textWord("]]")],
    redirects: shared.redirects,
    plain: false,
    source: shared.source,
  };
  return command;
}

function testWords(conversion: Conversion, node: TestExpression): Word[] {
  switch (node.type) {
    case "TestUnary":
      // A lone word is parsed as `-n word`, which is not how it was written.
      return [
        ...(conversion.text(node).startsWith("-") ? [textWord(node.operator)] : []),
        ...convertArgument(conversion, node.operand),
      ];
    case "TestBinary":
      return [
        ...convertArgument(conversion, node.left),
        textWord(node.operator),
        ...convertArgument(conversion, node.right),
      ];
    case "TestLogical": {
      const joint = textWord(node.operator === "&&" ? "-a" : "-o");
      return node.operands.flatMap((operand, index) => [
        ...(index > 0 ? [joint] : []),
        ...testWords(conversion, operand),
      ]);
    }
    case "TestNot":
      return [...node.negations.map(() => textWord("!")), ...testWords(conversion, node.operand)];
    case "TestGroup":
      return [textWord("("), ...testWords(conversion, node.expression), textWord(")")];
  }
}
