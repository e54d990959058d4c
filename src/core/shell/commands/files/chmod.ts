import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import { modeText, parseMode } from "../../text/mode-text.js";
import type { Command } from "../command.js";
import { Options, usageFailure } from "../options.js";
import { walkTree } from "../walk.js";
import { groups, users } from "../user-names.js";

const GNU_LONG: Readonly<Record<string, string>> = {
  "--recursive": "R",
  "--verbose": "v",
  "--changes": "c",
  "--silent": "f",
  "--quiet": "f",
};

function readModeWords(command: Command): { operands: string[]; switches: string } {
  const operands: string[] = [];
  let switches = "";
  let ended = false;
  for (const word of command.operands) {
    if (!ended && word === "--") ended = true;
    else if (!ended && /^-[Rvcf]+$/.test(word)) {
      switches += word.slice(1);
    } else if (!ended && word.startsWith("--")) {
      const letter = command.isGnu ? GNU_LONG[word] : undefined;
      if (letter === undefined) throw usageFailure(command, `unrecognized option '${word}'`);
      switches += letter;
    } else operands.push(word);
  }
  return { operands, switches };
}

/** Modes such as `-x` look like options, so they are read by hand. */
export function* chmod(command: Command): Blocking<number> {
  const { operands, switches } = readModeWords(command);
  const [wanted, ...paths] = operands;
  if (wanted === undefined || paths.length === 0) throw usageFailure(command);
  const umask = command.sys.umask();
  if (parseMode(wanted, 0, false, umask) === null || /^0*[1-7][0-7]{4}/.test(wanted)) {
    throw command.isGnu
      ? usageFailure(command, `invalid mode: '${wanted}'`)
      : command.failure(`invalid mode '${wanted}'`);
  }
  for (const path of paths) {
    const isQuiet = switches.includes("f") && command.isGnu;
    yield* eachPath(command, path, switches.includes("R"), isQuiet, (each) => {
      const stat = command.sys.stat(each);
      const mode = parseMode(wanted, stat.mode & 0o7777, stat.type === "directory", umask);
      if (mode === null) return;
      command.sys.chmod(each, mode);
      if (/v/.test(switches) || (/c/.test(switches) && mode !== (stat.mode & 0o7777))) {
        command.output.add(changeText(each, mode));
      }
    });
  }
  return command.status;
}

function changeText(path: string, mode: number): string {
  const octal = mode.toString(8).padStart(4, "0");
  return `mode of '${path}' changed to ${octal} (${modeText("file", mode).slice(1)})\n`;
}

function* eachPath(
  command: Command,
  path: string,
  isRecursive: boolean,
  isQuiet: boolean,
  change: (path: string) => void,
): Blocking<void> {
  const paths = isRecursive ? walkTree(command.sys, path) : [path];
  for (const each of paths) {
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
    try {
      if (isRecursive && each !== path && command.sys.lstat(each).type === "symlink") continue;
      change(each);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      command.status = 1;
      const isMissing = error.errno === "ENOENT";
      const doing = command.name === "chmod" ? "permissions" : "ownership";
      const gnu = isMissing ? `cannot access '${each}'` : `changing ${doing} of '${each}'`;
      if (!isQuiet) {
        yield* command.complain(`${command.words(each, gnu)}: ${describeFailure(error)}`);
      }
    }
  }
}

export function* chown(command: Command): Blocking<number> {
  const { options, operands } = readChownOptions(command);
  const [owner, ...paths] = operands;
  if (owner === undefined || paths.length === 0) throw usageFailure(command);
  const ids =
    command.name === "chgrp"
      ? { uid: null, gid: groupId(command, owner) }
      : ownerIds(command, owner);
  for (const path of paths) {
    const isQuiet = options.has("f") && command.isGnu;
    yield* eachPath(command, path, options.has("R"), isQuiet, (each) => {
      const { sys } = command;
      const noFollow = options.has("h");
      const before = noFollow ? sys.lstat(each) : sys.stat(each);
      sys.chown(each, ids.uid, ids.gid, { noFollow });
      const uid = ids.uid ?? before.uid;
      const gid = ids.gid ?? before.gid;
      const isChanged = uid !== before.uid || gid !== before.gid;
      if (options.has("v") || (options.has("c") && isChanged)) {
        command.output.add(`changed ownership of '${each}' to ${String(uid)}:${String(gid)}\n`);
      }
    });
  }
  return command.status;
}

const CHOWN_LONG: Readonly<Record<string, string>> = {
  recursive: "R",
  dereference: "",
  "no-dereference": "h",
  changes: "c",
  silent: "f",
  quiet: "f",
  verbose: "v",
};

function readChownOptions(command: Command): { options: Options; operands: readonly string[] } {
  const switches = new Map<string, number>();
  const operands: string[] = [];
  for (const word of command.operands) {
    if (/^-[RhfvcLHP]+$/.test(word)) for (const letter of word.slice(1)) switches.set(letter, 1);
    else if (word.startsWith("--") && word.length > 2) {
      const name = word.slice(2);
      const letter = CHOWN_LONG[name];
      if (letter === undefined) throw usageFailure(command, `unrecognized option '${word}'`);
      if (letter !== "") switches.set(letter, 1);
    } else if (word !== "--") operands.push(word);
  }
  return { options: new Options(switches, new Map(), operands, [...switches.keys()]), operands };
}

function ownerIds(command: Command, text: string): { uid: number | null; gid: number | null } {
  const match = /^([^:.]*)(?:[:.](.*))?$/.exec(text);
  const [, user = "", group] = match ?? [];
  if (group !== undefined && group !== "" && user !== "") {
    // libbb/uidgid_get.c names both.
    const known = isKnown(users(command.sys), user) && isKnown(groups(command.sys), group);
    if (!known && !command.isGnu) throw command.failure(`unknown user/group ${text}`);
  }
  const uid = user === "" ? null : userId(command, user);
  if (group === undefined) return { uid, gid: null };
  if (group !== "") return { uid, gid: groupId(command, group) };
  const login = users(command.sys).find((record) => record.uid === uid);
  return { uid, gid: login?.gid ?? null };
}

function isKnown(records: readonly { readonly name: string }[], text: string): boolean {
  return /^\d+$/.test(text) || records.some(({ name }) => name === text);
}

export function userId(command: Command, text: string): number {
  const record = users(command.sys).find(({ name }) => name === text);
  if (record !== undefined) return record.uid;
  if (/^\d+$/.test(text)) return Number(text);
  throw command.failure(command.words(`unknown user ${text}`, `invalid user: '${text}'`));
}

export function groupId(command: Command, text: string): number {
  const record = groups(command.sys).find(({ name }) => name === text);
  if (record !== undefined) return record.gid;
  if (/^\d+$/.test(text)) return Number(text);
  throw command.failure(command.words(`unknown group ${text}`, `invalid group: '${text}'`));
}
