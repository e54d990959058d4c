import { SysError } from "../syscall.js";
import type { Shell } from "./shell.js";
import { EXPORTED } from "./variable.js";

// shell/ash.c: BB_PATH_ROOT_PATH; dash 0.5.12 var.c defpathvar; Debian's bash 5.2 DEFAULT_PATH_VALUE
const DEFAULT_PATHS = {
  ash: "/sbin:/usr/sbin:/bin:/usr/bin",
  dash: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  bash: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
} as const;

const PROMPTS = { ash: "\\w \\$ ", dash: "$ ", bash: "\\s-\\v\\$ " } as const;

/** The variables a shell begins with: what the environment gave and what it sets by itself. */
export function setStartVariables(shell: Shell, environment: ReadonlyMap<string, string>): void {
  const { variables } = shell;
  for (const [name, value] of environment) {
    if (/^[A-Za-z_]\w*$/.test(name)) variables.set(name, value, EXPORTED);
  }
  // IFS is never taken from the environment.
  variables.set("IFS", " \t\n");
  variables.set("OPTIND", "1");
  variables.set("PPID", String(shell.sys.ppid));
  setDefault(shell, "PATH", DEFAULT_PATHS[shell.dialect]);
  if (shell.options.interactive) setDefault(shell, "PS1", PROMPTS[shell.dialect]);
  setDefault(shell, "PS2", "> ");
  setDefault(shell, "PS4", "+ ");
  setDirectory(shell, environment.get("PWD"));
  if (shell.dialect !== "dash") raiseLevel(shell);
  if (!shell.isBash) return;
  variables.set("BASH", "/bin/bash");
  variables.set("BASH_VERSION", "5.2.15(1)-release");
  variables.set("HOSTTYPE", "x86_64");
  variables.set("MACHTYPE", "x86_64-pc-linux-gnu");
  variables.set("OSTYPE", "linux-gnu");
  for (const [index, part] of ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"].entries()) {
    variables.setElement("BASH_VERSINFO", String(index), part);
  }
}

function setDefault(shell: Shell, name: string, value: string): void {
  if (shell.variables.get(name) === undefined) shell.variables.set(name, value);
}

/** PWD of the environment counts when it names the directory we are in. */
function setDirectory(shell: Shell, given: string | undefined): void {
  const { sys } = shell;
  let directory = given;
  try {
    const here = sys.cwd();
    if (given === undefined || !given.startsWith("/") || sys.realpath(given) !== here) {
      directory = here;
    }
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    directory = sys.cwd();
  }
  const exported = shell.dialect === "dash" ? 0 : EXPORTED;
  shell.variables.set("PWD", directory ?? "/", exported);
}

function raiseLevel(shell: Shell): void {
  const level = Number.parseInt(shell.variables.get("SHLVL") ?? "0", 10);
  shell.variables.set("SHLVL", String((Number.isNaN(level) ? 0 : level) + 1), EXPORTED);
}
