import { SysError, type Blocking, type FileStat, type Sys } from "../../../shell/index.js";
import { errnoText } from "../../look-path.js";
import { parseFlags } from "../go-server.js";
import { print, readTextFile } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** Between two looks at a file that is read in a loop. */
const LOOP_MS = 2000;
const NEW_CONTENT = "mount-tester new file\n";
/** statfs(2)'s numbers of file system types. */
const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  ext4: 0xef53,
  overlay: 0x794c7630,
  proc: 0x9fa0,
};

/** test/images/agnhost/mounttest/mt.go: prints what the tests ask for, in this order. */
export const mountTest: Subcommand = function* (sys, args) {
  const { flags } = parseFlags(args, ["break_on_expected_content"]);
  sys.umask(0);
  let failures = 0;
  for (const [flag, act] of STEPS) {
    const path = flags.get(flag);
    if (path === undefined || path === "") continue;
    try {
      yield* act(sys, path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* print(sys, 1, `${describe(flag, path, error)}\n`);
      failures += 1;
    }
  }
  const looped = flags.get("file_content_in_loop") ?? "";
  const breaks = flags.get("break_on_expected_content") !== "false";
  const seconds = Number(flags.get("retry_time") ?? 180);
  if (looped !== "" && !(yield* readInLoop(sys, looped, seconds, breaks))) failures += 1;
  return failures === 0 ? 0 : 1;
};

type Step = (sys: Sys, path: string) => Blocking<void>;

const newFile = (mode: number): Step =>
  function* (sys, path) {
    const fd = sys.open(path, { write: true, create: true, truncate: true }, mode);
    yield* print(sys, fd, NEW_CONTENT);
    sys.close(fd);
    yield* fileContent(sys, path);
  };

const STEPS: readonly (readonly [flag: string, act: Step])[] = [
  ["fs_type", fileSystemType],
  ["new_file_0644", newFile(0o644)],
  ["new_file_0666", newFile(0o666)],
  ["new_file_0660", newFile(0o660)],
  ["new_file_0777", newFile(0o777)],
  ["file_mode", fileMode],
  ["file_perm", filePermissions],
  ["file_owner", fileOwner],
  ["file_content", fileContent],
];

function* fileSystemType(sys: Sys, path: string): Blocking<void> {
  const { type } = sys.statfs(path);
  const shown = type === "tmpfs" ? "tmpfs" : String(TYPE_NUMBERS[type] ?? 0xef53);
  yield* print(sys, 1, `mount type of "${path}": ${shown}\n`);
}

function* fileMode(sys: Sys, path: string): Blocking<void> {
  yield* print(sys, 1, `mode of file "${path}": ${goMode(sys.stat(path))}\n`);
}

function* filePermissions(sys: Sys, path: string): Blocking<void> {
  const permissions = goMode(sys.stat(path)).slice(-9);
  yield* print(sys, 1, `perms of file "${path}": -${permissions}\n`);
}

function* fileOwner(sys: Sys, path: string): Blocking<void> {
  const { uid, gid } = sys.stat(path);
  yield* print(
    sys,
    1,
    `owner UID of "${path}": ${String(uid)}\nowner GID of "${path}": ${String(gid)}\n`,
  );
}

function* fileContent(sys: Sys, path: string): Blocking<void> {
  const text = yield* readTextFile(sys, path);
  if (text === null) throw new SysError("ENOENT");
  yield* print(sys, 1, `content of file "${path}": ${text}\n`);
}

function* readInLoop(sys: Sys, path: string, seconds: number, breaks: boolean): Blocking<boolean> {
  const dueMs = sys.nowMs() + seconds * 1000;
  let isRead = true;
  while (sys.nowMs() < dueMs) {
    const text = yield* readTextFile(sys, path);
    isRead = text !== null;
    if (text === null) {
      const problem = `open ${path}: no such file or directory`;
      yield* print(sys, 1, `Error reading file ${path}: ${problem}, retrying\n`);
    } else {
      yield* print(sys, 1, `content of file "${path}": ${text}\n`);
      if (breaks && text === NEW_CONTENT) break;
      if (breaks) yield* print(sys, 1, `Unexpected content. Expected: ${NEW_CONTENT}. Retrying`);
    }
    yield* sys.sleep(LOOP_MS);
  }
  return isRead;
}

/** What it prints where a step fails. */
const describe = (flag: string, path: string, { errno }: SysError): string => {
  const text = errnoText(errno);
  switch (flag) {
    case "fs_type":
      return `error from statfs("${path}"): ${text}`;
    case "file_mode":
    case "file_perm":
      return `error from Stat("${path}"): stat ${path}: ${text}`;
    case "file_owner":
      return `error from stat("${path}"): ${text}`;
    case "file_content":
      return `error reading file content for "${path}": open ${path}: ${text}`;
    default:
      return `error writing new file "${path}": open ${path}: ${text}`;
  }
};

/** os.FileMode's text: `dtrwxrwxrwx`. */
const goMode = ({ type, mode }: FileStat): string => {
  const letters = {
    directory: "d",
    symlink: "L",
    fifo: "p",
    socket: "S",
    character: "Dc",
    block: "D",
    file: "",
  };
  const special =
    ((mode & 0o4000) === 0 ? "" : "u") +
    ((mode & 0o2000) === 0 ? "" : "g") +
    ((mode & 0o1000) === 0 ? "" : "t");
  const head = letters[type] + special;
  let bits = "";
  for (let bit = 8; bit >= 0; bit -= 1)
    bits += (mode >> bit) & 1 ? "rwx".charAt((8 - bit) % 3) : "-";
  return (head === "" ? "-" : head) + bits;
};
