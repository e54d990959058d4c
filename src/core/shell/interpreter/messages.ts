import type { Shell } from "./shell.js";

/**
 * What stands before an error message.
 * - busybox ash: `sh: cd: line 2: `, and no line where no command or script is named (shell/ash.c ash_vmsg, 1.37).
 * - dash: `sh: 2: cd: ` (src/error.c exvwarning2, 0.5.12).
 * - bash: `bash: line 2: cd: ` (error.c error_prolog, 5.2).
 */
export function errorPrefix(shell: Shell, command = shell.commandName): string {
  const { name } = shell;
  const line = String(shell.line);
  switch (shell.dialect) {
    case "ash": {
      if (command === null) return `${name}: `;
      const named = command === name ? `${name}: ` : `${name}: ${command}: `;
      return shell.options.interactive ? named : `${named}line ${line}: `;
    }
    case "dash":
      return command === null || command === name
        ? `${name}: ${line}: `
        : `${name}: ${line}: ${command}: `;
    case "bash": {
      const prefix = shell.options.interactive ? `${name}: ` : `${name}: line ${line}: `;
      return command === null || command === name ? prefix : `${prefix}${command}: `;
    }
  }
}

/** A message of the shell itself, not of a builtin: POSIX shells name the builtin that runs (`eval`), bash does not. */
export function shellMessage(shell: Shell, text: string): string {
  return errorMessage(shell, text, shell.isBash ? null : shell.commandName);
}

/** What busybox's applets print inside ash: they know the program's name, not the script's (libbb/verror_msg.c). */
export function appletMessage(shell: Shell, text: string): string {
  return shell.dialect === "ash" ? `${shell.program}: ${text}\n` : errorMessage(shell, text);
}

/** A whole message with its newline. */
export function errorMessage(shell: Shell, text: string, command = shell.commandName): string {
  return `${errorPrefix(shell, command)}${text}\n`;
}
