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
  const { values, rest } = readOptions(shell, words);
  const name = rest[0] ?? "MAPFILE";
  const number = (letter: string): number => Number(values.get(letter) ?? 0);
  const most = number("n") || Infinity;
  const skip = number("s");
  prepare(shell, name, values.has("O"));
  const delimiter = values.get("d") ?? "\n";
  const code = delimiter === "" ? 0 : delimiter.charCodeAt(0);
  const reader = new LineReader(shell.sys, number("u"), 1, code);
  for (let count = 0; count < most + skip; count += 1) {
    const line = yield* reader.readLine();
    if (line === null) break;
    if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
    if (count < skip) continue;
    const end = values.has("t") || !line.isTerminated ? "" : String.fromCharCode(code);
    shell.variables.setElement(name, String(number("O") + count - skip), line.text + end);
  }
  return 0;
}

interface MapfileWords {
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

function readOptions(shell: Shell, words: readonly string[]): MapfileWords {
  const values = new Map<string, string>();
  const rest = words.slice(1);
  while (/^-./.test(rest[0] ?? "")) {
    const letters = (rest.shift() ?? "").slice(1);
    const flags = /^t*/.exec(letters)?.[0] ?? "";
    if (flags !== "") values.set("t", "");
    const letter = letters.charAt(flags.length);
    if (letter === "") continue;
    if (!"dnOsuCc".includes(letter)) {
      throw new ShellError(errorMessage(shell, `-${letter}: invalid option`), 2, false);
    }
    const attached = letters.slice(flags.length + 1);
    values.set(letter, attached === "" ? (rest.shift() ?? "") : attached);
  }
  return { values, rest };
}

/** An array of that name, empty unless an origin is given. */
function prepare(shell: Shell, name: string, keepsElements: boolean): void {
  const variable = shell.variables.declare(name, INDEXED);
  variable.value = null;
  if (!keepsElements || variable.elements === null) variable.elements = new Map();
}
