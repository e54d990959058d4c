import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure } from "../options.js";
import { directoryName } from "./basename.js";

export function* rmdir(command: Command): Blocking<number> {
  const options = parseOptions(command, "pv", {
    parents: "p",
    verbose: "v",
    "ignore-fail-on-non-empty": "i",
  });
  if (options.operands.length === 0) throw usageFailure(command);
  for (const operand of options.operands) {
    yield* command.pace();
    let path = operand;
    for (;;) {
      if (options.has("v")) {
        const text = command.isGnu ? "removing directory" : "rmdir: removing directory";
        command.output.add(`${command.isGnu ? "rmdir: " : ""}${text}, '${path}'\n`);
      }
      try {
        command.sys.rmdir(path);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        if (!(options.has("i") && error.errno === "ENOTEMPTY"))
          yield* command.failWith(command.words(`'${path}'`, `failed to remove '${path}'`), error);
        break;
      }
      path = directoryName(path);
      if (!options.has("p") || path === "." || path === "/") break;
    }
  }
  return command.status;
}
