import type { Command } from "../command.js";
import { findAllInPath } from "../path-search.js";
import { parseOptions, usageFailure } from "../options.js";

export function which(command: Command): number {
  const options = parseOptions(command, "a");
  if (options.operands.length === 0) {
    if (command.isGnu) return 1;
    throw usageFailure(command);
  }
  let status = 0;
  for (const name of options.operands) {
    const found = findAllInPath(command.sys, name, command.env.get("PATH"));
    if (found.length === 0) status = 1;
    for (const path of options.has("a") ? found : found.slice(0, 1))
      command.output.add(`${path}\n`);
  }
  return status;
}
