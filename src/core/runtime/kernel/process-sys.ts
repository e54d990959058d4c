import * as vfs from "../../vfs/index.js";
import {
  SIGNAL_NUMBERS,
  type Blocking,
  type DirectoryEntry,
  type ExitStatus,
  type FileStat,
  type FileSystemStat,
  type IpcKind,
  type IpcObject,
  type OpenFlags,
  type ProcessInfo,
  type SignalName,
  type SocketAddress,
  type SpawnOptions,
  type Sys,
} from "../../shell/index.js";
import * as files from "./file-calls.js";
import { effectiveCapabilities } from "./exec.js";
import { killProcess, ProcessKilled } from "./lifecycle.js";
import { resolveName } from "./name-service.js";
import type { Process, ProcessBody } from "./process.js";
import * as processes from "./process-calls.js";
import * as network from "./socket-calls.js";
import { STEPS_PER_DIRECTORY_ENTRY } from "../limits.js";
import { sysctl } from "./sysctls.js";
import { takeMemory } from "./take-memory.js";
import * as work from "./work.js";
import { TaskGroup } from "./task-group.js";

const NO_OPTIONS = Object.freeze({});

/** The system calls of one process: each hands over to the part of the kernel that performs it. */
export class ProcessSys implements Sys {
  constructor(private readonly process: Process) {}

  get pid(): number {
    return this.process.pid;
  }

  get ppid(): number {
    return processes.pidFor(this.process, this.process.parent);
  }

  get uid(): number {
    return this.process.credentials.uid;
  }

  get gid(): number {
    return this.process.credentials.gid;
  }

  get groups(): readonly number[] {
    return this.process.credentials.groups;
  }

  get hostname(): string {
    return this.process.confinement.pod.hostname;
  }

  nowMs(): number {
    return this.process.kernel.nowMs;
  }

  uptimeMs(): number {
    return this.process.kernel.nowMs - this.process.kernel.bootedAtMs;
  }

  random(): number {
    return this.process.kernel.random.next();
  }

  sleep(milliseconds: number): Blocking<number> {
    return work.sleep(this.process, milliseconds);
  }

  charge(steps: number): Blocking<void> {
    return work.charge(this.process, steps);
  }

  tryCharge(steps: number): boolean {
    return work.tryCharge(this.process, steps);
  }

  allocate(bytes: number): void {
    takeMemory(this.process, bytes, bytes);
    // Who takes more and more without giving way would go on after its end.
    if (this.process.fate !== null) throw new ProcessKilled();
  }

  free(bytes: number): void {
    const held = Math.min(bytes, this.process.allocatedBytes);
    takeMemory(this.process, -held, -held);
  }

  /** From here to setTitle and becomeUser: see ImageSys. */
  get cores(): number {
    return Math.ceil(this.process.kernel.cpu.cores);
  }

  compute(cpuMs: number): Blocking<void> {
    return work.compute(this.process, cpuMs);
  }

  poll(fds: readonly number[], timeoutMs: number): Blocking<number | null> {
    return files.waitReadable(this.process, fds, timeoutMs, true);
  }

  /** See TaskGroup. */
  tasks(): TaskGroup {
    return new TaskGroup(this.process);
  }

  reserve(bytes: number): void {
    takeMemory(this.process, bytes, 0);
  }

  end(status: { readonly code: number } | { readonly signal: SignalName }): void {
    const whole = "code" in status ? status : { ...status, number: SIGNAL_NUMBERS[status.signal] };
    killProcess(this.process, whole);
  }

  setTitle(title: string): void {
    this.process.argv = [title];
  }

  becomeUser(uid: number, gid: number): void {
    const { bounding } = this.process.confinement;
    const capabilities = effectiveCapabilities(uid, bounding);
    this.process.credentials = { uid, gid, groups: [gid], capabilities };
  }

  cwd(): string {
    return this.process.cwd;
  }

  chdir(path: string): void {
    files.changeDirectory(this.process, path);
  }

  umask(mask?: number): number {
    const before = this.process.umask;
    if (mask !== undefined) this.process.umask = mask & 0o777;
    return before;
  }

  open(path: string, flags: OpenFlags, mode = 0o666): number {
    work.countWalk(this.process, path);
    return files.open(this.process, path, flags, mode);
  }

  close(fd: number): void {
    this.process.descriptors.close(fd);
  }

  dup(fd: number, to?: number): number {
    return files.duplicate(this.process, fd, to);
  }

  isOpen(fd: number): boolean {
    return this.process.descriptors.find(fd) !== null;
  }

  isTerminal(fd: number): boolean {
    return this.process.descriptors.find(fd)?.isTerminal ?? false;
  }

  terminalSize(fd: number): { readonly columns: number; readonly rows: number } | null {
    return this.process.descriptors.find(fd)?.terminalSize ?? null;
  }

  pipe(): readonly [read: number, write: number] {
    return files.openPipe(this.process);
  }

  read(fd: number, maxBytes: number): Blocking<Uint8Array> {
    return files.read(this.process, fd, maxBytes);
  }

  readUntil(fd: number, delimiter: number, maxBytes: number): Blocking<Uint8Array> {
    return files.readUntil(this.process, fd, delimiter, maxBytes);
  }

  readNow(fd: number, maxBytes: number): Uint8Array | null {
    return files.readNow(this.process, fd, maxBytes);
  }

  write(fd: number, bytes: Uint8Array): Blocking<void> {
    return files.write(this.process, fd, bytes);
  }

  tryWrite(fd: number, bytes: Uint8Array): boolean {
    return files.tryWrite(this.process, fd, bytes);
  }

  seek(fd: number, offset: number, whence: "set" | "current" | "end"): number {
    return files.seek(this.process, fd, offset, whence);
  }

  waitReadable(fds: readonly number[], timeoutMs: number): Blocking<number | null> {
    return files.waitReadable(this.process, fds, timeoutMs);
  }

  waitChanged(fd: number, timeoutMs: number): Blocking<void> {
    return files.waitChanged(this.process, fd, timeoutMs);
  }

  stat(path: string): FileStat {
    work.countWalk(this.process, path);
    return vfs.stat(this.process, path);
  }

  lstat(path: string): FileStat {
    work.countWalk(this.process, path);
    return vfs.linkStat(this.process, path);
  }

  fstat(fd: number): FileStat {
    return this.process.descriptors.get(fd).stat();
  }

  access(
    path: string,
    mode: { readonly read?: boolean; readonly write?: boolean; readonly execute?: boolean },
  ): boolean {
    work.countWalk(this.process, path);
    return vfs.isAccessible(this.process, path, mode);
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    const entries = vfs.readDirectory(this.process, path);
    work.countWalk(this.process, path, entries.length * STEPS_PER_DIRECTORY_ENTRY);
    return entries;
  }

  mkdir(path: string, mode = 0o777): void {
    work.countWalk(this.process, path);
    vfs.makeDirectory(this.process, path, mode & ~this.process.umask);
  }

  rmdir(path: string): void {
    work.countWalk(this.process, path);
    vfs.removeDirectory(this.process, path);
  }

  unlink(path: string): void {
    work.countWalk(this.process, path);
    vfs.unlink(this.process, path);
  }

  rename(from: string, to: string): void {
    work.countWalk(this.process, from);
    vfs.rename(this.process, from, to);
  }

  symlink(target: string, path: string): void {
    work.countWalk(this.process, path);
    vfs.makeSymlink(this.process, target, path);
  }

  link(existing: string, path: string): void {
    work.countWalk(this.process, path);
    vfs.makeLink(this.process, existing, path);
  }

  mkfifo(path: string, mode = 0o666): void {
    work.countWalk(this.process, path);
    vfs.makeSpecial(this.process, path, mode & ~this.process.umask, "fifo");
  }

  readlink(path: string): string {
    work.countWalk(this.process, path);
    return vfs.readLink(this.process, path);
  }

  realpath(path: string): string {
    work.countWalk(this.process, path);
    return vfs.realPath(this.process, path);
  }

  chmod(path: string, mode: number): void {
    work.countWalk(this.process, path);
    vfs.changeMode(this.process, path, mode);
  }

  chown(
    path: string,
    uid: number | null,
    gid: number | null,
    options: { readonly noFollow?: boolean } = NO_OPTIONS,
  ): void {
    work.countWalk(this.process, path);
    vfs.changeOwner(this.process, path, uid, gid, options.noFollow !== true);
  }

  utimes(path: string, atimeMs: number, mtimeMs: number): void {
    work.countWalk(this.process, path);
    vfs.changeTimes(this.process, path, atimeMs, mtimeMs);
  }

  truncate(path: string, sizeBytes: number): void {
    vfs.truncate(this.process, path, sizeBytes);
  }

  statfs(path: string): FileSystemStat {
    return vfs.fileSystemStat(this.process, path);
  }

  mounts(): ReturnType<Sys["mounts"]> {
    return this.process.mounts.list().map((mount) => ({
      source: mount.source,
      path: mount.path,
      type: mount.type,
      options: `${mount.isReadOnly ? "ro" : "rw"}${mount.options === "" ? "" : `,${mount.options}`}`,
    }));
  }

  mount(source: string, path: string, type: string, options: string): void {
    files.mount(this.process, source, path, type, options);
  }

  unmount(path: string): void {
    files.unmount(this.process, path);
  }

  spawn(
    path: string,
    argv: readonly string[],
    env: ReadonlyMap<string, string>,
    options: SpawnOptions = NO_OPTIONS,
  ): number {
    return processes.spawn(this.process, path, argv, env, options);
  }

  fork(
    command: string,
    body: (child: Sys) => ProcessBody,
    options: SpawnOptions = NO_OPTIONS,
  ): number {
    return processes.fork(this.process, command, body, options);
  }

  exec(path: string, argv: readonly string[], env: ReadonlyMap<string, string>): Blocking<never> {
    return processes.replaceProgram(this.process, path, argv, env);
  }

  wait(
    pid: number,
    options: { readonly noHang?: boolean; readonly interruptible?: boolean } = NO_OPTIONS,
  ): Blocking<{ readonly pid: number; readonly status: ExitStatus } | null> {
    return processes.waitForChild(this.process, pid, options);
  }

  kill(pid: number, signal: SignalName | 0): void {
    processes.kill(this.process, pid, signal);
  }

  onSignal(signal: SignalName, disposition: "default" | "ignore" | (() => void)): void {
    processes.onSignal(this.process, signal, disposition);
  }

  pause(): Blocking<void> {
    return work.pause(this.process);
  }

  setProcessGroup(pid: number, group: number): void {
    processes.setProcessGroup(this.process, pid, group);
  }

  processes(): readonly ProcessInfo[] {
    return processes
      .visibleProcesses(this.process)
      .map((other) => processes.processInfo(this.process, other));
  }

  setNice(increment: number): number {
    return processes.setNice(this.process, increment);
  }

  resolve(
    name: string,
    type: "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT",
    server?: string,
  ): Blocking<readonly string[]> {
    return resolveName(this.process, name, type, server ?? null);
  }

  connect(address: SocketAddress, timeoutMs: number): Blocking<number> {
    return network.connect(this.process, address, timeoutMs);
  }

  listen(address: SocketAddress, backlog: number): number {
    return network.listen(this.process, address, backlog);
  }

  accept(fd: number): Blocking<number> {
    return network.accept(this.process, fd);
  }

  socketAddresses(fd: number): ReturnType<Sys["socketAddresses"]> {
    return network.socketAddresses(this.process, fd);
  }

  shutdown(fd: number): void {
    network.shutdown(this.process, fd);
  }

  sockets(): ReturnType<Sys["sockets"]> {
    return network.sockets(this.process);
  }

  interfaces(): ReturnType<Sys["interfaces"]> {
    return network.interfaces(this.process);
  }

  sysctl(name: string, value?: string): string {
    return sysctl(this.process, name, value);
  }

  ipcObjects(kind: IpcKind): readonly IpcObject[] {
    return this.process.confinement.pod.ipc.list(kind);
  }

  makeIpcObject(kind: IpcKind, options: Pick<IpcObject, "key" | "size" | "mode">): number {
    return this.process.confinement.pod.ipc.make(this.process, kind, options);
  }

  removeIpcObject(kind: IpcKind, id: number): void {
    this.process.confinement.pod.ipc.remove(this.process, kind, id);
  }
}
