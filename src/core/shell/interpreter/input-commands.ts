import { readScript, type Script } from "../grammar/index.js";
import { LineReader } from "../io/line-reader.js";
import { writeError } from "../io/write.js";
import { CHARACTERS_READ_PER_STEP, SCRIPT_PIECE_CHARACTERS } from "../limits.js";
import type { Blocking } from "../syscall.js";
import {
  isEndOf,
  isHereDocument,
  openHereDocument,
  type OpenHereDocument,
} from "./here-documents.js";
import { checkCommandSize, mayGoOn } from "./script-pieces.js";
import type { Shell } from "./shell.js";

/** Lines of a here-document that are joined at a time. */
const LINES_AT_ONCE = 512;

/** The commands that come in on standard input, no line taken that the next one may want to read. */
export class InputCommands {
  readonly #reader: LineReader;
  #firstLine = 1;
  #lines = 0;
  #heldBytes = 0;

  constructor(private readonly shell: Shell) {
    this.#reader = new LineReader(shell.sys, 0, 1);
  }

  /** The next whole command; null at the end. */
  *next(): Blocking<Script | null> {
    const { shell } = this;
    let pending = "";
    if (shell.options.interactive) yield* prompt(shell);
    for (;;) {
      const line = yield* this.#readLine();
      if (line === null && pending === "") return null;
      pending += line ?? "";
      const open = this.#openHereDocument(pending);
      if (line !== null && open !== null) pending = yield* this.#readHereDocument(pending, open);
      if (line !== null && !mayBeWhole(pending, line)) continue;
      checkCommandSize(shell, pending);
      yield* shell.sys.charge(pending.length / CHARACTERS_READ_PER_STEP);
      const script = readScript(pending, shell.dialect, this.#firstLine);
      if (line !== null && mayGoOn(script, pending)) continue;
      this.#firstLine += this.#lines;
      this.#lines = 0;
      return script;
    }
  }

  /** The command has been run: its text is not needed any more. */
  release(): void {
    this.shell.sys.free(this.#heldBytes);
    this.#heldBytes = 0;
  }

  *#readLine(): Blocking<string | null> {
    const line = yield* this.#reader.readLine();
    if (line === null) return null;
    const text = line.isTerminated ? `${line.text}\n` : line.text;
    this.#lines += 1;
    this.#heldBytes += text.length;
    this.shell.sys.allocate(text.length);
    return text;
  }

  #openHereDocument(pending: string): OpenHereDocument | null {
    const passedOver = new Set<number>();
    for (;;) {
      const open = openHereDocument(pending, passedOver);
      if (open?.bodyStart == null) return open;
      const before = pending.slice(0, open.bodyStart);
      if (isHereDocument(this.shell, before, open) !== false) return open;
      passedOver.add(open.offset);
    }
  }

  /** Nothing but its end can make a here-document whole, so all up to there belongs to it. */
  *#readHereDocument(pending: string, open: OpenHereDocument): Blocking<string> {
    const pieces: string[] = [];
    let lines: string[] = [];
    let last = "";
    for (;;) {
      const line = yield* this.#readLine();
      if (line === null) break;
      if (isEndOf(open, line.replace(/\n$/, ""))) {
        last = line;
        break;
      }
      lines.push(line);
      if (lines.length < LINES_AT_ONCE) continue;
      pieces.push(lines.join(""));
      lines = [];
    }
    const body = pieces.join("") + lines.join("");
    const mark =
      open.bodyStart === pending.length && last !== ""
        ? this.shell.hereDocuments.setAside(this.shell, pending, open, body)
        : null;
    return pending + (mark ?? body) + last;
  }
}

/** What ends a compound command, a quote or an expansion. */
const CLOSING = /[)}\]'"`]|\b(?:fi|done|esac)\b/;

/** Whether it is worth looking at the whole again: a long command that has begun ends on a line with something that ends it. */
function mayBeWhole(pending: string, line: string): boolean {
  return (
    pending.length <= SCRIPT_PIECE_CHARACTERS ||
    CLOSING.test(line) ||
    /[&|\\]\s*$/.test(pending.slice(0, -line.length))
  );
}

function* prompt(shell: Shell): Blocking<void> {
  const text = shell.variables.get("PS1") ?? "$ ";
  const directory = shell.sys.cwd();
  const shown = text
    .replace(/\\\$/g, shell.sys.uid === 0 ? "#" : "$")
    .replace(/\\w/g, directory)
    .replace(/\\h/g, shell.sys.hostname)
    .replace(/\\u/g, shell.sys.uid === 0 ? "root" : "user");
  yield* writeError(shell.sys, shown);
}
