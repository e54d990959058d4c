import { parseMode } from "../text/mode-text.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runUmask: Builtin = (shell, words) => {
  const isSymbolic = words[1] === "-S";
  const operand = words[isSymbolic ? 2 : 1];
  const current = shell.sys.umask();
  if (operand === undefined) {
    const text = isSymbolic ? symbolic(current) : current.toString(8).padStart(4, "0");
    return writeLater(shell, `${text}\n`);
  }
  const isOctal = /^[0-7]{1,4}$/.test(operand);
  // A symbolic mask says what stays allowed.
  const allowed = isOctal ? null : parseMode(operand, 0o777 & ~current, false, 0);
  if (!isOctal && allowed === null) {
    const text = shell.isBash
      ? /^\d/.test(operand)
        ? `${operand}: octal number out of range`
        : `\`${operand.charAt(0)}': invalid symbolic mode character`
      : shell.dialect === "ash"
        ? `illegal mode: ${operand}`
        : `${/^\d/.test(operand) ? "Illegal number" : "Illegal mode"}: ${operand}`;
    throw new ShellError(errorMessage(shell, text), shell.isBash ? 1 : 2, false);
  }
  shell.sys.umask(allowed === null ? parseInt(operand, 8) : ~allowed & 0o777);
  return 0;
};

function symbolic(mask: number): string {
  const letters = (shift: number): string => {
    const bits = (~mask >> shift) & 7;
    return (
      ((bits & 4) !== 0 ? "r" : "") + ((bits & 2) !== 0 ? "w" : "") + ((bits & 1) !== 0 ? "x" : "")
    );
  };
  return `u=${letters(6)},g=${letters(3)},o=${letters(0)}`;
}
