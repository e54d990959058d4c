import type { Shell } from "./shell.js";

/** The descriptors of process substitutions end with the command that used them. */
export function closeSubstitutions(shell: Shell): void {
  for (const fd of shell.openSubstitutions ?? []) if (shell.sys.isOpen(fd)) shell.sys.close(fd);
  shell.openSubstitutions = null;
}
