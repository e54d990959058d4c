import { stringToBytes } from "../bytes.js";
import { errnoText } from "../errno-text.js";
import { expandFields, expandString } from "../expansion/expand.js";
import type { Redirect, Word } from "../grammar/index.js";
import { IO_CHUNK_BYTES } from "../limits.js";
import { SysError, type Blocking, type OpenFlags } from "../syscall.js";
import { shellMessage } from "./messages.js";
import { expandingBody } from "./here-documents.js";
import { checkCommandSize } from "./script-pieces.js";
import type { Shell } from "./shell.js";

/** A redirection that failed: the command does not run. */
export class RedirectFailure extends Error {
  override readonly name = "RedirectFailure";

  constructor(readonly text: string) {
    super(text);
  }
}

/** How to undo one redirection; a copy of -1 says that the descriptor was closed before. */
export interface SavedDescriptor {
  readonly fd: number;
  readonly copy: number;
}

/** Shells keep their own descriptors out of the way of a script's single digits. */
const FIRST_PRIVATE_DESCRIPTOR = 10;

/**
 * Performs redirections in order. With `saved` they can be undone; without they stay (a subshell, `exec`).
 * @throws RedirectFailure
 */
export function* redirect(
  shell: Shell,
  redirects: readonly Redirect[],
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  for (const one of redirects) {
    if (one.kind === "here") yield* redirectHere(shell, one, saved);
    else if (one.kind === "duplicate") yield* duplicate(shell, one, saved);
    else yield* redirectFile(shell, one, saved);
  }
}

export function undoRedirects(shell: Shell, saved: readonly SavedDescriptor[]): void {
  const { sys } = shell;
  for (const { fd, copy } of [...saved].reverse()) {
    if (copy < 0) {
      if (sys.isOpen(fd)) sys.close(fd);
      continue;
    }
    sys.dup(copy, fd);
    sys.close(copy);
    shell.savedDescriptors?.delete(copy);
  }
}

/** Forgets how to undo: `exec > file` keeps what it did. */
export function keepRedirects(shell: Shell, saved: readonly SavedDescriptor[]): void {
  for (const { copy } of saved) {
    if (copy < 0) continue;
    shell.sys.close(copy);
    shell.savedDescriptors?.delete(copy);
  }
}

function* redirectFile(
  shell: Shell,
  one: Extract<Redirect, { kind: "file" }>,
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  const path = yield* targetOf(shell, one.target);
  const both = one.operator === "&>" || one.operator === "&>>";
  const opened = openTarget(shell, path, one.operator);
  const standard = one.operator === "<" || one.operator === "<>" ? 0 : 1;
  moveTo(shell, opened, descriptorOf(shell, one.descriptor, standard), saved);
  if (!both) return;
  save(shell, 2, saved);
  shell.sys.dup(1, 2);
}

/** Other shells than bash take the target as one word. */
function* targetOf(shell: Shell, target: Word): Blocking<string> {
  if (!shell.isBash) return yield* expandString(shell, target);
  const fields: string[] = [];
  yield* expandFields(shell, target, fields);
  const [path] = fields;
  if (fields.length !== 1 || path === undefined) {
    throw new RedirectFailure(shellMessage(shell, `${target.source}: ambiguous redirect`));
  }
  return path;
}

const OUTPUT: OpenFlags = { write: true, create: true };

function openTarget(shell: Shell, path: string, operator: string): number {
  const { sys } = shell;
  try {
    switch (operator) {
      case "<":
        return sys.open(path, { read: true });
      case "<>":
        return sys.open(path, { read: true, write: true, create: true }, 0o666);
      case ">>":
      case "&>>":
        return sys.open(path, { ...OUTPUT, append: true }, 0o666);
      default: {
        const refuses = shell.options.noclobber && operator !== ">|" && isRegularFile(shell, path);
        if (refuses) throw new SysError("EEXIST");
        return sys.open(path, { ...OUTPUT, truncate: true }, 0o666);
      }
    }
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const isInput = operator === "<" || operator === "<>";
    throw new RedirectFailure(shellMessage(shell, openFailure(shell, path, isInput, error)));
  }
}

function isRegularFile(shell: Shell, path: string): boolean {
  try {
    return shell.sys.stat(path).type === "file";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function openFailure(shell: Shell, path: string, isInput: boolean, error: SysError): string {
  switch (shell.dialect) {
    // shell/ash.c openredirect and errmsg, 1.37
    case "ash": {
      const why =
        error.errno !== "ENOENT"
          ? errnoText(error.errno)
          : isInput
            ? "no such file"
            : "nonexistent directory";
      return isInput ? `can't open ${path}: ${why}` : `can't create ${path}: ${why}`;
    }
    // src/error.c errmsg, 0.5.12
    case "dash": {
      const why =
        error.errno !== "ENOENT"
          ? errnoText(error.errno)
          : isInput
            ? "No such file"
            : "Directory nonexistent";
      return isInput ? `cannot open ${path}: ${why}` : `cannot create ${path}: ${why}`;
    }
    case "bash":
      return error.errno === "EEXIST"
        ? `${path}: cannot overwrite existing file`
        : `${path}: ${errnoText(error.errno)}`;
  }
}

/** `{name}>file` of bash takes a free descriptor and puts its number into the variable. */
function descriptorOf(shell: Shell, descriptor: number | string | null, standard: number): number {
  if (descriptor === null) return standard;
  if (typeof descriptor === "number") return descriptor;
  const fd = freeDescriptor(shell);
  shell.variables.set(descriptor, String(fd));
  return fd;
}

function freeDescriptor(shell: Shell): number {
  let fd = FIRST_PRIVATE_DESCRIPTOR;
  while (shell.sys.isOpen(fd)) fd += 1;
  return fd;
}

function moveTo(shell: Shell, from: number, to: number, saved: SavedDescriptor[] | null): void {
  if (from === to) {
    // The target was closed, so opening took its number.
    saved?.push({ fd: to, copy: -1 });
    shell.highestDescriptor = Math.max(shell.highestDescriptor, to);
    return;
  }
  save(shell, to, saved);
  duplicateTo(shell, from, to);
  shell.sys.close(from);
}

/** dup2, remembering how far up descriptors may be open. */
export function duplicateTo(shell: Shell, from: number, to: number): void {
  shell.sys.dup(from, to);
  if (to > shell.highestDescriptor) shell.highestDescriptor = to;
}

function save(shell: Shell, fd: number, saved: SavedDescriptor[] | null): void {
  if (saved === null || saved.some((one) => one.fd === fd)) return;
  if (!shell.sys.isOpen(fd)) {
    saved.push({ fd, copy: -1 });
    return;
  }
  const copy = shell.sys.dup(fd, freeDescriptor(shell));
  (shell.savedDescriptors ??= new Set()).add(copy);
  saved.push({ fd, copy });
}

function* duplicate(
  shell: Shell,
  one: Extract<Redirect, { kind: "duplicate" }>,
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  const target = yield* expandString(shell, one.target);
  const standard = one.operator === "<&" ? 0 : 1;
  if (target === "-") {
    closeDescriptor(shell, descriptorOf(shell, one.descriptor, standard), saved);
    return;
  }
  if (!/^\d+-?$/.test(target)) {
    yield* duplicateToFile(shell, one, target, saved);
    return;
  }
  const from = Number.parseInt(target, 10);
  if (!shell.sys.isOpen(from)) {
    const text = shellMessage(shell, `${String(from)}: ${errnoText("EBADF")}`);
    throw new RedirectFailure(text);
  }
  const to = descriptorOf(shell, one.descriptor, standard);
  if (from !== to) {
    save(shell, to, saved);
    duplicateTo(shell, from, to);
  }
  if (target.endsWith("-")) closeDescriptor(shell, from, saved);
}

/** `>& file` sends both outputs there. */
function* duplicateToFile(
  shell: Shell,
  one: Extract<Redirect, { kind: "duplicate" }>,
  path: string,
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  if (one.operator === "<&" || one.descriptor !== null || shell.dialect === "dash") {
    const text =
      shell.dialect === "bash"
        ? `${path}: ambiguous redirect`
        : shell.dialect === "dash"
          ? "Syntax error: Bad fd number"
          : "syntax error: bad fd number";
    throw new RedirectFailure(shellMessage(shell, text));
  }
  const file: Redirect = { kind: "file", operator: "&>", descriptor: null, target: one.target };
  yield* redirectFile(shell, file, saved);
}

function closeDescriptor(shell: Shell, fd: number, saved: SavedDescriptor[] | null): void {
  if (!shell.sys.isOpen(fd)) return;
  save(shell, fd, saved);
  shell.sys.close(fd);
}

/** A here-document is a pipe; one that does not fit into it has a child of its own that writes (ash and dash openhere). */
function* redirectHere(
  shell: Shell,
  one: Extract<Redirect, { kind: "here" }>,
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  const text = (yield* hereText(shell, one)) + (one.newline ? "\n" : "");
  const { sys } = shell;
  const [readEnd, writeEnd] = sys.pipe();
  const first = stringToBytes(text.slice(0, IO_CHUNK_BYTES));
  const isWhole = first.length === text.length;
  if (text !== "" && !(isWhole && sys.tryWrite(writeEnd, first))) {
    sys.fork(shell.name, function* (child) {
      child.close(readEnd);
      for (let at = 0; at < text.length; at += IO_CHUNK_BYTES)
        yield* child.write(writeEnd, stringToBytes(text.slice(at, at + IO_CHUNK_BYTES)));
      return 0;
    });
  }
  sys.close(writeEnd);
  moveTo(shell, readEnd, descriptorOf(shell, one.descriptor, 0), saved);
}

/** Expanding a large one takes as much memory again. */
function* hereText(shell: Shell, { body }: Extract<Redirect, { kind: "here" }>): Blocking<string> {
  const aside = shell.hereDocuments.find(body);
  if (aside === null) return yield* expandString(shell, body);
  const { text, isQuoted } = aside;
  if (isQuoted) return text;
  shell.sys.reserve(text.length);
  if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
  shell.sys.reserve(-text.length);
  if (!/[$`\\]/.test(text)) return text;
  checkCommandSize(shell, text);
  return yield* expandString(shell, expandingBody(shell, text));
}

/** What a child inherits: everything but the copies the shell keeps for itself. Undefined when that is everything. */
export function inheritedDescriptors(shell: Shell): ReadonlyMap<number, number> | undefined {
  const { savedDescriptors } = shell;
  if (savedDescriptors === null || savedDescriptors.size === 0) return undefined;
  const fds = new Map<number, number>();
  for (let fd = 0; fd <= shell.highestDescriptor; fd += 1) {
    if (!savedDescriptors.has(fd) && shell.sys.isOpen(fd)) fds.set(fd, fd);
  }
  return fds;
}
