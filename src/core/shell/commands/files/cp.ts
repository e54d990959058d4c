import { describeFailure } from "../../errno-text.js";
import { IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking, type FileStat, type Sys } from "../../syscall.js";
import type { Command, CommandFailure } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { childNames } from "../walk.js";
import { baseName } from "./ln.js";
import { isDirectory, makeParents } from "./mkdir.js";
import { confirm } from "./rm.js";

export function* cp(command: Command): Blocking<number> {
  const options = parseOptions(command, "pdRfilsLHarPvuTt:nx", {
    parents: "D",
    "remove-destination": "E",
    "reflink=?": "k",
    "preserve=?": "p",
    archive: "a",
    force: "f",
    interactive: "i",
    link: "l",
    dereference: "L",
    "no-dereference": "P",
    recursive: "R",
    "symbolic-link": "s",
    "no-target-directory": "T",
    "target-directory=": "t",
    verbose: "v",
    update: "u",
    "no-clobber": "n",
  });
  const sources = [...options.operands];
  const target = options.value("t") ?? sources.pop();
  if (target === undefined || sources.length === 0) throw missingOperand(command, target);
  const intoDirectory = !options.has("T") && isDirectory(command, target);
  for (const source of sources) {
    const name = options.has("D") ? source.replace(/^\/+/, "") : baseName(source);
    const path =
      intoDirectory || sources.length > 1 ? `${target.replace(/\/$/, "")}/${name}` : target;
    if (options.has("D")) makeParents(command, path);
    yield* copy(command, source, path, options, true);
  }
  return command.status;
}

/** What cp and mv say where a name is missing. */
export function missingOperand(command: Command, only: string | undefined): CommandFailure {
  if (!command.isGnu) return usageFailure(command);
  const what =
    only === undefined
      ? "missing file operand"
      : `missing destination file operand after '${only}'`;
  return usageFailure(command, what);
}

/** Copies a file or a tree; complains and goes on where it cannot. */
export function* copy(
  command: Command,
  source: string,
  target: string,
  options: Options,
  isTop: boolean,
): Blocking<boolean> {
  const { sys } = command;
  try {
    const stat = keepsLinks(options, isTop) ? sys.lstat(source) : sys.stat(source);
    if (stat.type === "directory") {
      if (!isRecursive(options)) {
        yield* command.fail(
          `${command.words("", "-r not specified; ")}omitting directory '${source}'`,
        );
        return false;
      }
      return yield* copyDirectory(command, source, target, stat, options);
    }
    if (!(yield* mayReplace(command, target, stat, options))) return true;
    yield* copyOne(command, source, target, stat, options);
    if (options.has("v")) command.output.add(`'${source}' -> '${target}'\n`);
    return true;
  } catch (error) {
    if (error instanceof CopyProblem) {
      yield* command.fail(error.text);
      return false;
    }
    if (!(error instanceof SysError)) throw error;
    yield* command.fail(
      `${command.words("can't", "cannot")} stat '${source}': ${describeFailure(error)}`,
    );
    return false;
  }
}

function isRecursive(options: Options): boolean {
  return options.has("R") || options.has("r") || options.has("a");
}

/** Whether a symbolic link is copied as such, not what it points at. */
function keepsLinks(options: Options, isTop: boolean): boolean {
  if (options.has("P") || options.has("d") || options.has("a")) return true;
  return isRecursive(options) && !options.has("L") && !(isTop && options.has("H"));
}

class CopyProblem extends Error {
  override readonly name = "CopyProblem";

  constructor(readonly text: string) {
    super(text);
  }
}

function* mayReplace(
  command: Command,
  target: string,
  source: FileStat,
  options: Options,
): Blocking<boolean> {
  const existing = statOrNull(command.sys, target);
  if (existing === null) return true;
  if (existing.inode === source.inode && existing.device === source.device) {
    throw new CopyProblem(`'${target}' and '${target}' are the same file`);
  }
  if (options.has("n")) return false;
  if (options.has("u") && existing.mtimeMs >= source.mtimeMs) return false;
  return !options.has("i") || (yield* confirm(command, `cp: overwrite '${target}'? `));
}

function statOrNull(sys: Sys, path: string): FileStat | null {
  try {
    return sys.stat(path);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}

function* copyDirectory(
  command: Command,
  source: string,
  target: string,
  stat: FileStat,
  options: Options,
): Blocking<boolean> {
  const { sys } = command;
  if (isInside(sys, target, source)) {
    yield* command.fail(`recursion detected, omitting directory '${target}'`);
    return false;
  }
  const isNew = makeTarget(sys, target, stat);
  let complete = true;
  const from = source.endsWith("/") ? source : `${source}/`;
  const to = target.endsWith("/") ? target : `${target}/`;
  for (const name of childNames(sys, source)) {
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    complete = (yield* copy(command, from + name, to + name, options, false)) && complete;
  }
  if (options.has("v")) command.output.add(`'${source}' -> '${target}'\n`);
  if (isNew) sys.chmod(target, stat.mode & 0o7777 & ~(keepsAttributes(options) ? 0 : sys.umask()));
  preserve(sys, target, stat, options);
  return complete;
}

function isInside(sys: Sys, path: string, directory: string): boolean {
  const absolute = (name: string): string => (name.startsWith("/") ? name : `${sys.cwd()}/${name}`);
  const inner = absolute(path);
  const outer = absolute(directory);
  return inner !== outer && `${inner}/`.startsWith(`${outer.replace(/\/+$/, "")}/`);
}

/** Makes the directory that a tree is copied to; false where it is there already. */
function makeTarget(sys: Sys, target: string, stat: FileStat): boolean {
  const existing = statOrNull(sys, target);
  if (existing?.type === "directory") return false;
  if (existing !== null) throw new CopyProblem(`target '${target}' is not a directory`);
  try {
    sys.mkdir(target, (stat.mode & 0o777) | 0o700);
    return true;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new CopyProblem(`can't create directory '${target}': ${describeFailure(error)}`);
  }
}

function keepsAttributes(options: Options): boolean {
  return options.has("p") || options.has("a");
}

function preserve(sys: Sys, target: string, stat: FileStat, options: Options): void {
  if (!keepsAttributes(options)) return;
  try {
    sys.chown(target, stat.uid, stat.gid);
    sys.chmod(target, stat.mode & 0o7777);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  sys.utimes(target, stat.atimeMs, stat.mtimeMs);
}

function* copyOne(
  command: Command,
  source: string,
  target: string,
  stat: FileStat,
  options: Options,
): Blocking<void> {
  const { sys } = command;
  if (stat.type === "symlink") {
    removeIfThere(sys, target);
    sys.symlink(sys.readlink(source), target);
    return;
  }
  if (options.has("l") || options.has("s")) {
    if (options.has("f")) removeIfThere(sys, target);
    if (options.has("l")) sys.link(source, target);
    else sys.symlink(source, target);
    return;
  }
  if (stat.type === "fifo" && options.has("R")) {
    sys.mkfifo(target, stat.mode & 0o777);
    return;
  }
  yield* copyContent(command, source, target, stat, options);
  preserve(sys, target, stat, options);
}

function removeIfThere(sys: Sys, path: string): void {
  try {
    sys.unlink(path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function* copyContent(
  command: Command,
  source: string,
  target: string,
  stat: FileStat,
  options: Options,
): Blocking<void> {
  const { sys } = command;
  const reading = command.words(`can't open '${source}'`, `cannot open '${source}' for reading`);
  const creating = command.words(
    `can't create '${target}'`,
    `cannot create regular file '${target}'`,
  );
  const input = openOr(() => sys.open(source, { read: true }), reading);
  const flags = { write: true, create: true, truncate: true };
  const open = (): number => sys.open(target, flags, stat.mode & 0o777);
  let output: number;
  try {
    output = openOr(open, creating);
  } catch (error) {
    if (!options.has("f") || !(error instanceof CopyProblem)) throw error;
    removeIfThere(sys, target);
    output = openOr(open, creating);
  }
  try {
    yield* copyBytes(sys, input, output);
  } finally {
    sys.close(input);
    sys.close(output);
  }
}

function openOr(open: () => number, what: string): number {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new CopyProblem(`${what}: ${describeFailure(error)}`);
  }
}

export function* copyBytes(sys: Sys, input: number, output: number): Blocking<void> {
  for (;;) {
    const bytes = yield* sys.read(input, IO_CHUNK_BYTES);
    if (bytes.length === 0) return;
    if (!sys.tryWrite(output, bytes)) yield* sys.write(output, bytes);
    if (!sys.tryCharge(2)) yield* sys.charge(2);
  }
}
