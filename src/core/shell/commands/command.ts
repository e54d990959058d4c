import { describeFailure } from "../errno-text.js";
import { writeError } from "../io/write.js";
import { SysError, type Blocking, type Program, type Sys } from "../syscall.js";
import { Output } from "./output.js";
import { usageText } from "./usage.js";

/** Ends a command with a message (its newline included; may be empty) and an exit status. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(
    readonly text: string,
    readonly status = 1,
  ) {
    super(text);
  }
}

/** Whose userland an image has: busybox's, or GNU's as Debian has it. They differ in options and in how they say what is wrong. */
export type Userland = "busybox" | "gnu";

/** What a command of the userland has at hand. */
export class Command {
  readonly output: Output;
  /** The name it was called by, for messages. */
  readonly name: string;
  /** Exit status when the command goes on after errors. */
  status = 0;

  constructor(
    readonly sys: Sys,
    readonly argv: readonly string[],
    readonly env: Map<string, string>,
    readonly userland: Userland = "busybox",
  ) {
    this.name = (argv[0] ?? "").replace(/^.*\//, "");
    this.output = new Output(sys);
  }

  get operands(): readonly string[] {
    return this.argv.slice(1);
  }

  get isGnu(): boolean {
    return this.userland === "gnu";
  }

  /** `name: text` on standard error. Output that was written before comes first only if it was flushed, as with stdio. */
  *complain(text: string): Blocking<void> {
    yield* writeError(this.sys, `${this.name}: ${text}\n`);
  }

  /** Charges for one operand or file: loops over many begin with it. */
  *pace(): Blocking<void> {
    if (!this.sys.tryCharge(1)) yield* this.sys.charge(1);
  }

  /** A failure that the command survives: it goes on with its next operand and ends with `status`. */
  *fail(text: string, status = 1): Blocking<void> {
    this.status = status;
    yield* this.complain(text);
  }

  /** As busybox's bb_perror_msg: what failed, a colon, why. */
  *failWith(what: string, error: unknown, status = 1): Blocking<void> {
    yield* this.fail(`${what}: ${describeFailure(error)}`, status);
  }

  /** The one of two wordings that this userland has. */
  words(busybox: string, gnu: string): string {
    return this.isGnu ? gnu : busybox;
  }

  /** Straight to standard output, past the buffer. A failure ends the command. */
  *write(bytes: Uint8Array): Blocking<void> {
    try {
      if (!this.sys.tryWrite(1, bytes)) yield* this.sys.write(1, bytes);
    } catch (error) {
      throw this.failure(`write error: ${describeFailure(error)}`);
    }
  }

  failure(text: string, status = 1): CommandFailure {
    return new CommandFailure(`${this.name}: ${text}\n`, status);
  }
}

const TAKE_ANY_WORD: ReadonlySet<string> = new Set(["true", "false", "echo", "test", "[", "[["]);

export type CommandBody = (command: Command) => Blocking<number> | number;

/** Makes a program of a command: what it throws becomes a message and a status, what it printed gets out. */
export function commandProgram(body: CommandBody, userland: Userland = "busybox"): Program {
  return function* run(sys, argv, env) {
    const command = new Command(sys, argv, env, userland);
    const status = yield* runBody(command, body);
    try {
      yield* command.output.flush();
    } catch (error) {
      yield* command.complain(`write error: ${describeFailure(error)}`);
      return 1;
    }
    return status;
  };
}

function* runBody(command: Command, body: CommandBody): Blocking<number> {
  try {
    const [first, ...rest] = command.operands;
    // libbb/appletlib.c run_applet_no_and_exit: alone on the line, and not for those that take any word.
    if (first === "--help" && rest.length === 0 && !TAKE_ANY_WORD.has(command.name)) {
      throw new CommandFailure(usageText(command.name), 0);
    }
    const outcome = body(command);
    return typeof outcome === "number" ? outcome : yield* outcome;
  } catch (error) {
    if (error instanceof CommandFailure) {
      yield* flushQuietly(command);
      yield* writeError(command.sys, error.text);
      return error.status;
    }
    if (!(error instanceof SysError)) throw error;
    command.output.discard();
    yield* command.complain(describeFailure(error));
    return 1;
  }
}

function* flushQuietly(command: Command): Blocking<void> {
  try {
    yield* command.output.flush();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}
