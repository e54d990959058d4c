import type {
  AssignmentArgument,
  Command,
  Dialect,
  FunctionDefinition,
  ParameterSegment,
  Script,
} from "../grammar/index.js";
import type { BuiltinEntry } from "../builtins/builtin.js";
import type { Resolved } from "../expansion/append.js";
import type { Sink } from "../expansion/sink.js";
import { LARGE_VALUE_CHARACTERS, SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Blocking, Sys } from "../syscall.js";
import { noteWork } from "../work.js";
import { HereDocuments } from "./here-documents.js";
import { Jobs } from "./jobs.js";
import { ShellOptions } from "./options.js";
import type { Outcome, Skip } from "./outcome.js";
import { SpecialVariables } from "./special-variables.js";
import { Traps } from "./traps.js";
import { Variables } from "./variables.js";

/** What the parts of the shell need of the interpreter, which in turn needs them. */
export interface Interpreter {
  execute(shell: Shell, command: Command, flags: number): Outcome;
  /** Runs the text of `eval`, a trap, `.`. */
  runText(shell: Shell, text: string, flags: number): Blocking<number>;
  /** Output of a command substitution, without its last newlines. */
  substitute(shell: Shell, script: Script): Blocking<string>;
  /** Path that stands for a process substitution. */
  substituteProcess(shell: Shell, script: Script, direction: "<" | ">"): string;
  /** Gives what a parameter expands to; its operands are words, which may hold parameters again. */
  appendParameter(shell: Shell, segment: ParameterSegment, sink: Sink, resolved: Resolved): void;
  findBuiltin(dialect: Dialect, name: string): BuiltinEntry | null;
  builtinNames(dialect: Dialect): readonly string[];
  /** Runs words as a simple command, passing over functions and giving other tools as asked. */
  runWords(shell: Shell, words: readonly string[], options: RunWordsOptions): Outcome;
}

export interface RunWordsOptions {
  /** `command` passes over functions; `builtin` looks nowhere else than at builtins. */
  readonly skipFunctions: boolean;
  readonly onlyBuiltins: boolean;
  readonly path: string | null;
  readonly flags: number;
}

export interface ShellStart {
  /** The name the shell was called by. */
  readonly program: string;
  readonly dialect: Dialect;
  readonly name: string;
  readonly positional: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly interpreter: Interpreter;
}

/** The state of one shell process. */
export class Shell {
  sys: Sys;
  readonly dialect: Dialect;
  readonly interpreter: Interpreter;
  readonly program: string;
  /** `$0`, and the name in messages. */
  name: string;
  #positional: readonly string[];
  /** How many of `#positional` a `shift` has taken: the list is copied when somebody asks for it, not at each shift. */
  #shifted = 0;
  options: ShellOptions;
  /** Letters of `$-` that tell how the shell was started. */
  startLetters = "";
  readonly special: SpecialVariables;
  variables: Variables;
  functions: Map<string, FunctionDefinition>;
  aliases: Map<string, string> | null = null;
  shoptNames: Set<string> | null = null;
  #hereDocuments: HereDocuments | null = null;
  readonly jobs: Jobs;
  readonly traps: Traps;
  /** Where commands were found, until PATH changes. */
  locations: Map<string, string> | null = null;
  locationsPath = "";

  /** `$?` */
  status = 0;
  /** `$!` */
  backgroundPid: number | null = null;
  /** `$$`: of the first shell, also in its subshells. */
  readonly pid: number;
  /** Status of the last command substitution; that of a command which is nothing but assignments. */
  substitutionStatus = 0;
  line = 0;
  /** The builtin that runs, for messages. */
  commandName: string | null = null;
  skip: Skip = null;
  skipCount = 0;
  loopDepth = 0;
  functionDepth = 0;
  sourceDepth = 0;
  callDepth = 0;
  isSubshell = false;
  /** How many command substitutions and evals this one runs inside. */
  substitutionDepth = 0;
  /** PIPESTATUS; null: the last command was no pipeline. */
  pipeStatuses: readonly number[] | null = null;
  functionNames: string[] | null = null;
  /** State of `getopts` inside a group of letters. */
  optionOffset = 0;
  optionIndexSeen = "1";
  directoryStack: string[] | null = null;
  /** Descriptors that redirections saved: no command inherits them. */
  savedDescriptors: Set<number> | null = null;
  /** No descriptor above this one was opened by a redirection or a substitution. */
  highestDescriptor = 9;
  /** Words of the last command, for `$_`. */
  lastArgument = "";
  /** Descriptors and processes of process substitutions, ended with the command that uses them. */
  openSubstitutions: number[] | null = null;
  /** Assignment arguments of the declaring builtin that is about to run, by index. */
  declarations: ReadonlyMap<number, AssignmentArgument> | null = null;

  constructor(sys: Sys, start: ShellStart, parent: Shell | null = null) {
    this.sys = sys;
    this.dialect = start.dialect;
    this.interpreter = start.interpreter;
    this.program = start.program;
    this.name = start.name;
    this.#positional = start.positional;
    this.pid = parent?.pid ?? sys.pid;
    this.options = parent?.options.fork() ?? new ShellOptions(start.dialect);
    this.special = new SpecialVariables(this, parent?.special ?? null);
    this.variables = parent?.variables.fork(sys, this.special) ?? new Variables(sys, this.special);
    this.#noteLarge(start.positional);
    this.functions = new Map(parent?.functions ?? []);
    this.#hereDocuments = parent === null ? null : parent.#hereDocuments;
    this.jobs = new Jobs(sys);
    this.traps = new Traps(sys, parent?.traps ?? null);
  }

  /** Large here-documents of what this shell runs, and those before it; made when there is one. */
  get hereDocuments(): HereDocuments {
    return (this.#hereDocuments ??= new HereDocuments());
  }

  /** `$1` and on. */
  get positional(): readonly string[] {
    if (this.#shifted > 0) {
      noteWork(this.positionalCount / SCANNED_CHARACTERS_PER_STEP);
      this.positional = this.#positional.slice(this.#shifted);
    }
    return this.#positional;
  }

  set positional(words: readonly string[]) {
    this.#positional = words;
    this.#shifted = 0;
    this.#noteLarge(words);
  }

  #noteLarge(words: readonly string[]): void {
    const isLarge = ({ length }: string): boolean => length >= LARGE_VALUE_CHARACTERS;
    if (words.length >= LARGE_VALUE_CHARACTERS || words.some(isLarge))
      this.variables.hasLarge = true;
  }

  get positionalCount(): number {
    return this.#positional.length - this.#shifted;
  }

  /** `$1` at 0. */
  positionalAt(index: number): string | undefined {
    return this.#positional[this.#shifted + index];
  }

  /** @param count no more than there are */
  shiftPositional(count: number): void {
    this.#shifted += count;
  }

  /** The copy that runs in a child process. Traps that run commands are reset there, jobs are not its own. */
  fork(sys: Sys): Shell {
    const child = new Shell(
      sys,
      {
        dialect: this.dialect,
        program: this.program,
        name: this.name,
        positional: this.positional,
        environment: new Map(),
        interpreter: this.interpreter,
      },
      this,
    );
    child.startLetters = this.startLetters;
    child.aliases = this.aliases === null ? null : new Map(this.aliases);
    child.shoptNames = this.shoptNames === null ? null : new Set(this.shoptNames);
    child.status = this.status;
    child.backgroundPid = this.backgroundPid;
    child.line = this.line;
    child.commandName = this.commandName;
    child.functionDepth = this.functionDepth;
    child.sourceDepth = this.sourceDepth;
    child.callDepth = this.callDepth;
    child.isSubshell = true;
    child.substitutionDepth = this.substitutionDepth;
    child.functionNames = this.functionNames === null ? null : [...this.functionNames];
    child.savedDescriptors = this.savedDescriptors === null ? null : new Set(this.savedDescriptors);
    child.highestDescriptor = this.highestDescriptor;
    child.directoryStack = this.directoryStack === null ? null : [...this.directoryStack];
    return child;
  }

  findBuiltin(name: string): BuiltinEntry | null {
    return this.interpreter.findBuiltin(this.dialect, name);
  }

  get isBash(): boolean {
    return this.dialect === "bash";
  }

  shopt(name: string): boolean {
    return this.shoptNames?.has(name) === true;
  }
}
