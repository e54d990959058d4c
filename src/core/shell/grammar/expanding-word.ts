import { Conversion } from "./conversion.js";
import { convertExpandingText } from "./convert-word.js";
import type { Dialect } from "./dialect.js";
import { readScript } from "./read-script.js";
import type { Word } from "./syntax.js";

/** Text that expands as inside double quotes when it is used: `PS4`, the operand of `let`, a mail path. */
export function convertExpandingWord(text: string, dialect: Dialect): Word {
  const conversion = new Conversion(text, dialect, 1, (nested, line) =>
    readScript(nested, dialect, line),
  );
  return convertExpandingText(conversion, text, 1);
}
