import { appletMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { evaluateTest, TestProblem } from "../text/test-expression.js";
import { matchesRegex } from "../pattern/regex-match.js";
import type { Builtin } from "./builtin.js";

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "[[": "]]" };

export const runTest: Builtin = (shell, words) => {
  const name = words[0] ?? "test";
  const closing = CLOSING[name];
  let operands = words.slice(1);
  if (closing !== undefined) {
    if (operands.at(-1) !== closing) {
      const text = shell.isBash ? `missing \`${closing}'` : `missing ${closing}`;
      throw new ShellError(appletMessage(shell, text), 2, false);
    }
    operands = operands.slice(0, -1);
  }
  try {
    const value = evaluateTest(
      {
        sys: shell.sys,
        dialect: shell.dialect,
        patterns: name === "[[",
        ...(name === "[[" ? { matchesRegex } : {}),
        ...(shell.isBash
          ? {
              isSet: (variable) => shell.variables.get(variable) !== undefined,
              hasOption: (option) => shell.options.get(option),
            }
          : {}),
      },
      operands,
    );
    return value ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestProblem)) throw error;
    throw new ShellError(appletMessage(shell, error.text), 2, false);
  }
};
