import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking, type Sys } from "../../syscall.js";
import { parseMode } from "../../text/mode-text.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { groupId, userId } from "./chmod.js";
import { copyBytes } from "./cp.js";
import { baseName } from "./ln.js";
import { isDirectory, makeParents } from "./mkdir.js";

export function* truncate(command: Command): Blocking<number> {
  const options = parseOptions(command, "cs:", { "size=": "s", "no-create": "c" });
  const text = options.value("s");
  if (text === undefined || options.operands.length === 0) throw usageFailure(command);
  const amount = parseCount(text);
  if (amount === null) throw command.failure(`invalid number '${text}'`);
  for (const path of options.operands) {
    try {
      if (!command.sys.access(path, {})) {
        if (options.has("c")) continue;
        command.sys.close(command.sys.open(path, { write: true, create: true }, 0o666));
      }
      command.sys.truncate(path, amount);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.failWith(path, error);
    }
  }
  return command.status;
}

/** Makes a file at least so long (util-linux/fallocate.c). */
export function fallocate(command: Command): number {
  const options = parseOptions(command, "l:o:", { "length=": "l", "offset=": "o" });
  const [path] = options.operands;
  const text = options.value("l");
  const amount = parseCount(text ?? "");
  const offset = parseCount(options.value("o") ?? "0");
  if (path === undefined || text === undefined) throw usageFailure(command);
  if (amount === null || offset === null) throw command.failure(`invalid number '${text}'`);
  const { sys } = command;
  try {
    sys.close(sys.open(path, { write: true, create: true }, 0o666));
    if (sys.stat(path).sizeBytes < offset + amount) sys.truncate(path, offset + amount);
  } catch (error) {
    throw command.failure(`fallocate '${path}': ${describeFailure(error)}`);
  }
  return 0;
}

export function* mkfifo(command: Command): Blocking<number> {
  const options = parseOptions(command, "m:", { "mode=": "m" });
  if (options.operands.length === 0) throw usageFailure(command);
  const mode = parseMode(options.value("m") ?? "666", 0o666, false, 0);
  if (mode === null) throw command.failure(`invalid mode '${options.value("m") ?? ""}'`);
  for (const path of options.operands) {
    try {
      command.sys.mkfifo(path, mode);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.failWith(path, error);
    }
  }
  return command.status;
}

const RANDOM_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

export function mktemp(command: Command): number {
  const options = parseOptions(command, "dqtp:u", {
    directory: "d",
    quiet: "q",
    "dry-run": "u",
    "tmpdir=?": "p",
    "suffix=": "S",
  });
  if (options.operands.length > 1) {
    throw usageFailure(command, command.isGnu ? "too many templates" : undefined);
  }
  const suffix = options.value("S") ?? "";
  const template = templateOf(command, options);
  const run = placesIn(command, template);
  const prefix = template.slice(0, -run);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const path = prefix + randomName(command, run) + suffix;
    try {
      makeTemporary(command.sys, path, options);
    } catch (error) {
      if (!(error instanceof SysError) || error.errno === "EEXIST") continue;
      if (options.has("q")) return 1;
      const kind = options.has("d") ? "directory" : "file";
      const gnu = `failed to create ${kind} via template '${template}'`;
      throw command.failure(`${command.words("(null)", gnu)}: ${describeFailure(error)}`);
    }
    command.output.add(`${path}\n`);
    return 0;
  }
  throw command.failure(`${template}: File exists`);
}

/** How many letters are to be made up. */
function placesIn(command: Command, template: string): number {
  const run = /X*$/.exec(template)?.[0].length ?? 0;
  if (command.isGnu && run < 3) throw command.failure(`too few X's in template '${template}'`);
  if (run < 6 && !command.isGnu) throw command.failure("(null): Invalid argument");
  return run;
}

function templateOf(command: Command, options: Options): string {
  const given = options.operands[0];
  if (given !== undefined && !options.has("t") && !options.has("p")) return given;
  const directory = (options.value("p") || command.env.get("TMPDIR")) ?? "/tmp";
  return `${directory}/${given ?? command.words("tmp.XXXXXX", "tmp.XXXXXXXXXX")}`;
}

function makeTemporary(sys: Sys, path: string, options: Options): void {
  if (options.has("u")) return;
  if (options.has("d")) {
    sys.mkdir(path, 0o700);
    return;
  }
  const flags = { read: true, write: true, create: true, exclusive: true };
  sys.close(sys.open(path, flags, 0o600));
}

function randomName(command: Command, length: number): string {
  let name = "";
  for (let index = 0; index < length; index += 1) {
    name += RANDOM_LETTERS.charAt(Math.floor(command.sys.random() * RANDOM_LETTERS.length));
  }
  return name;
}

export function* install(command: Command): Blocking<number> {
  const options = parseOptions(command, "cvb:Ddpst:g:m:o:", {
    directory: "d",
    "mode=": "m",
    "owner=": "o",
    "group=": "g",
    "target-directory=": "t",
  });
  const mode = parseMode(options.value("m") ?? "755", 0, false, 0);
  if (mode === null) throw command.failure(`invalid mode '${options.value("m") ?? ""}'`);
  const operands = [...options.operands];
  const finish = (path: string): void => {
    const owner = options.value("o");
    const group = options.value("g");
    if (owner !== undefined || group !== undefined) {
      command.sys.chown(
        path,
        owner === undefined ? null : userId(command, owner),
        group === undefined ? null : groupId(command, group),
      );
    }
    command.sys.chmod(path, mode);
  };
  if (options.has("d")) {
    for (const path of operands) {
      makeParents(command, `${path}/`);
      if (!isDirectory(command, path)) command.sys.mkdir(path, 0o755);
      finish(path);
    }
    return 0;
  }
  const target = options.value("t") ?? operands.pop();
  if (target === undefined || operands.length === 0) throw usageFailure(command);
  const intoDirectory = isDirectory(command, target);
  for (const source of operands) {
    const path = intoDirectory ? `${target}/${baseName(source)}` : target;
    if (options.has("D")) makeParents(command, path);
    yield* installOne(command, source, path, finish);
  }
  return command.status;
}

function* installOne(
  command: Command,
  source: string,
  path: string,
  finish: (path: string) => void,
): Blocking<void> {
  const { sys } = command;
  try {
    const input = sys.open(source, { read: true });
    const output = sys.open(path, { write: true, create: true, truncate: true }, 0o600);
    yield* copyBytes(sys, input, output);
    sys.close(input);
    sys.close(output);
    finish(path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.failWith(`can't open '${source}'`, error);
  }
}

export function* unlink(command: Command): Blocking<number> {
  const [path] = command.operands;
  if (path === undefined) throw usageFailure(command);
  try {
    command.sys.unlink(path);
  } catch (error) {
    yield* command.failWith(`can't remove file '${path}'`, error);
  }
  return command.status;
}

export function* link(command: Command): Blocking<number> {
  const [existing, path] = command.operands;
  if (existing === undefined || path === undefined) throw usageFailure(command);
  try {
    command.sys.link(existing, path);
  } catch (error) {
    yield* command.failWith(`can't create link '${path}' to '${existing}'`, error);
  }
  return command.status;
}
