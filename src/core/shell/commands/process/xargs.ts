import { describeFailure } from "../../errno-text.js";
import { LineReader } from "../../io/line-reader.js";
import { writeError } from "../../io/write.js";
import { SysError, type Blocking } from "../../syscall.js";
import { openInput } from "../input.js";
import { findInPath } from "../path-search.js";
import type { Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";
import { confirm } from "../files/rm.js";

/** busybox leaves room for the environment in a smaller limit than the kernel's (findutils/xargs.c). */
const MAX_COMMAND_BYTES = 32_768 - 2048;

export function* xargs(command: Command): Blocking<number> {
  const options = parseOptions(command, "+0rtn:s:e::E:I:L:P:pxoi::a:d:l::", {
    null: "0",
    "no-run-if-empty": "r",
    "max-args=": "n",
    "max-procs=": "P",
    "max-lines=": "L",
    "max-chars=": "s",
    "replace=?": "i",
    "arg-file=": "a",
    "delimiter=": "d",
    verbose: "t",
    interactive: "p",
  });
  const words = options.operands.length === 0 ? ["echo"] : [...options.operands];
  for (const letter of "nsPL") {
    const text = options.value(letter);
    if (text !== undefined && !/^\d+$/.test(text)) {
      throw command.failure(`invalid number '${text}'`);
    }
  }
  return yield* new Xargs(command, options, words).run();
}

class Xargs {
  #status = 0;
  #running = 0;
  #stops = false;
  /** Standard input, or the file of `-a`. */
  #input = 0;
  readonly #mostAtOnce: number;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly words: readonly string[],
  ) {
    this.#mostAtOnce = Number(options.value("P") ?? 1) || Infinity;
  }

  *run(): Blocking<number> {
    const { options, command } = this;
    const file = options.value("a");
    if (file !== undefined) this.#input = openInput(command.sys, file);
    const replace =
      options.value("I") ?? (options.has("i") ? options.value("i") || "{}" : undefined);
    if (replace === undefined) yield* this.#inBatches();
    else yield* this.#oneByOne(replace);
    while (this.#running > 0) yield* this.#reap();
    return this.#status;
  }

  *#oneByOne(replace: string): Blocking<void> {
    const reader = new LineReader(this.command.sys, this.#input, undefined, this.#delimiter);
    while (!this.#stops) {
      const line = yield* reader.readLine();
      if (line === null) return;
      const item = line.text.replace(/^[ \t]+/, "");
      if (item === "") continue;
      const item2 = unquote(item);
      yield* this.#start(this.words.map((word) => word.split(replace).join(item2)));
    }
  }

  *#inBatches(): Blocking<void> {
    const isPlain = this.options.has("0") || this.options.has("d");
    const source = isPlain ? this.#delimitedItems() : this.#blankItems();
    const batch = new Batch(this.options, this.words);
    let hasRun = false;
    for (;;) {
      const item = yield* source.next();
      if (item === null) break;
      if (batch.isFullFor(item)) {
        yield* this.#start([...this.words, ...batch.take()]);
        hasRun = true;
        if (this.#stops) return;
      }
      batch.add(item);
    }
    const rest = batch.take();
    if (rest.length > 0 || (!hasRun && !this.options.has("r"))) {
      yield* this.#start([...this.words, ...rest]);
    }
  }

  get #delimiter(): number | undefined {
    if (this.options.has("0")) return 0;
    const text = this.options.value("d");
    if (text === undefined) return undefined;
    const escapes: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\0": "\0" };
    return (escapes[text] ?? text).charCodeAt(0);
  }

  #delimitedItems(): ItemSource {
    const reader = new LineReader(this.command.sys, this.#input, undefined, this.#delimiter);
    return {
      *next() {
        const line = yield* reader.readLine();
        return line === null ? null : { text: line.text, endsLine: true };
      },
    };
  }

  #blankItems(): ItemSource {
    const reader = new LineReader(this.command.sys, this.#input);
    const endMark = this.options.value("E") ?? this.options.value("e");
    let queue: Item[] = [];
    const { command } = this;
    return {
      *next() {
        while (queue.length === 0) {
          let line = yield* reader.readLine();
          if (line === null) return null;
          let text = line.text;
          // A backslash at the end of the line takes the next one along.
          while (/(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
            line = yield* reader.readLine();
            if (line === null) break;
            text += `\n${line.text}`;
          }
          queue = splitItems(command, text);
        }
        const item = queue.shift() ?? null;
        return item !== null && endMark !== undefined && endMark !== "" && item.text === endMark
          ? null
          : item;
      },
    };
  }

  *#start(words: readonly string[]): Blocking<void> {
    const { command, options } = this;
    if (options.has("t") || options.has("p")) yield* writeError(command.sys, words.join(" "));
    if (options.has("p") && !(yield* confirm(command, " ?..."))) return;
    if (options.has("t") && !options.has("p")) yield* writeError(command.sys, "\n");
    while (this.#running >= this.#mostAtOnce) yield* this.#reap();
    const name = words[0] ?? "";
    const fd = command.sys.open("/dev/null", { read: true });
    try {
      const path = findInPath(command.sys, name, command.env.get("PATH"));
      const fds = new Map([
        [0, fd],
        [1, 1],
        [2, 2],
      ]);
      command.sys.spawn(path, words, command.env, { fds });
      this.#running += 1;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.complain(`${name}: ${describeFailure(error)}`);
      this.#status = error.errno === "ENOENT" ? 127 : 126;
      this.#stops = true;
    } finally {
      command.sys.close(fd);
    }
    if (this.#mostAtOnce === 1 && this.#running > 0) yield* this.#reap();
  }

  *#reap(): Blocking<void> {
    const ended = yield* this.command.sys.wait(-1);
    this.#running -= 1;
    if (ended === null) return;
    const { status } = ended;
    if ("signal" in status) {
      yield* this.command.complain(
        `'${this.words[0] ?? ""}' terminated by signal ${String(status.number)}`,
      );
      this.#status = 125;
      this.#stops = true;
    } else if (status.code === 255) {
      yield* this.command.complain(`${this.words[0] ?? ""}: exited with status 255; aborting`);
      this.#status = 124;
      this.#stops = true;
    } else if (status.code !== 0) {
      this.#status = 123;
    }
  }
}

interface Item {
  readonly text: string;
  readonly endsLine: boolean;
}

/** The arguments of the next command, up to what `-n`, `-L` and `-s` allow. */
class Batch {
  #texts: string[] = [];
  #bytes: number;
  #lines = 0;
  readonly #baseBytes: number;
  readonly #most: number;
  readonly #mostLines: number;
  readonly #mostBytes: number;

  constructor(options: Options, words: readonly string[]) {
    this.#baseBytes = words.reduce((sum, word) => sum + word.length + 1, 0);
    this.#bytes = this.#baseBytes;
    this.#most = Number(options.value("n") ?? Infinity);
    this.#mostLines = Number(
      options.value("L") ?? (options.has("l") ? options.value("l") || "1" : Infinity),
    );
    this.#mostBytes = Number(options.value("s") ?? MAX_COMMAND_BYTES);
  }

  isFullFor({ text }: Item): boolean {
    if (this.#texts.length === 0) return false;
    return (
      this.#texts.length >= this.#most ||
      this.#lines >= this.#mostLines ||
      this.#bytes + text.length + 1 > this.#mostBytes
    );
  }

  add({ text, endsLine }: Item): void {
    this.#texts.push(text);
    this.#bytes += text.length + 1;
    if (endsLine) this.#lines += 1;
  }

  take(): readonly string[] {
    const texts = this.#texts;
    this.#texts = [];
    this.#bytes = this.#baseBytes;
    this.#lines = 0;
    return texts;
  }
}

interface ItemSource {
  next(): Blocking<Item | null>;
}

function splitItems(command: Command, line: string): Item[] {
  const items: Item[] = [];
  const words = line.match(/(?:"[^"]*"|'[^']*'|\\[\s\S]|[^\s"'\\])+|["']/g) ?? [];
  for (const [index, word] of words.entries()) {
    if (word === '"' || word === "'") {
      throw command.failure(`unmatched ${word === '"' ? "double" : "single"} quote`);
    }
    items.push({ text: unquote(word), endsLine: index === words.length - 1 });
  }
  return items;
}

function unquote(word: string): string {
  return word.replace(
    /"([^"]*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) => double ?? single ?? escaped ?? "",
  );
}
