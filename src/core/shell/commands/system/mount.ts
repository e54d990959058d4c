import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure } from "../options.js";

export function* mount(command: Command): Blocking<number> {
  const options = parseOptions(command, "aflnrsvwt:o:O:i", { "types=": "t", "options=": "o" });
  const { sys } = command;
  const [source, target] = options.operands;
  if (source === undefined) {
    for (const one of sys.mounts()) {
      command.output.add(`${one.source} on ${one.path} type ${one.type} (${one.options})\n`);
    }
    return 0;
  }
  const words = [options.value("o") ?? "", options.has("r") ? "ro" : ""].filter(
    (word) => word !== "",
  );
  const path = target ?? source;
  try {
    sys.mount(
      target === undefined ? "none" : source,
      path,
      options.value("t") ?? "auto",
      words.join(","),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    // util-linux/mount.c
    const text =
      error.errno === "EPERM"
        ? `permission denied (are you root?)`
        : `mounting ${source} on ${path} failed: ${describeFailure(error)}`;
    yield* command.complain(text);
    return error.errno === "EPERM" ? 1 : 255;
  }
}

export function* umount(command: Command): Blocking<number> {
  const options = parseOptions(command, "fldnravt:");
  if (options.operands.length === 0) throw usageFailure(command);
  for (const path of options.operands) {
    try {
      command.sys.unmount(path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.fail(`can't unmount ${path}: ${describeFailure(error)}`);
    }
  }
  return command.status;
}

export function mountpoint(command: Command): number {
  const options = parseOptions(command, "qdxn");
  const [path] = options.operands;
  if (path === undefined) throw usageFailure(command);
  const { sys } = command;
  let real: string;
  try {
    real = sys.realpath(path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (options.has("q")) return 1;
    throw command.failure(`${path}: ${describeFailure(error)}`);
  }
  const isMount = sys.mounts().some((one) => one.path === real);
  if (!options.has("q")) command.output.add(`${path} is ${isMount ? "" : "not "}a mountpoint\n`);
  return isMount ? 0 : 1;
}
