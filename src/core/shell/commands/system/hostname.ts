import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

export function* hostname(command: Command): Blocking<number> {
  const { sys } = command;
  const options = parseOptions(command, "dfisF:", { short: "s", fqdn: "f" });
  if (options.operands.length > 0) {
    throw command.failure("sethostname: Operation not permitted");
  }
  const name = sys.hostname;
  const dot = name.indexOf(".");
  if (options.has("i")) command.output.add(`${(yield* addressOf(command, name)) ?? ""}\n`);
  else if (options.has("s")) command.output.add(`${dot < 0 ? name : name.slice(0, dot)}\n`);
  else if (options.has("d")) command.output.add(dot < 0 ? "\n" : `${name.slice(dot + 1)}\n`);
  else command.output.add(`${name}\n`);
  return 0;
}

function* addressOf(command: Command, name: string): Blocking<string | null> {
  try {
    return (yield* command.sys.resolve(name, "A"))[0] ?? null;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure(`${name}: ${describeFailure(error)}`);
  }
}
