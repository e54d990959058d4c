import { expandFields } from "../expansion/expand.js";
import { convertExpandingWord, type Select } from "../grammar/index.js";
import { expandString } from "../expansion/expand.js";
import { LineReader } from "../io/line-reader.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import { leavesLoop, runList } from "./compound.js";
import { TESTED } from "./outcome.js";
import type { Shell } from "./shell.js";

/** bash's menu: lists the words on standard error, reads a choice, runs the body, until the input ends. */
export function* runSelect(shell: Shell, command: Select, flags: number): Blocking<number> {
  const words: string[] = [];
  if (command.words === null) words.push(...shell.positional);
  else for (const word of command.words) yield* expandFields(shell, word, words);
  if (words.length === 0) return 0;
  let status = 0;
  let showMenu = true;
  shell.loopDepth += 1;
  try {
    for (;;) {
      if (showMenu) yield* writeError(shell.sys, menu(words));
      const prompt = shell.variables.get("PS3") ?? "#? ";
      const shown = convertExpandingWord(prompt, shell.dialect);
      yield* writeError(shell.sys, yield* expandString(shell, shown));
      const line = yield* new LineReader(shell.sys, 0, 1).readLine();
      if (line === null) {
        status = 1;
        break;
      }
      const reply = line.text.trim();
      showMenu = reply === "";
      if (showMenu) continue;
      shell.variables.set("REPLY", line.text);
      shell.variables.set(command.name, words[Number(reply) - 1] ?? "");
      const body = runList(shell, command.body, flags & TESTED);
      status = typeof body === "number" ? body : yield* body;
      if (leavesLoop(shell)) break;
    }
  } finally {
    shell.loopDepth -= 1;
  }
  shell.status = status;
  return status;
}

function menu(words: readonly string[]): string {
  const width = String(words.length).length;
  return words.map((word, index) => `${String(index + 1).padStart(width)}) ${word}\n`).join("");
}
