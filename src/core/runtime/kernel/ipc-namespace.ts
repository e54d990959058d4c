import { hasCapability, SysError } from "../../vfs/index.js";
import type { IpcKind, IpcObject } from "../../shell/index.js";
import { IPC_OBJECTS_PER_NAMESPACE } from "../limits.js";
import type { Process } from "./process.js";

/** The System V objects that all containers of a pod share (ipc_namespaces(7)): shared memory, semaphores, message queues. */
export class IpcNamespace {
  readonly #objects = new Map<IpcKind, Map<number, IpcObject>>();
  readonly #made = new Map<IpcKind, number>();

  list(kind: IpcKind): readonly IpcObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  /** shmget, semget and msgget with IPC_CREAT | IPC_EXCL. Throws EEXIST, ENOSPC. */
  make(
    process: Process,
    kind: IpcKind,
    { key, size, mode }: Pick<IpcObject, "key" | "size" | "mode">,
  ): number {
    const ofKind = this.#objects.get(kind) ?? new Map<number, IpcObject>();
    this.#objects.set(kind, ofKind);
    if (ofKind.size >= IPC_OBJECTS_PER_NAMESPACE) throw new SysError("ENOSPC");
    if (key !== 0 && [...ofKind.values()].some((other) => other.key === key))
      throw new SysError("EEXIST");
    const id = this.#made.get(kind) ?? 0;
    this.#made.set(kind, id + 1);
    const { uid, gid } = process.credentials;
    const { nowMs: madeAtMs, pid } = process;
    ofKind.set(id, { id, key, size, mode: mode & 0o777, uid, gid, madeAtMs, madeByPid: pid });
    return id;
  }

  /** IPC_RMID. Throws EINVAL for what is not there, EPERM for what is another's. */
  remove(process: Process, kind: IpcKind, id: number): void {
    const object = this.#objects.get(kind)?.get(id);
    if (object === undefined) throw new SysError("EINVAL");
    const { uid, capabilities } = process.credentials;
    if (uid !== object.uid && !hasCapability(capabilities, "SYS_ADMIN"))
      throw new SysError("EPERM");
    this.#objects.get(kind)?.delete(id);
  }
}
