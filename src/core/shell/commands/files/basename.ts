import type { Command } from "../command.js";
import { usageFailure } from "../options.js";
import { baseName } from "./ln.js";

export function basename(command: Command): number {
  let operands = command.operands;
  let suffix: string | undefined;
  let multiple = false;
  while (/^-[asz]/.test(operands[0] ?? "") && operands[0] !== "-") {
    multiple = true;
    if (operands[0] === "-s") {
      suffix = operands[1];
      operands = operands.slice(2);
    } else operands = operands.slice(1);
  }
  if (operands[0] === "--") operands = operands.slice(1);
  if (operands.length < 1 || (!multiple && operands.length > 2)) throw usageFailure(command);
  const paths = multiple ? operands : operands.slice(0, 1);
  if (!multiple) suffix = operands[1];
  for (const path of paths) {
    let name = baseName(path);
    if (suffix !== undefined && name !== suffix && name.endsWith(suffix)) {
      name = name.slice(0, name.length - suffix.length);
    }
    command.output.add(`${name}\n`);
  }
  return 0;
}

export function dirname(command: Command): number {
  const operands = command.operands[0] === "--" ? command.operands.slice(1) : command.operands;
  if (operands.length < 1 || (operands.length > 1 && !command.isGnu)) throw usageFailure(command);
  for (const path of operands) command.output.add(`${directoryName(path)}\n`);
  return 0;
}

export function directoryName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  const directory = trimmed.slice(0, slash).replace(/\/+$/, "");
  return directory === "" ? "/" : directory;
}
