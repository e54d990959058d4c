import { describeFailure } from "../../../errno-text.js";
import { readAll } from "../../../io/read-file.js";
import { SysError, type Blocking } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { closeInput, openInput } from "../../input.js";
import { parseOptions, usageFailure, type Options } from "../../options.js";
import { compileBuiltin } from "./builtins.js";
import { perform, type Code, type Frame } from "./code.js";
import {
  compileExpression,
  countRecord,
  type CompiledFunction,
  type Scope,
} from "./compile-expression.js";
import { compileStatement, EXIT, NEXT_FILE } from "./compile-statement.js";
import { unescapeText } from "./lexer.js";
import { parseAwk } from "./parser.js";
import { RecordReader } from "./records.js";
import { MAX_PROGRAM_CHARACTERS } from "../../../limits.js";
import { noteWork } from "../../../work.js";
import { AwkRuntime } from "./runtime.js";
import { AwkProblem, type AwkProgram, type Rule } from "./syntax.js";
import { inputValue, toBoolean, type Value } from "./value.js";

export function* awk(command: Command): Blocking<number> {
  const options = parseOptions(command, "+F:v:f:e:W:", {
    "field-separator=": "F",
    "assign=": "v",
    "file=": "f",
    "source=": "e",
  });
  const { source, operands } = yield* readProgram(command, options);
  try {
    const run = new AwkRun(command, parseAwk(source), operands);
    return yield* run.run(options);
  } catch (error) {
    if (!(error instanceof AwkProblem)) throw error;
    yield* command.output.flush();
    const place = options.has("f") ? (options.value("f") ?? "") : "cmd. line";
    throw command.failure(`${place}:${String(error.line || 1)}: ${error.text}`);
  }
}

function* readProgram(
  command: Command,
  options: Options,
): Blocking<{ source: string; operands: readonly string[] }> {
  const pieces = [...options.all("e")];
  for (const path of options.all("f")) {
    try {
      const fd = openInput(command.sys, path);
      pieces.push(yield* readAll(command.sys, fd));
      closeInput(command.sys, fd);
    } catch (error) {
      throw command.failure(`can't open '${path}': ${describeFailure(error)}`);
    }
  }
  if (pieces.length > 0) {
    const source = pieces.join("\n");
    if (source.length > MAX_PROGRAM_CHARACTERS) throw command.failure("out of memory");
    return { source, operands: options.operands };
  }
  const [source, ...operands] = options.operands;
  if (source === undefined) throw usageFailure(command);
  return { source, operands };
}

/** Rules that one charged step stands for, whether they are carried out or not. */
const RULES_PER_STEP = 8;

interface CompiledRule {
  readonly rule: Rule;
  readonly test: Code<Value> | null;
  readonly last: Code<Value> | null;
  readonly action: Code<number> | null;
  /** Of a range: it has begun and not ended. */
  isActive: boolean;
}

class AwkRun {
  readonly #runtime: AwkRuntime;
  readonly #frame: Frame;
  readonly #rules: readonly CompiledRule[];
  #reader: RecordReader | null = null;
  #nextOperand = 1;
  #readsInput = false;

  constructor(
    private readonly command: Command,
    program: AwkProgram,
    private readonly operands: readonly string[],
  ) {
    this.#runtime = new AwkRuntime(command);
    this.#frame = { runtime: this.#runtime, slots: [], returned: undefined };
    this.#rules = this.#compile(program);
  }

  #compile(program: AwkProgram): CompiledRule[] {
    const functions = new Map<string, CompiledFunction>();
    for (const definition of program.functions.values()) {
      functions.set(definition.name, { definition, body: null });
    }
    const scope: Scope = {
      functions,
      parameters: [],
      compileBuiltin,
      nextRecord: () => this.#nextRecord(),
    };
    for (const compiled of functions.values()) {
      const { parameters, body } = compiled.definition;
      compiled.body = compileStatement({ ...scope, parameters }, body);
    }
    return program.rules.map((rule) => ({
      rule,
      test:
        rule.pattern.kind === "test"
          ? compileExpression(scope, rule.pattern.test)
          : rule.pattern.kind === "range"
            ? compileExpression(scope, rule.pattern.first)
            : null,
      last: rule.pattern.kind === "range" ? compileExpression(scope, rule.pattern.last) : null,
      action: rule.action === null ? null : compileStatement(scope, rule.action),
      isActive: false,
    }));
  }

  *run(options: Options): Blocking<number> {
    this.#setVariables(options);
    let ends = yield* this.#runAll("begin");
    const needsInput = this.#rules.some(({ rule }) => rule.pattern.kind !== "begin");
    if (ends !== EXIT && needsInput) ends = yield* this.#records();
    // `exit` in a rule still runs END; in END it ends at once.
    if (needsInput || ends === EXIT) yield* this.#runAll("end");
    yield* this.#runtime.streams.closeAll();
    return this.#runtime.exitStatus || this.command.status;
  }

  #setVariables(options: Options): void {
    const runtime = this.#runtime;
    const environment = runtime.array("ENVIRON");
    for (const [name, value] of this.command.env) environment.set(name, inputValue(value));
    const argv = runtime.array("ARGV");
    for (const [index, word] of ["awk", ...this.operands].entries()) {
      argv.set(String(index), inputValue(word));
    }
    runtime.set("ARGC", this.operands.length + 1);
    const separator = options.value("F");
    // `-Ft` is a tab, as POSIX has it.
    if (separator !== undefined) {
      runtime.set("FS", separator === "t" ? "\t" : unescapeText(separator));
    }
    for (const assignment of options.all("v")) {
      if (!this.#assign(assignment)) throw usageFailure(this.command);
    }
  }

  #assign(text: string): boolean {
    const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
    if (match === null) return false;
    this.#runtime.set(match[1] ?? "", inputValue(unescapeText(match[2] ?? "")));
    return true;
  }

  *#runAll(kind: "begin" | "end"): Blocking<number> {
    for (const { rule, action } of this.#rules) {
      if (rule.pattern.kind !== kind || action === null) continue;
      const ends = yield* perform(action, this.#frame);
      if (ends === EXIT) return EXIT;
    }
    return 0;
  }

  *#records(): Blocking<number> {
    for (;;) {
      const record = yield* this.#nextRecord();
      if (record === null) return 0;
      this.#runtime.setRecord(record);
      yield* this.#runtime.splitLongRecord();
      countRecord(this.#frame, true);
      const ends = yield* this.#runRules();
      if (this.#runtime.streams.needsFlush) yield* this.#runtime.streams.flushFull();
      if (ends === EXIT) return EXIT;
      if (ends === NEXT_FILE) this.#closeReader();
    }
  }

  *#runRules(): Blocking<number> {
    noteWork(this.#rules.length / RULES_PER_STEP);
    for (const compiled of this.#rules) {
      const { kind } = compiled.rule.pattern;
      if (kind === "begin" || kind === "end") continue;
      if (!(yield* this.#selects(compiled))) continue;
      if (compiled.action === null) {
        const end = this.#runtime.text(this.#runtime.variables.get("ORS"));
        this.command.output.add(this.#runtime.record() + end);
        continue;
      }
      const { action } = compiled;
      const ends = action.blocks ? yield* action.run(this.#frame) : action.run(this.#frame);
      if (ends !== 0) return ends;
    }
    return 0;
  }

  *#selects(compiled: CompiledRule): Blocking<boolean> {
    const { test, last } = compiled;
    if (test === null) return true;
    if (last === null) {
      const value = test.blocks ? yield* test.run(this.#frame) : test.run(this.#frame);
      return toBoolean(value);
    }
    if (!compiled.isActive) {
      if (!toBoolean(yield* perform(test, this.#frame))) return false;
      compiled.isActive = true;
    }
    if (toBoolean(yield* perform(last, this.#frame))) compiled.isActive = false;
    return true;
  }

  /** The next record of the operands: files, and assignments between them. */
  *#nextRecord(): Blocking<string | null> {
    for (;;) {
      this.#reader ??= yield* this.#openNext();
      if (this.#reader === null) return null;
      const separator = this.#runtime.text(this.#runtime.variables.get("RS"));
      const record = yield* this.#readFrom(this.#reader, separator);
      if (record !== null) return record;
      this.#closeReader();
    }
  }

  *#readFrom(reader: RecordReader, separator: string): Blocking<string | null> {
    try {
      return yield* reader.read(separator);
    } catch (error) {
      if (!(error instanceof SysError) || error.errno !== "EISDIR") throw error;
      return null;
    }
  }

  #closeReader(): void {
    if (this.#reader !== null) closeInput(this.command.sys, this.#reader.fd);
    this.#reader = null;
  }

  *#openNext(): Blocking<RecordReader | null> {
    const argv = this.#runtime.array("ARGV");
    const count = Number(this.#runtime.text(this.#runtime.get("ARGC")));
    while (this.#nextOperand < count) {
      const operand = this.#runtime.text(argv.get(String(this.#nextOperand)));
      this.#nextOperand += 1;
      if (operand === "" || this.#assign(operand)) continue;
      this.#readsInput = true;
      this.#runtime.set("FNR", 0);
      this.#runtime.set("FILENAME", operand);
      try {
        return new RecordReader(this.command.sys, openInput(this.command.sys, operand));
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        // editors/awk.c next_input_file: it ends here.
        if (!this.command.isGnu) {
          throw this.command.failure(`${operand}: ${describeFailure(error)}`);
        }
        yield* this.command.output.flush();
        // mawk says so and goes on; it ends with 2.
        yield* this.command.fail(`cannot open "${operand}" (${describeFailure(error)})`, 2);
      }
    }
    if (this.#readsInput) return null;
    this.#readsInput = true;
    return new RecordReader(this.command.sys, 0);
  }
}
