import {
  SysError,
  type DirectoryEntry,
  type Errno,
  type FileStat,
  type FileSystemStat,
  type FileType,
  type OpenFlags,
} from "../vfs/index.js";

/**
 * What a simulated process may ask of its kernel. Programs (the shell, userland commands, image behaviours) are written against this
 * and nothing else; core/runtime's kernel performs it. Calls that cannot block return at once; those that can are generators which
 * yield only when they really wait. A failed call throws SysError.
 */

/** What a blocked process yields to its kernel; opaque to programs. */
export type KernelWait = unknown;
export type Blocking<T> = Generator<KernelWait, T, unknown>;

export { SysError };
export type { DirectoryEntry, Errno, FileStat, FileSystemStat, FileType, OpenFlags };

export type SignalName =
  | "HUP"
  | "INT"
  | "QUIT"
  | "ILL"
  | "TRAP"
  | "ABRT"
  | "BUS"
  | "FPE"
  | "KILL"
  | "USR1"
  | "SEGV"
  | "USR2"
  | "PIPE"
  | "ALRM"
  | "TERM"
  | "STKFLT"
  | "CHLD"
  | "CONT"
  | "STOP"
  | "TSTP"
  | "TTIN"
  | "TTOU"
  | "URG"
  | "XCPU"
  | "XFSZ"
  | "VTALRM"
  | "PROF"
  | "WINCH"
  | "IO"
  | "PWR"
  | "SYS";

/** How a child ended. */
export type ExitStatus =
  { readonly code: number } | { readonly signal: SignalName; readonly number: number };

/** A program: what runs in a process. It returns its exit code (0 to 255). `env` is the process's environment, its own to change. */
export type Program = (
  sys: Sys,
  argv: readonly string[],
  env: Map<string, string>,
) => Blocking<number>;

export interface SpawnOptions {
  /** Descriptors of the child: child fd → own fd. What is not named is closed; leave out to inherit all. */
  readonly fds?: ReadonlyMap<number, number>;
  readonly cwd?: string;
  /** 0: a new process group of its own; else join that one; leave out to stay in the parent's. */
  readonly processGroup?: number;
  /** Signals the child ignores from the start (nohup, background jobs of a non-interactive shell). */
  readonly ignore?: readonly SignalName[];
}

export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly processGroup: number;
  readonly session: number;
  readonly uid: number;
  readonly gid: number;
  readonly argv: readonly string[];
  readonly command: string;
  readonly state: "R" | "S" | "T" | "Z";
  readonly startedAtMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export type IpcKind = "shm" | "sem" | "msg";

/** A System V object: sysvipc(7). */
export interface IpcObject {
  readonly id: number;
  readonly key: number;
  /** Bytes of shared memory, or how many semaphores; 0 of a message queue. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly madeAtMs: number;
  readonly madeByPid: number;
}

export interface Sys {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly hostname: string;

  // Time and chance. All of it virtual or seeded.
  nowMs(): number;
  /** Milliseconds since the (simulated) machine started. */
  uptimeMs(): number;
  /** [0, 1) */
  random(): number;
  /** Resumes early, returning the milliseconds left, when a handled signal arrives. */
  sleep(milliseconds: number): Blocking<number>;
  /**
   * Charges CPU: call it with the work done (one step ≈ one simple command or a few KB touched). It yields when the slice is used up, so that
   * an endless loop lets time pass and others run. Every loop a script or input can make endless calls it. Also where pending
   * signal handlers run and a kill takes effect.
   */
  charge(steps: number): Blocking<void>;
  /** True when `charge` would do nothing but count: lets hot loops skip making a generator. */
  tryCharge(steps: number): boolean;
  /** Accounts memory that the program holds (a growing variable, a sort buffer); past the limit the container is OOM-killed. */
  allocate(bytes: number): void;
  free(bytes: number): void;
  /** Accounts memory that the program would hold on Linux while here it is shared or not needed; negative amounts give back. */
  reserve(bytes: number): void;

  // Files. Paths are absolute or relative to the working directory.
  cwd(): string;
  chdir(path: string): void;
  umask(mask?: number): number;
  open(path: string, flags: OpenFlags, mode?: number): number;
  close(fd: number): void;
  /** Lowest free descriptor, or exactly `to` (closed first when open). */
  dup(fd: number, to?: number): number;
  isOpen(fd: number): boolean;
  isTerminal(fd: number): boolean;
  /** TIOCGWINSZ; null when it is no terminal. */
  terminalSize(fd: number): { readonly columns: number; readonly rows: number } | null;
  pipe(): readonly [read: number, write: number];
  /** Up to `maxBytes`; empty at the end of file. */
  read(fd: number, maxBytes: number): Blocking<Uint8Array>;
  /**
   * What a loop that reads a byte at a time would get up to the next `delimiter`, which is the last byte then; fewer when there are no more at hand,
   * none at the end of file. Leaves to the next reader what follows.
   */
  readUntil(fd: number, delimiter: number, maxBytes: number): Blocking<Uint8Array>;
  /** What can be read at once; null where `read` would wait. */
  readNow(fd: number, maxBytes: number): Uint8Array | null;
  /** All of it; SIGPIPE or EPIPE when nobody reads. */
  write(fd: number, bytes: Uint8Array): Blocking<void>;
  /** Writes at once when that cannot block (files, a pipe with room, the container's log); false when it would. */
  tryWrite(fd: number, bytes: Uint8Array): boolean;
  seek(fd: number, offset: number, whence: "set" | "current" | "end"): number;
  /** The first readable of `fds`, or null after `timeoutMs` (Infinity: no bound). */
  waitReadable(fds: readonly number[], timeoutMs: number): Blocking<number | null>;
  /** Waits until a file may have changed or `timeoutMs` passed (`tail -f`). */
  waitChanged(fd: number, timeoutMs: number): Blocking<void>;
  stat(path: string): FileStat;
  lstat(path: string): FileStat;
  fstat(fd: number): FileStat;
  access(
    path: string,
    mode: { readonly read?: boolean; readonly write?: boolean; readonly execute?: boolean },
  ): boolean;
  readDirectory(path: string): readonly DirectoryEntry[];
  mkdir(path: string, mode?: number): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  link(existing: string, path: string): void;
  mkfifo(path: string, mode?: number): void;
  readlink(path: string): string;
  realpath(path: string): string;
  chmod(path: string, mode: number): void;
  /** null leaves that one as it is. */
  chown(
    path: string,
    uid: number | null,
    gid: number | null,
    options?: { readonly noFollow?: boolean },
  ): void;
  utimes(path: string, atimeMs: number, mtimeMs: number): void;
  truncate(path: string, sizeBytes: number): void;
  statfs(path: string): FileSystemStat;
  mounts(): readonly {
    readonly source: string;
    readonly path: string;
    readonly type: string;
    readonly options: string;
  }[];
  mount(source: string, path: string, type: string, options: string): void;
  unmount(path: string): void;

  // Processes.
  /** fork and exec in one. Throws ENOENT, EACCES, ENOEXEC, EAGAIN (process limit) without making a child. */
  spawn(
    path: string,
    argv: readonly string[],
    env: ReadonlyMap<string, string>,
    options?: SpawnOptions,
  ): number;
  /** fork: the child runs `body` (a subshell, a pipeline part) with copies of descriptors, directory and umask. */
  fork(command: string, body: (child: Sys) => Blocking<number>, options?: SpawnOptions): number;
  /** Replaces this process's program; never returns but by throwing SysError. */
  exec(path: string, argv: readonly string[], env: ReadonlyMap<string, string>): Blocking<never>;
  /** Waits for one child (or any, -1); null with `noHang` when none has ended. 'EINTR' when a handled signal came first; ECHILD without children. */
  wait(
    pid: number,
    options?: { readonly noHang?: boolean; readonly interruptible?: boolean },
  ): Blocking<{ readonly pid: number; readonly status: ExitStatus } | null>;
  /** pid > 0: that process; 0: own group; -1: all; < -1: that group. Signal 0 only asks. */
  kill(pid: number, signal: SignalName | 0): void;
  /** A handler runs in this process at its next charge or when it wakes. */
  onSignal(signal: SignalName, disposition: "default" | "ignore" | (() => void)): void;
  /** Waits until a signal was handled. */
  pause(): Blocking<void>;
  setProcessGroup(pid: number, group: number): void;
  processes(): readonly ProcessInfo[];
  setNice(increment: number): number;

  // Network: stream sockets are descriptors, read and written as any other.
  /** Resolves by /etc/hosts, then cluster DNS; throws ENOENT when there is no such name. @param server asked instead of those of resolv.conf */
  resolve(
    name: string,
    type: "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT",
    server?: string,
  ): Blocking<readonly string[]>;
  connect(address: SocketAddress, timeoutMs: number): Blocking<number>;
  listen(address: SocketAddress, backlog: number): number;
  accept(fd: number): Blocking<number>;
  socketAddresses(fd: number): {
    readonly local: SocketAddress;
    readonly remote: SocketAddress | null;
  };
  shutdown(fd: number): void;
  sockets(): readonly {
    readonly protocol: "tcp" | "udp";
    readonly local: SocketAddress;
    readonly remote: SocketAddress | null;
    readonly state: string;
    readonly pid: number;
  }[];
  interfaces(): readonly {
    readonly name: string;
    readonly address: string;
    readonly prefix: number;
    readonly mac: string;
  }[];
  sysctl(name: string, value?: string): string;

  // System V IPC: what all containers of a pod share.
  ipcObjects(kind: IpcKind): readonly IpcObject[];
  /** The ID of the new one. Throws EEXIST, ENOSPC. */
  makeIpcObject(kind: IpcKind, options: Pick<IpcObject, "key" | "size" | "mode">): number;
  /** Throws EINVAL when there is none, EPERM when it is another's. */
  removeIpcObject(kind: IpcKind, id: number): void;
}
