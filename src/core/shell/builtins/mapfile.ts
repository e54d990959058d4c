import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { INDEXED } from "../interpreter/variable.js";
import { LineReader } from "../io/line-reader.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

/** bash's `mapfile` (`readarray`): lines into an array. */
export const runMapfile: Builtin = (shell, words) => mapfile(shell, words);

function* mapfile(shell: Shell, words: readonly string[]): Blocking<number> {
  const values = new Map<string, string>();
  let index = 1;
  for (; /^-./.test(words[index] ?? ""); index += 1) {
    const word = words[index] ?? "";
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      if (letter === "t") values.set("t", "");
      else if ("dnOsuCc".includes(letter)) {
        const attached = word.slice(at + 1);
        if (attached === "") index += 1;
        values.set(letter, attached === "" ? (words[index] ?? "") : attached);
        break;
      } else {
        throw new ShellError(errorMessage(shell, `-${letter}: invalid option`), 2, false);
      }
    }
  }
  const name = words[index] ?? "MAPFILE";
  const delimiter = values.get("d") ?? "\n";
  const most = Number(values.get("n") ?? 0) || Infinity;
  const skip = Number(values.get("s") ?? 0);
  const origin = Number(values.get("O") ?? 0);
  const variable = shell.variables.declare(name, INDEXED);
  variable.value = null;
  if (!values.has("O") || variable.elements === null) variable.elements = new Map();
  const code = delimiter === "" ? 0 : delimiter.charCodeAt(0);
  const reader = new LineReader(shell.sys, Number(values.get("u") ?? 0), 1, code);
  for (let count = 0; count < most + skip; count += 1) {
    const line = yield* reader.readLine();
    if (line === null) break;
    if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
    if (count < skip) continue;
    const end = values.has("t") || !line.isTerminated ? "" : String.fromCharCode(code);
    shell.variables.setElement(name, String(origin + count - skip), line.text + end);
  }
  return 0;
}
