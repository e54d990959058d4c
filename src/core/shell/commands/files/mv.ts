import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { Options, parseOptions } from "../options.js";
import { walkTree } from "../walk.js";
import { copy, missingOperand } from "./cp.js";
import { baseName } from "./ln.js";
import { isDirectory } from "./mkdir.js";
import { confirm } from "./rm.js";

export function* mv(command: Command): Blocking<number> {
  const options = parseOptions(command, "finTt:vu", {
    update: "u",
    force: "f",
    interactive: "i",
    "no-clobber": "n",
    "no-target-directory": "T",
    "target-directory=": "t",
    verbose: "v",
  });
  const sources = [...options.operands];
  const target = options.value("t") ?? sources.pop();
  if (target === undefined || sources.length === 0) throw missingOperand(command, target);
  const intoDirectory = !options.has("T") && isDirectory(command, target);
  for (const source of sources) {
    const path =
      intoDirectory || sources.length > 1
        ? `${target.replace(/\/$/, "")}/${baseName(source)}`
        : target;
    yield* move(command, source, path, options);
  }
  return command.status;
}

function* move(command: Command, source: string, target: string, options: Options): Blocking<void> {
  const { sys } = command;
  const exists = sys.access(target, {});
  const how = options.last("fin");
  if (exists && how === "n") return;
  if (exists && how === "i" && !(yield* confirm(command, `mv: overwrite '${target}'? `))) return;
  try {
    sys.rename(source, target);
    if (options.has("v")) {
      command.output.add(`${command.words("", "renamed ")}'${source}' -> '${target}'\n`);
    }
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "EXDEV") yield* moveAcross(command, source, target);
    else {
      const isMissing = error.errno === "ENOENT" && !sys.access(source, {});
      const gnu = isMissing ? `cannot stat '${source}'` : `cannot move '${source}' to '${target}'`;
      const what = command.words(`can't rename '${source}'`, gnu);
      yield* command.fail(`${what}: ${describeFailure(error)}`);
    }
  }
}

/** Another file system: a copy, then the original goes. */
function* moveAcross(command: Command, source: string, target: string): Blocking<void> {
  const { sys } = command;
  const archive = new Options(new Map([["a", 1]]), new Map(), [], ["a"]);
  if (!(yield* copy(command, source, target, archive, true))) return;
  for (const path of [...walkTree(sys, source)].reverse()) {
    if (sys.lstat(path).type === "directory") sys.rmdir(path);
    else sys.unlink(path);
  }
}
