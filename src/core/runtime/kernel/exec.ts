import {
  ALL_CAPABILITIES,
  findExecutable,
  NO_CAPABILITIES,
  RegularFile,
  SysError,
  type CapabilitySet,
  type Credentials,
  type Inode,
} from "../../vfs/index.js";
import type { Program } from "../../shell/index.js";
import { ARGUMENT_BYTES, ARGUMENT_STRING_BYTES, INTERPRETER_DEPTH } from "../limits.js";
import type { Confinement } from "./confinement.js";
import type { Process } from "./process.js";

/** What an executable of an image is, where a real one has machine code. */
export interface ExecutableHeader {
  /** The name that the kernel's table of programs has it under. */
  readonly program: string;
  /** Resident memory of a process that runs it, before it takes any more. */
  readonly memoryBytes: number;
}

const MAGIC = "\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";
/** BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h. */
const HEAD_BYTES = 256;

/** The first bytes of an executable. */
export const executableHead = ({ program, memoryBytes }: ExecutableHeader): string =>
  `${MAGIC}${program} ${String(memoryBytes)}\n`;

/** What execve(2) made of a path. */
export interface LoadedProgram {
  readonly program: Program;
  readonly argv: readonly string[];
  /** Absolute, with links resolved. */
  readonly executable: string;
  readonly command: string;
  readonly memoryBytes: number;
  readonly credentials: Credentials;
}

/** Who runs something in a container: a process of it, or the runtime when it starts one. */
export interface Executor {
  readonly confinement: Confinement;
  readonly credentials: Credentials;
}

/** Finds what to run. Throws ENOENT, EACCES, ENOEXEC, E2BIG, ELOOP as execve(2) does. */
export const loadProgram = (
  process: Process | (Executor & Parameters<typeof findExecutable>[0]),
  path: string,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
  programs: (name: string) => Program | null,
): LoadedProgram => {
  checkArguments(argv, environment);
  let file = path;
  let list = argv;
  for (let depth = 0; depth <= INTERPRETER_DEPTH; depth += 1) {
    const { inode, path: executable } = findExecutable(process, file);
    const head = headOf(inode);
    if (head.startsWith(MAGIC)) {
      const { program, memoryBytes } = parseHeader(head);
      const found = programs(program);
      const command = file.slice(file.lastIndexOf("/") + 1).slice(0, 15);
      const credentials = credentialsFor(process, inode);
      return {
        program: found ?? notSimulated,
        argv: list,
        executable,
        command,
        memoryBytes,
        credentials,
      };
    }
    if (!head.startsWith("#!")) throw new SysError("ENOEXEC");
    // binfmt_script: interpreter, at most one argument, then the path of the script.
    const line = head.slice(2).split("\n", 1)[0] ?? "";
    const [, interpreter = "", argument = ""] = /^[ \t]*(\S+)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (interpreter === "") throw new SysError("ENOEXEC");
    list = [interpreter, ...(argument === "" ? [] : [argument]), file, ...list.slice(1)];
    file = interpreter;
  }
  throw new SysError("ELOOP");
};

/** A program that an image has and nothing here performs: it says so instead of being read as a script. */
const notSimulated: Program = function* (sys, argv) {
  yield* sys.write(
    2,
    new TextEncoder().encode(`${argv[0] ?? ""}: this program is not simulated\n`),
  );
  return 127;
};

const cachedHeads = new WeakMap<Inode, string>();

const headOf = (inode: Inode): string => {
  const cached = cachedHeads.get(inode);
  if (cached !== undefined) return cached;
  if (!(inode instanceof RegularFile)) throw new SysError("EACCES");
  const head = latin1(inode.data.read(0, HEAD_BYTES));
  if (inode.isFrozen) cachedHeads.set(inode, head);
  return head;
};

const parseHeader = (head: string): ExecutableHeader => {
  const [program = "", memory = ""] = (head.slice(MAGIC.length).split("\n", 1)[0] ?? "").split(" ");
  return { program, memoryBytes: Number(memory) };
};

const checkArguments = (
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): void => {
  let bytes = 0;
  for (const argument of argv) {
    if (argument.length >= ARGUMENT_STRING_BYTES) throw new SysError("E2BIG");
    bytes += argument.length + 9;
  }
  if (argv.length < 64 && environment.size < 256 && bytes < 65_536) return;
  for (const [name, value] of environment) {
    if (name.length + value.length >= ARGUMENT_STRING_BYTES) throw new SysError("E2BIG");
    bytes += name.length + value.length + 10;
  }
  if (bytes > ARGUMENT_BYTES) throw new SysError("E2BIG");
};

/** setuid and setgid files, unless no_new_privs forbids it. */
const credentialsFor = (executor: Executor, inode: Inode): Credentials => {
  const { credentials, confinement } = executor;
  const isSpecial = (inode.mode & 0o4000) !== 0 || (inode.mode & 0o2010) === 0o2010;
  if (!isSpecial || !confinement.mayGainPrivileges) return credentials;
  const uid = (inode.mode & 0o4000) === 0 ? credentials.uid : inode.uid;
  const gid = (inode.mode & 0o2010) === 0o2010 ? inode.gid : credentials.gid;
  return {
    ...credentials,
    uid,
    gid,
    capabilities: effectiveCapabilities(uid, confinement.bounding),
  };
};

/** Root has what its container may have; others have nothing, as no ambient capabilities are set. */
export const effectiveCapabilities = (uid: number, bounding: CapabilitySet): CapabilitySet =>
  uid === 0 ? Math.min(bounding, ALL_CAPABILITIES) : NO_CAPABILITIES;

const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
