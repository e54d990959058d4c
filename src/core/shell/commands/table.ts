import type { CommandBody } from "./command.js";
import { basename, dirname } from "./files/basename.js";
import { chmod, chown } from "./files/chmod.js";
import { cp } from "./files/cp.js";
import { ln } from "./files/ln.js";
import { ls } from "./files/ls.js";
import { mkdir } from "./files/mkdir.js";
import { mv } from "./files/mv.js";
import { readlink, realpath } from "./files/readlink.js";
import { rm } from "./files/rm.js";
import { rmdir } from "./files/rmdir.js";
import { stat } from "./files/stat.js";
import { touch } from "./files/touch.js";
import { env, printenv } from "./process/env.js";
import { sleep, usleep } from "./process/sleep.js";
import { xargs } from "./process/xargs.js";
import { echo, falseCommand, kill, printf, pwd, test, trueCommand } from "./shell-builtins.js";
import { date } from "./system/date.js";
import { hostname } from "./system/hostname.js";
import { groupsCommand, id, whoami } from "./system/identity.js";
import { which } from "./system/which.js";
import { awk } from "./text/awk/awk.js";
import { cat } from "./text/cat.js";
import { cut } from "./text/cut.js";
import { expand, unexpand } from "./text/expand.js";
import { fold } from "./text/fold.js";
import { grep } from "./text/grep.js";
import { head } from "./text/head.js";
import { nl } from "./text/nl.js";
import { od } from "./text/od.js";
import { paste } from "./text/paste.js";
import { rev } from "./text/rev.js";
import { sed } from "./text/sed/sed.js";
import { seq } from "./text/seq.js";
import { sort } from "./text/sort.js";
import { tac } from "./text/tac.js";
import { tail } from "./text/tail.js";
import { tee } from "./text/tee.js";
import { tr } from "./text/tr.js";
import { uniq } from "./text/uniq.js";
import { wc } from "./text/wc.js";
import { yes } from "./text/yes.js";

export type ProgramFamily = "files" | "text" | "process" | "network" | "system";

/** Every command of the userland by its name. */
export const FAMILIES: Readonly<Record<ProgramFamily, Readonly<Record<string, CommandBody>>>> = {
  files: {
    basename,
    chgrp: chown,
    chmod,
    chown,
    cp,
    dirname,
    ln,
    ls,
    mkdir,
    mv,
    readlink,
    realpath,
    rm,
    rmdir,
    stat,
    touch,
  },
  text: {
    awk,
    cat,
    cut,
    egrep: grep,
    expand,
    fgrep: grep,
    fold,
    grep,
    head,
    nl,
    od,
    paste,
    rev,
    sed,
    seq,
    sort,
    tac,
    tail,
    tee,
    tr,
    unexpand,
    uniq,
    wc,
    yes,
  },
  process: { env, kill, printenv, sleep, usleep, xargs },
  network: {},
  system: {
    "[": test,
    "[[": test,
    date,
    echo,
    false: falseCommand,
    groups: groupsCommand,
    hostname,
    id,
    printf,
    pwd,
    test,
    true: trueCommand,
    which,
    whoami,
  },
};
