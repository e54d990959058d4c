import type { Builtin, BuiltinEntry } from "./builtin.js";
import { runBreak, runContinue, runExit, runReturn } from "./control.js";
import { runEcho } from "./echo.js";
import { runFalse, runTrue } from "./true.js";
import { runAlias, runUnalias } from "./alias.js";
import { runBuiltinBuiltin } from "./builtin-builtin.js";
import { runDeclare } from "./declare.js";
import { runDirs, runPopd, runPushd } from "./directory-stack.js";
import { runGetopts } from "./getopts.js";
import { runHash } from "./hash.js";
import { runHelp } from "./help.js";
import { runForeground, runJobs } from "./jobs.js";
import { runLet } from "./let.js";
import { runMapfile } from "./mapfile.js";
import { runShopt } from "./shopt.js";
import { runTimes } from "./times.js";
import { runUlimit } from "./ulimit.js";
import { runUmask } from "./umask.js";
import { runTest } from "./test.js";
import { runCd } from "./cd.js";
import { runPwd } from "./pwd.js";
import { runEval, runSource } from "./eval.js";
import { runExec } from "./exec.js";
import { runExport, runReadonly } from "./export.js";
import { runSet } from "./set.js";
import { runShift } from "./shift.js";
import { runTrap } from "./trap.js";
import { runUnset } from "./unset.js";
import { runWait } from "./wait.js";
import { runRead } from "./read.js";
import { runPrintf } from "./printf.js";
import { runKill } from "./kill.js";
import { runLocal } from "./local.js";
import { runCommand } from "./command.js";
import { runType } from "./type.js";
import type { Dialect } from "../grammar/index.js";

const ALL: readonly Dialect[] = ["ash", "dash", "bash"];
const ASH: readonly Dialect[] = ["ash", "bash"];
const BASH: readonly Dialect[] = ["bash"];

function special(name: string, run: Builtin, dialects = ALL): BuiltinEntry {
  return { name, run, isSpecial: true, declares: false, dialects };
}

function regular(name: string, run: Builtin, dialects = ALL): BuiltinEntry {
  return { name, run, isSpecial: false, declares: false, dialects };
}

function declaring(name: string, run: Builtin, isSpecial: boolean, dialects = ALL): BuiltinEntry {
  return { name, run, isSpecial, declares: true, dialects };
}

/** shell/ash.c builtintab (busybox 1.37), dash 0.5.12 builtins.def, bash 5.2 builtins/. */
export const BUILTINS: readonly BuiltinEntry[] = [
  special(":", runTrue),
  special(".", runSource),
  special("source", runSource, ASH),
  regular("[", runTest),
  regular("[[", runTest, ["ash"]),
  regular("test", runTest),
  special("break", runBreak),
  regular("cd", runCd),
  regular("chdir", runCd, ["ash", "dash"]),
  regular("command", runCommand),
  special("continue", runContinue),
  regular("echo", runEcho),
  special("eval", runEval),
  special("exec", runExec),
  special("exit", runExit),
  declaring("export", runExport, true),
  regular("false", runFalse),
  regular("kill", runKill),
  declaring("local", runLocal, true),
  regular("printf", runPrintf),
  regular("pwd", runPwd),
  regular("read", runRead),
  declaring("readonly", runReadonly, true),
  special("return", runReturn),
  special("set", runSet),
  special("shift", runShift),
  special("trap", runTrap),
  regular("true", runTrue),
  regular("type", runType),
  special("unset", runUnset),
  regular("wait", runWait),
  regular("alias", runAlias),
  regular("bg", runForeground),
  regular("builtin", runBuiltinBuiltin, BASH),
  declaring("declare", runDeclare, false, BASH),
  regular("dirs", runDirs, BASH),
  regular("fg", runForeground),
  regular("getopts", runGetopts),
  regular("hash", runHash),
  regular("help", runHelp, ASH),
  regular("jobs", runJobs),
  regular("let", runLet, ASH),
  regular("mapfile", runMapfile, BASH),
  regular("popd", runPopd, BASH),
  regular("pushd", runPushd, BASH),
  regular("readarray", runMapfile, BASH),
  regular("shopt", runShopt, BASH),
  special("times", runTimes),
  declaring("typeset", runDeclare, false, BASH),
  regular("ulimit", runUlimit),
  regular("umask", runUmask),
  regular("unalias", runUnalias),
];
