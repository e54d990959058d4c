import type { Errno } from "../../shell/index.js";

/** `111: Connection refused`, as nginx and others log it. */
export const errnoNumber = (errno: Errno): string => TEXTS[errno] ?? `5: Input/output error`;

const TEXTS: Partial<Readonly<Record<Errno, string>>> = {
  EACCES: "13: Permission denied",
  EADDRINUSE: "98: Address already in use",
  EADDRNOTAVAIL: "99: Cannot assign requested address",
  ECONNREFUSED: "111: Connection refused",
  ECONNRESET: "104: Connection reset by peer",
  EEXIST: "17: File exists",
  EHOSTUNREACH: "113: No route to host",
  EISDIR: "21: Is a directory",
  ENOENT: "2: No such file or directory",
  ENOSPC: "28: No space left on device",
  ENOTDIR: "20: Not a directory",
  EPERM: "1: Operation not permitted",
  EROFS: "30: Read-only file system",
  ETIMEDOUT: "110: Connection timed out",
};
