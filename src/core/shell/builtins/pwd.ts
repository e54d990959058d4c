import { writeNow } from "../io/write.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runPwd: Builtin = (shell, words) => {
  const isPhysical = words
    .slice(1)
    .findLast((word) => /^-[LP]+$/.test(word))
    ?.endsWith("P");
  const logical = shell.variables.get("PWD");
  const path = isPhysical === true || logical === undefined ? shell.sys.cwd() : logical;
  const text = `${path}\n`;
  return writeNow(shell.sys, 1, text) ? 0 : writeLater(shell, text);
};
