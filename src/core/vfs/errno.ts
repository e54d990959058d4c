/** Why the kernel refuses, in errno terms. */
export type Errno =
  | "E2BIG"
  | "EACCES"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "EAGAIN"
  | "EBADF"
  | "EBUSY"
  | "ECHILD"
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "EEXIST"
  | "EFBIG"
  | "EHOSTUNREACH"
  | "EINTR"
  | "EINVAL"
  | "EIO"
  | "EISDIR"
  | "ELOOP"
  | "EMFILE"
  | "EMLINK"
  | "ENAMETOOLONG"
  | "ENETUNREACH"
  | "ENFILE"
  | "ENODEV"
  | "ENOENT"
  | "ENOEXEC"
  | "ENOMEM"
  | "ENOSPC"
  | "ENOSYS"
  | "ENOTCONN"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "ENOTTY"
  | "ENXIO"
  | "EPERM"
  | "EPIPE"
  | "ERANGE"
  | "EROFS"
  | "ESPIPE"
  | "ESRCH"
  | "ETIMEDOUT"
  | "ETXTBSY"
  | "EXDEV";

/** A failed system call. */
export class SysError extends Error {
  override readonly name = "SysError";

  constructor(
    readonly errno: Errno,
    /** What was to be done with what, as Go's PathError has it: `mkdir /a/b`. */
    readonly detail = "",
  ) {
    super(detail === "" ? errno : `${errno}: ${detail}`);
  }
}
