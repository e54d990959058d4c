import { readSmallFile } from "../io/read-file.js";
import { SysError, type Sys } from "../syscall.js";

export interface UserRecord {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface GroupRecord {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export function users(sys: Sys): UserRecord[] {
  return records(sys, "/etc/passwd").map(
    ([name = "", , uid = "", gid = "", , home = "", shell = ""]) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      home,
      shell,
    }),
  );
}

export function groups(sys: Sys): GroupRecord[] {
  return records(sys, "/etc/group").map(([name = "", , gid = "", members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(",").filter((member) => member !== ""),
  }));
}

function records(sys: Sys, path: string): string[][] {
  try {
    return readSmallFile(sys, path)
      .split("\n")
      .filter((line) => line.includes(":"))
      .map((line) => line.split(":"));
  } catch (error) {
    if (error instanceof SysError) return [];
    throw error;
  }
}

/** Names that a process has looked up: libbb/procps.c keeps them too, for as long as it runs. */
const userNames = new WeakMap<Sys, Map<number, string>>();
const groupNames = new WeakMap<Sys, Map<number, string>>();

/** The name, or the number where there is none. */
export function userName(sys: Sys, uid: number): string {
  return kept(userNames, sys, uid, () => users(sys).find((user) => user.uid === uid)?.name);
}

export function groupName(sys: Sys, gid: number): string {
  return kept(groupNames, sys, gid, () => groups(sys).find((group) => group.gid === gid)?.name);
}

function kept(
  cache: WeakMap<Sys, Map<number, string>>,
  sys: Sys,
  id: number,
  find: () => string | undefined,
): string {
  let names = cache.get(sys);
  if (names === undefined) cache.set(sys, (names = new Map<number, string>()));
  let name = names.get(id);
  if (name === undefined) names.set(id, (name = find() ?? String(id)));
  return name;
}
