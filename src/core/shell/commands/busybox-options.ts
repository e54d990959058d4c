/**
 * Long options that busybox 1.37 knows (the `*_longopts` of each applet); its other applets know none. What a command of ours takes
 * besides, GNU's takes.
 */
const LONG_NAMES: Readonly<Record<string, string>> = {
  chgrp: "recursive dereference no-dereference changes silent quiet verbose",
  chown: "recursive dereference no-dereference changes silent quiet verbose",
  cmp: "bytes quiet silent verbose",
  cp: `archive force interactive no-clobber link dereference no-dereference recursive symbolic-link no-target-directory target-directory
    verbose update remove-destination parents reflink`,
  date: "rfc-822 rfc-2822 set utc date reference",
  diff: `ignore-case ignore-tab-expansion ignore-space-change ignore-all-space ignore-blank-lines text unified label show-c-function brief
    expand-tabs initial-tab recursive new-file report-identical-files starting-file minimal`,
  env: "ignore-environment null unset",
  expand: "initial tabs",
  getopt: "options longoptions quiet quiet-output shell test unquoted alternative name",
  grep: "color",
  egrep: "color",
  fgrep: "color",
  gunzip: "stdout to-stdout force test no-name",
  gzip: "stdout to-stdout force verbose decompress uncompress test quiet fast best no-name",
  install: "verbose directory preserve-timestamps strip group mode owner target-directory",
  ls: "full-time group-directories-first color",
  mkdir: "mode parents verbose",
  mktemp: "directory quiet dry-run tmpdir",
  mv: "interactive force no-clobber no-target-directory target-directory verbose",
  nl: "body-numbering line-increment no-renumber number-separator starting-line-number number-width",
  nproc: "ignore all",
  od: "skip-bytes address-radix read-bytes format output-duplicates strings width traditional",
  rmdir: "parents ignore-fail-on-non-empty verbose",
  sed: "version in-place regexp-extended quiet silent expression file",
  tar: `list extract directory file to-stdout no-same-owner same-permissions verbose keep-old create dereference bzip2 files-from exclude-from
    gzip xz compress auto-compress touch strip-components lzma no-recursion to-command numeric-owner no-same-permissions overwrite exclude`,
  touch: "no-create no-dereference date reference",
  uname:
    "all kernel-name nodename kernel-release release kernel-version machine processor hardware-platform operating-system",
  unexpand: "first-only tabs all",
  wget: `continue quiet server-response output-document output-file directory-prefix proxy user-agent timeout header post-data spider
    no-check-certificate post-file`,
  xargs: "no-run-if-empty",
  zcat: "stdout to-stdout force test no-name",
};

/** Letters that commands of ours take and busybox's do not. */
const GNU_LETTERS: Readonly<Record<string, string>> = {
  cat: "ETs",
  cut: "z",
  grep: "PGZbI",
  egrep: "PGZbI",
  fgrep: "PGZbI",
  ls: "oBmU",
  cp: "x",
  df: "xl",
  mv: "u",
  readlink: "em",
  rm: "d",
  sed: "sz",
  seq: "f",
  timeout: "v",
  tr: "t",
  xargs: "Ldl",
};

const sets = new Map<string, ReadonlySet<string>>(
  Object.entries(LONG_NAMES).map(([applet, names]) => [applet, new Set(names.split(/\s+/))]),
);

/** Not an applet of busybox at all: nothing is to be refused in its name. */
const OTHERS: ReadonlySet<string> = new Set([
  "curl",
  "dig",
  "host",
  "ss",
  "getconf",
  "join",
  "pgrep",
]);

export function busyboxKnowsName(applet: string, name: string): boolean {
  return OTHERS.has(applet) || sets.get(applet)?.has(name) === true;
}

export function busyboxKnowsLetter(applet: string, letter: string): boolean {
  return GNU_LETTERS[applet]?.includes(letter) !== true;
}
