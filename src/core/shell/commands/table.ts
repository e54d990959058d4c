import type { CommandBody } from "./command.js";
import { basename, dirname } from "./files/basename.js";
import { chmod, chown } from "./files/chmod.js";
import { cp } from "./files/cp.js";
import { dd } from "./files/dd.js";
import { df } from "./files/df.js";
import { du } from "./files/du.js";
import { find } from "./files/find/find.js";
import { gzip } from "./files/gzip.js";
import { ln } from "./files/ln.js";
import { ls } from "./files/ls.js";
import { mkdir } from "./files/mkdir.js";
import { mv } from "./files/mv.js";
import { readlink, realpath } from "./files/readlink.js";
import { rm } from "./files/rm.js";
import { rmdir } from "./files/rmdir.js";
import { fallocate, install, link, mkfifo, mktemp, truncate, unlink } from "./files/small-files.js";
import { stat } from "./files/stat.js";
import { tar } from "./files/tar.js";
import { touch } from "./files/touch.js";
import { curl } from "./network/curl.js";
import { dig, host, nslookup, nslookupByLibrary } from "./network/dns.js";
import { httpd } from "./network/httpd.js";
import { ifconfig, ip, route } from "./network/interfaces.js";
import { nc, telnet } from "./network/nc.js";
import { ping } from "./network/ping.js";
import { netstat, ss } from "./network/sockets.js";
import { wget } from "./network/wget.js";
import { env, printenv } from "./process/env.js";
import { killall, pgrep, pidof, pkill } from "./process/match-processes.js";
import { ps } from "./process/ps.js";
import { nice, nohup, setsid, time, watch } from "./process/run-with.js";
import { sleep, usleep } from "./process/sleep.js";
import { timeout } from "./process/timeout.js";
import { top } from "./process/top.js";
import { xargs } from "./process/xargs.js";
import { echo, falseCommand, kill, printf, pwd, test, trueCommand } from "./shell-builtins.js";
import { bc } from "./system/bc/bc.js";
import { date } from "./system/date.js";
import { expr } from "./system/expr.js";
import { getopt } from "./system/getopt.js";
import { hostid, hostname } from "./system/hostname.js";
import { groupsCommand, id, whoami } from "./system/identity.js";
import { ipcmk, ipcrm, ipcs } from "./system/ipc.js";
import { arch, free, getconf, nmeter, nproc, sysctl, uname, uptime } from "./system/machine.js";
import { mount, mountpoint, umount } from "./system/mount.js";
import { cal, factor } from "./system/numbers.js";
import { clear, logger, reset, stty, sync, tty } from "./system/terminal.js";
import { which } from "./system/which.js";
import { awk } from "./text/awk/awk.js";
import { base64 } from "./text/base64.js";
import { cat } from "./text/cat.js";
import { cksum } from "./text/cksum.js";
import { cmp } from "./text/cmp.js";
import { comm } from "./text/comm.js";
import { join } from "./text/join.js";
import { cut } from "./text/cut.js";
import { diff } from "./text/diff.js";
import { digestSum } from "./text/digest.js";
import { expand, unexpand } from "./text/expand.js";
import { fold } from "./text/fold.js";
import { grep } from "./text/grep.js";
import { head } from "./text/head.js";
import { hexdump, xxd } from "./text/hexdump.js";
import { nl } from "./text/nl.js";
import { od } from "./text/od.js";
import { paste } from "./text/paste.js";
import { rev } from "./text/rev.js";
import { sed } from "./text/sed/sed.js";
import { seq } from "./text/seq.js";
import { convertLineEnds, shuf, split, strings, ts } from "./text/small-text.js";
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
    dd,
    df,
    dirname,
    du,
    fallocate,
    find,
    gunzip: gzip,
    gzip,
    install,
    link,
    ln,
    ls,
    mkdir,
    mkfifo,
    mktemp,
    mv,
    readlink,
    realpath,
    rm,
    rmdir,
    stat,
    tar,
    touch,
    truncate,
    unlink,
    zcat: gzip,
  },
  text: {
    awk,
    base64,
    cat,
    cksum,
    cmp,
    comm,
    crc32: cksum,
    cut,
    diff,
    dos2unix: convertLineEnds,
    egrep: grep,
    expand,
    fgrep: grep,
    fold,
    grep,
    hd: hexdump,
    head,
    hexdump,
    join,
    md5sum: digestSum,
    nl,
    od,
    paste,
    rev,
    sed,
    seq,
    sha1sum: digestSum,
    sha256sum: digestSum,
    sha3sum: digestSum,
    sha512sum: digestSum,
    shuf,
    sort,
    split,
    strings,
    tac,
    tail,
    tee,
    tr,
    ts,
    unexpand,
    uniq,
    unix2dos: convertLineEnds,
    wc,
    xxd,
    yes,
  },
  process: {
    env,
    kill,
    killall,
    nice,
    nohup,
    pgrep,
    pidof,
    pkill,
    printenv,
    ps,
    setsid,
    sleep,
    time,
    timeout,
    top,
    usleep,
    watch,
    xargs,
  },
  network: {
    curl,
    dig,
    host,
    httpd,
    ifconfig,
    ip,
    nc,
    netstat,
    nslookup,
    "nslookup-by-library": nslookupByLibrary,
    ping,
    route,
    ss,
    telnet,
    wget,
  },
  system: {
    "[": test,
    "[[": test,
    arch,
    bc,
    cal,
    clear,
    date,
    dnsdomainname: hostname,
    echo,
    expr,
    factor,
    false: falseCommand,
    free,
    getconf,
    getopt,
    groups: groupsCommand,
    hostid,
    hostname,
    id,
    ipcmk,
    ipcrm,
    ipcs,
    logger,
    mount,
    mountpoint,
    nmeter,
    nproc,
    printf,
    pwd,
    reset,
    stty,
    sync,
    sysctl,
    test,
    true: trueCommand,
    tty,
    umount,
    uname,
    uptime,
    which,
    whoami,
  },
};
