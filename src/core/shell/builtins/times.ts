import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

/** User and system time of the shell and of its children, as far as the kernel charged it. */
export const runTimes: Builtin = (shell) => {
  const own = shell.sys.processes().find(({ pid }) => pid === shell.sys.pid)?.cpuMs ?? 0;
  const shown = format(own, shell.isBash);
  const zero = format(0, shell.isBash);
  return writeLater(shell, `${shown} ${zero}\n${zero} ${zero}\n`);
};

function format(milliseconds: number, isBash: boolean): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = ((milliseconds % 60_000) / 1000).toFixed(isBash ? 3 : 6);
  return `${String(minutes)}m${seconds}s`;
}
