/** Whose grammar, builtins and messages: busybox's ash, Debian's dash, or bash. */
export type Dialect = "ash" | "dash" | "bash";
