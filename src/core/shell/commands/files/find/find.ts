import { describeFailure } from "../../../errno-text.js";
import { writeError } from "../../../io/write.js";
import { SysError, type Blocking, type FileStat } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { findInPath } from "../../path-search.js";
import { childNames } from "../../walk.js";
import { baseName } from "../ln.js";
import { confirm } from "../rm.js";
import type { Candidate, Settings, Test } from "./expression.js";
import { FindParser } from "./parse.js";

/** Room for the words of one `-exec … +`. */
const MAX_BATCH_BYTES = 32_768;

export function* find(command: Command): Blocking<number> {
  const words = [...command.operands];
  let follows = false;
  let followsOperands = false;
  while (/^-[HLP]+$/.test(words[0] ?? "")) {
    const letters = words.shift() ?? "";
    follows = letters.includes("L");
    followsOperands = letters.includes("H");
  }
  const paths: string[] = [];
  while (words[0] !== undefined && !/^[-(!]/.test(words[0])) paths.push(words.shift() ?? "");
  const parser = new FindParser(command, words);
  const test = parser.parse();
  const full: Test = parser.settings.hasAction
    ? test
    : { kind: "and", left: test, right: { kind: "print", end: "\n" } };
  const search = new Search(command, full, parser.settings, follows || parser.settings.follows);
  for (const path of paths.length === 0 ? ["."] : paths) {
    yield* search.start(path, followsOperands);
    if (search.isOver) break;
  }
  yield* search.finish();
  return command.status;
}

class Search {
  isOver = false;
  #prunes = false;
  #device = 0;
  readonly #batches = new Map<
    number,
    { words: readonly string[]; paths: string[]; bytes: number }
  >();

  constructor(
    private readonly command: Command,
    private readonly test: Test,
    private readonly settings: Settings,
    private readonly follows: boolean,
  ) {}

  *start(path: string, followsOperand: boolean): Blocking<void> {
    const stat = yield* this.#look(path, this.follows || followsOperand);
    if (stat === null) return;
    this.#device = stat.device;
    yield* this.#visit(path, 0, stat);
  }

  *#look(path: string, follow: boolean): Blocking<FileStat | null> {
    const { sys } = this.command;
    try {
      if (!follow) return sys.lstat(path);
      try {
        return sys.stat(path);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        return sys.lstat(path);
      }
    } catch (error) {
      yield* this.command.output.flush();
      yield* this.command.failWith(this.command.words(path, `'${path}'`), error);
      return null;
    }
  }

  *#visit(path: string, depth: number, stat: FileStat): Blocking<void> {
    const { sys } = this.command;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    const candidate: Candidate = { path, name: baseName(path), depth, stat };
    this.#prunes = false;
    const { settings } = this;
    const isShown = depth >= settings.minDepth;
    if (!settings.depthFirst && isShown) yield* this.#evaluate(this.test, candidate);
    if (this.#mayEnter(stat, depth)) yield* this.#descend(path, depth);
    if (settings.depthFirst && isShown && !this.isOver) yield* this.#evaluate(this.test, candidate);
  }

  #mayEnter({ type, device }: FileStat, depth: number): boolean {
    return (
      type === "directory" &&
      depth < this.settings.maxDepth &&
      !this.#prunes &&
      !this.isOver &&
      (!this.settings.sameDevice || device === this.#device)
    );
  }

  *#descend(path: string, depth: number): Blocking<void> {
    try {
      this.command.sys.readDirectory(path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* this.command.failWith(this.command.words(path, `'${path}'`), error);
      return;
    }
    const prefix = path.endsWith("/") ? path : `${path}/`;
    for (const name of childNames(this.command.sys, path)) {
      const stat = yield* this.#look(prefix + name, this.follows);
      if (stat !== null) yield* this.#visit(prefix + name, depth + 1, stat);
      if (this.isOver) return;
    }
  }

  *#evaluate(test: Test, candidate: Candidate): Blocking<boolean> {
    switch (test.kind) {
      case "and":
        return (
          (yield* this.#evaluate(test.left, candidate)) &&
          (yield* this.#evaluate(test.right, candidate))
        );
      case "or":
        return (
          (yield* this.#evaluate(test.left, candidate)) ||
          (yield* this.#evaluate(test.right, candidate))
        );
      case "not":
        return !(yield* this.#evaluate(test.test, candidate));
      case "check":
        return test.check(candidate);
      case "prune":
        this.#prunes = true;
        return true;
      case "quit":
        this.isOver = true;
        return true;
      case "print":
        this.command.output.add(candidate.path + test.end);
        if (this.command.output.isFull) yield* this.command.output.flush();
        return true;
      case "delete":
        return yield* this.#delete(candidate);
      case "exec":
        return yield* this.#exec(test, candidate);
    }
  }

  *#delete({ path, stat }: Candidate): Blocking<boolean> {
    if (path === ".") return true;
    try {
      if (stat.type === "directory") this.command.sys.rmdir(path);
      else this.command.sys.unlink(path);
      return true;
    } catch (error) {
      yield* this.command.failWith(this.command.words(path, `'${path}'`), error);
      return false;
    }
  }

  *#exec(test: Extract<Test, { kind: "exec" }>, { path }: Candidate): Blocking<boolean> {
    if (test.isBatch) {
      const batch = this.#batches.get(test.id) ?? { words: test.words, paths: [], bytes: 0 };
      this.#batches.set(test.id, batch);
      batch.paths.push(path);
      batch.bytes += path.length + 1;
      if (batch.bytes > MAX_BATCH_BYTES) yield* this.#runBatch(batch);
      return true;
    }
    const words = test.words.map((word) => word.replaceAll("{}", path));
    if (test.asks) {
      yield* writeError(this.command.sys, words.join(" "));
      if (!(yield* confirm(this.command, " ?"))) return false;
    }
    return (yield* this.#run(words)) === 0;
  }

  *#runBatch(batch: { words: readonly string[]; paths: string[]; bytes: number }): Blocking<void> {
    if (batch.paths.length === 0) return;
    const words = [...batch.words.slice(0, -1), ...batch.paths];
    batch.paths = [];
    batch.bytes = 0;
    if ((yield* this.#run(words)) !== 0) this.command.status = 1;
  }

  *#run(words: readonly string[]): Blocking<number> {
    const { command } = this;
    yield* command.output.flush();
    const name = words[0] ?? "";
    try {
      const path = findInPath(command.sys, name, command.env.get("PATH"));
      const pid = command.sys.spawn(path, words, command.env);
      const ended = yield* command.sys.wait(pid);
      return ended === null ? 0 : "code" in ended.status ? ended.status.code : 128;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.complain(`${name}: ${describeFailure(error)}`);
      return 127;
    }
  }

  *finish(): Blocking<void> {
    for (const batch of this.#batches.values()) yield* this.#runBatch(batch);
  }
}
