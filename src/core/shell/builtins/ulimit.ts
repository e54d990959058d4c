import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

interface Limit {
  readonly letter: string;
  readonly label: string;
  readonly value: string;
}

/** What containerd gives a container's processes; the shell cannot change what the kernel enforces. */
const LIMITS: readonly Limit[] = [
  { letter: "c", label: "core file size (blocks)", value: "unlimited" },
  { letter: "d", label: "data seg size (kb)", value: "unlimited" },
  { letter: "f", label: "file size (blocks)", value: "unlimited" },
  { letter: "l", label: "locked memory (kb)", value: "64" },
  { letter: "m", label: "max memory size (kb)", value: "unlimited" },
  { letter: "n", label: "open files", value: "1024" },
  { letter: "p", label: "processes", value: "unlimited" },
  { letter: "s", label: "stack size (kb)", value: "8192" },
  { letter: "t", label: "cpu time (seconds)", value: "unlimited" },
  { letter: "v", label: "virtual memory (kb)", value: "unlimited" },
];

export const runUlimit: Builtin = (shell, words) => {
  const letters = words
    .slice(1)
    .filter((word) => word.startsWith("-"))
    .join("")
    .replace(/[-SH]/g, "");
  if (letters.includes("a")) {
    const lines = LIMITS.map(({ label, letter, value }) =>
      shell.isBash
        ? `${label.padEnd(28)}(-${letter}) ${value}\n`
        : `${label.padEnd(32)}(-${letter}) ${value}\n`,
    );
    return writeLater(shell, lines.join(""));
  }
  const letter = letters === "" ? "f" : letters.charAt(0);
  const limit = LIMITS.find((known) => known.letter === letter);
  if (limit === undefined) {
    throw new ShellError(errorMessage(shell, `illegal option -${letter}`), 2, false);
  }
  const operand = words.slice(1).find((word) => !word.startsWith("-"));
  if (operand === undefined) return writeLater(shell, `${limit.value}\n`);
  if (operand === "unlimited" || /^\d+$/.test(operand)) return 0;
  throw new ShellError(errorMessage(shell, `bad number`), shell.isBash ? 1 : 2, false);
};
