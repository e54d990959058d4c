/** How the process ends (contract, "Process"). */
export const EXIT_STOPPED = 0;
export const EXIT_FAILED = 1;
export const EXIT_MISCONFIGURED = 2;

/** Says why in one line and ends the process. */
export const end = (code: number, line: string): never => {
  process.stderr.write(`peapod: ${line}\n`);
  process.exit(code);
};

/** The first line of what an error says. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
