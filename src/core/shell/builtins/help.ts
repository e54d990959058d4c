import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

const SCREEN_WIDTH = 80;

/** The names of all builtins, in lines (shell/ash.c helpcmd). */
export const runHelp: Builtin = (shell) => {
  let text = "Built-in commands:\n------------------\n";
  let column = 0;
  for (const name of [...shell.interpreter.builtinNames(shell.dialect)].sort()) {
    const piece = `${column === 0 ? "\t" : " "}${name}`;
    text += piece;
    column += piece.length + (column === 0 ? 7 : 0);
    if (column <= SCREEN_WIDTH - 16) continue;
    text += "\n";
    column = 0;
  }
  return writeLater(shell, `${text}\n\n`);
};
