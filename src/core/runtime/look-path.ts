import { find, isPermitted, EXECUTE, type Errno, type View } from "../vfs/index.js";

/** Where an executable is, or Go's words for why it is none: os/exec LookPath, which runc uses. */
export type LookedUp =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/** As runc finds a container's command: in the container's own files and $PATH. */
export const lookPath = (view: View, command: string, searchPath: string): LookedUp => {
  if (command.includes("/")) {
    const failure = executableFailure(view, command);
    if (failure === null) return { ok: true, path: command };
    return { ok: false, message: `exec: ${quote(command)}: ${failure}` };
  }
  for (const directory of searchPath.split(":")) {
    const path = `${directory === "" ? "." : directory}/${command}`;
    if (executableFailure(view, path) === null) return { ok: true, path };
  }
  return { ok: false, message: `exec: ${quote(command)}: executable file not found in $PATH` };
};

const executableFailure = (view: View, path: string): string | null => {
  const place = find(view, path);
  if (typeof place === "string") return `stat ${path}: ${errnoText(place)}`;
  if (place.inode === null) return `stat ${path}: no such file or directory`;
  if (place.inode.type === "directory") return "is a directory";
  return isPermitted(place.inode, EXECUTE, view.credentials) ? null : "permission denied";
};

/** Go's syscall.Errno texts. */
export const errnoText = (errno: Errno): string =>
  ({
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    ENOTDIR: "not a directory",
    ELOOP: "too many levels of symbolic links",
    ENAMETOOLONG: "file name too long",
    ENOEXEC: "exec format error",
    E2BIG: "argument list too long",
    EAGAIN: "resource temporarily unavailable",
    EBUSY: "device or resource busy",
    EEXIST: "file exists",
    EINVAL: "invalid argument",
    EISDIR: "is a directory",
    EMLINK: "too many links",
    ENOSPC: "no space left on device",
    EROFS: "read-only file system",
    ENOMEM: "cannot allocate memory",
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset by peer",
    EHOSTUNREACH: "no route to host",
    ETIMEDOUT: "connection timed out",
    EPERM: "operation not permitted",
  })[errno as string] ?? errno;

const quote = (text: string): string => JSON.stringify(text);
