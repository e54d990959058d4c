import { shellProgram } from "../interpreter/shell-program.js";
import type { Program } from "../syscall.js";
import { commandProgram } from "./command.js";
import { FAMILIES, type ProgramFamily } from "./table.js";

const programs = new Map<string, Program>([
  ["sh", shellProgram("ash")],
  ["ash", shellProgram("ash")],
  ["dash", shellProgram("dash")],
  ["bash", shellProgram("bash")],
]);

for (const commands of Object.values(FAMILIES)) {
  for (const [name, body] of Object.entries(commands)) {
    programs.set(name, commandProgram(body));
    programs.set(gnuProgramName(name), commandProgram(body, "gnu"));
  }
}

/** What the marker of an executable says where a command is GNU's and not busybox's. */
export function gnuProgramName(name: string): string {
  return `gnu-${name}`;
}

/**
 * The program behind the marker of an executable. `sh` and `ash` are busybox's shell, `dash` Debian's `/bin/sh`, `bash` GNU's; the
 * others are busybox's applets, and GNU's commands under {@link gnuProgramName}.
 */
export function findProgram(name: string): Program | undefined {
  return programs.get(name);
}

/** Names by family, for the layers of images: `/bin/<name>` is made for each. */
export function programNames(): Readonly<Record<ProgramFamily | "shells", readonly string[]>> {
  return {
    shells: ["sh", "ash", "dash", "bash"],
    files: Object.keys(FAMILIES.files),
    text: Object.keys(FAMILIES.text),
    process: Object.keys(FAMILIES.process),
    network: Object.keys(FAMILIES.network),
    system: Object.keys(FAMILIES.system),
  };
}
