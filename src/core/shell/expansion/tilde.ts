import type { Shell } from "../interpreter/shell.js";
import { SysError, type Sys } from "../syscall.js";
import { readSmallFile } from "../io/read-file.js";

/** `~` is HOME, `~name` that user's home; what is unknown stays as written. */
export function expandTilde(shell: Shell, user: string): string {
  if (user === "")
    return shell.variables.get("HOME") ?? (shell.isBash ? homeOf(shell.sys, null) : "~");
  if (user === "+" && shell.isBash) return shell.variables.get("PWD") ?? "~+";
  const home = homeOf(shell.sys, user);
  return home === "" ? `~${user}` : home;
}

function homeOf(sys: Sys, user: string | null): string {
  let passwd: string;
  try {
    passwd = readSmallFile(sys, "/etc/passwd");
  } catch (error) {
    if (error instanceof SysError) return user === null ? "/" : "";
    throw error;
  }
  for (const line of passwd.split("\n")) {
    const [name, , uid, , , home] = line.split(":");
    if (user === null ? Number(uid) === sys.uid : name === user) return home ?? "";
  }
  return user === null ? "/" : "";
}
