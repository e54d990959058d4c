import { describeFailure } from "../../../errno-text.js";
import { LineReader, type Line } from "../../../io/line-reader.js";
import { readAll } from "../../../io/read-file.js";
import { MAX_PROGRAM_CHARACTERS } from "../../../limits.js";
import { SysError, type Blocking } from "../../../syscall.js";
import { CommandFailure, type Command } from "../../command.js";
import { closeInput, openInput } from "../../input.js";
import { inputsOf } from "../../lines.js";
import { Output } from "../../output.js";
import { parseOptions, usageFailure, type Options } from "../../options.js";
import { parseSedScript, SedProblem } from "./parse-script.js";
import { SedRun, type SedInput } from "./run.js";
import type { SedCommand } from "./script.js";

export function* sed(command: Command): Blocking<number> {
  const options = parseOptions(command, "i::rEne:f:sz", {
    "in-place=?": "i",
    "regexp-extended": "E",
    quiet: "n",
    silent: "n",
    "expression=": "e",
    "file=": "f",
    version: "V",
    separate: "s",
    "null-data": "z",
  });
  if (options.has("V")) {
    // editors/sed.c: configure scripts look for "GNU sed version 4".
    command.output.add(command.isGnu ? "sed (GNU sed) 4.9\n" : "This is not GNU sed version 4.0\n");
    return 0;
  }
  const { text, operands } = yield* readScript(command, options);
  const script = parse(command, text, options.has("E") || options.has("r"));
  const isQuiet = options.has("n") || /^#n(\n|$)/.test(text);
  const files = inputsOf(operands);
  if (options.has("i")) return yield* inPlace(command, options, script, isQuiet, files);
  const delimiter = options.has("z") ? 0 : 10;
  const input = new FileSequence(command, files, delimiter);
  const run = new SedRun(command, script, isQuiet, command.output, input, delimiter);
  const status = yield* run.run();
  return status === 0 ? command.status : status;
}

function* readScript(
  command: Command,
  options: Options,
): Blocking<{ text: string; operands: readonly string[] }> {
  const pieces: string[] = [];
  const expressions = [...options.all("e")];
  const files = [...options.all("f")];
  for (const letter of options.order) {
    if (letter === "e") pieces.push(expressions.shift() ?? "");
    if (letter !== "f") continue;
    const path = files.shift() ?? "";
    try {
      const fd = openInput(command.sys, path);
      pieces.push((yield* readAll(command.sys, fd)).replace(/\n$/, ""));
      closeInput(command.sys, fd);
    } catch (error) {
      throw command.failure(`${path}: ${describeFailure(error)}`);
    }
  }
  if (pieces.length > 0) {
    const text = pieces.join("\n");
    if (text.length > MAX_PROGRAM_CHARACTERS) throw command.failure("out of memory");
    return { text, operands: options.operands };
  }
  const [text, ...operands] = options.operands;
  if (text === undefined) throw usageFailure(command);
  return { text, operands };
}

function parse(command: Command, text: string, isExtended: boolean): SedCommand[] {
  try {
    return parseSedScript(text, isExtended, command.isGnu);
  } catch (error) {
    if (error instanceof SedProblem) throw command.failure(error.text);
    throw error;
  }
}

/** Each file by itself, written anew beside the old one. */
function* inPlace(
  command: Command,
  options: Options,
  script: readonly SedCommand[],
  isQuiet: boolean,
  files: readonly string[],
): Blocking<number> {
  const { sys } = command;
  const suffix = options.value("i") ?? "";
  let status = 0;
  for (const path of files) {
    const temporary = `${path}.sedtmp`;
    try {
      const stat = sys.stat(path);
      if (stat.type !== "file") {
        yield* command.fail(`couldn't edit '${path}': not a regular file`);
        continue;
      }
      const fd = sys.open(
        temporary,
        { write: true, create: true, truncate: true },
        stat.mode & 0o777,
      );
      const output = new Output(sys, fd);
      const input = new FileSequence(command, [path], 10);
      status = yield* new SedRun(command, script, isQuiet, output, input, 10).run();
      yield* output.flush();
      sys.close(fd);
      if (suffix !== "")
        sys.rename(path, suffix.includes("*") ? suffix.replaceAll("*", path) : path + suffix);
      sys.rename(temporary, path);
    } catch (error) {
      if (error instanceof CommandFailure || !(error instanceof SysError)) throw error;
      yield* command.failWith(
        command.words(path, `can't read ${path}`),
        error,
        command.isGnu ? 2 : 1,
      );
    }
  }
  return status === 0 ? command.status : status;
}

/** The lines of several files as one stream that knows its last line. */
class FileSequence implements SedInput {
  #reader: LineReader | null = null;
  #fd = -1;
  #nextFile = 0;
  #ahead: Line | null | undefined = undefined;

  constructor(
    private readonly command: Command,
    private readonly paths: readonly string[],
    private readonly delimiter: number,
  ) {}

  *next(): Blocking<Line | null> {
    if (this.#ahead !== undefined) {
      const line = this.#ahead;
      this.#ahead = undefined;
      return line;
    }
    return this.#reader?.takeBuffered() ?? (yield* this.#read());
  }

  *isAtEnd(): Blocking<boolean> {
    this.#ahead ??= yield* this.#read();
    return this.#ahead === null;
  }

  *#read(): Blocking<Line | null> {
    for (;;) {
      if (this.#reader !== null) {
        const line = yield* this.#readFrom(this.#reader);
        if (line !== null) return line;
        closeInput(this.command.sys, this.#fd);
        this.#reader = null;
      }
      const path = this.paths[this.#nextFile];
      if (path === undefined) return null;
      this.#nextFile += 1;
      try {
        this.#fd = openInput(this.command.sys, path);
        this.#reader = new LineReader(this.command.sys, this.#fd, undefined, this.delimiter);
      } catch (error) {
        const { command } = this;
        yield* command.failWith(
          command.words(path, `can't read ${path}`),
          error,
          command.isGnu ? 2 : 1,
        );
      }
    }
  }

  *#readFrom(reader: LineReader): Blocking<Line | null> {
    try {
      return yield* reader.readLine();
    } catch (error) {
      if (!(error instanceof SysError) || error.errno !== "EISDIR") throw error;
      yield* this.command.fail(
        `couldn't edit '${this.paths[this.#nextFile - 1] ?? ""}': not a regular file`,
      );
      return null;
    }
  }
}
