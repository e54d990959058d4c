import type { Sys } from "../syscall.js";

/** `-` is standard input. @throws SysError */
export function openInput(sys: Sys, path: string): number {
  return path === "-" ? 0 : sys.open(path, { read: true });
}

export function closeInput(sys: Sys, fd: number): void {
  if (fd !== 0) sys.close(fd);
}
