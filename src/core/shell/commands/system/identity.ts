import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure } from "../options.js";
import { groupName, groups, userName, users } from "../user-names.js";

export function* id(command: Command): Blocking<number> {
  const { sys } = command;
  const options = parseOptions(command, "ugGnrZ", {
    user: "u",
    group: "g",
    groups: "G",
    name: "n",
  });
  const [name] = options.operands;
  if ((options.has("n") || options.has("r")) && options.last("ugG") === null) {
    throw command.isGnu
      ? command.failure("printing only names or real IDs requires -u, -g, or -G")
      : usageFailure(command);
  }
  let { uid, gid } = sys;
  let others = [...sys.groups];
  if (name !== undefined) {
    const record = users(sys).find(
      (user) => user.name === name || (command.isGnu && String(user.uid) === name),
    );
    if (record === undefined) {
      throw command.failure(command.isGnu ? `'${name}': no such user` : `unknown user ${name}`);
    }
    uid = record.uid;
    gid = record.gid;
    others = groups(sys)
      .filter((group) => group.members.includes(record.name))
      .map((group) => group.gid);
  }
  const all = [gid, ...others.filter((other) => other !== gid)];
  const showUser = (number: number): string =>
    options.has("n") ? userName(sys, number) : String(number);
  const showGroup = (number: number): string =>
    options.has("n") ? groupName(sys, number) : String(number);
  if (options.has("u")) command.output.add(`${showUser(uid)}\n`);
  else if (options.has("g")) command.output.add(`${showGroup(gid)}\n`);
  else if (options.has("G")) command.output.add(`${all.map(showGroup).join(" ")}\n`);
  else {
    const listed = all.map((number) => withName(number, groupName(sys, number))).join(",");
    command.output.add(
      `uid=${withName(uid, userName(sys, uid))} gid=${withName(gid, groupName(sys, gid))} groups=${listed}\n`,
    );
  }
  yield* command.output.flush();
  return 0;
}

/** `0(root)`; a number without a name stands alone. */
function withName(number: number, name: string): string {
  return name === String(number) ? name : `${String(number)}(${name})`;
}

export function whoami(command: Command): number {
  if (command.operands.length > 0) throw usageFailure(command);
  const { sys } = command;
  const record = users(sys).find((user) => user.uid === sys.uid);
  if (record === undefined) throw command.failure(`unknown uid ${String(sys.uid)}`);
  command.output.add(`${record.name}\n`);
  return 0;
}

export function groupsCommand(command: Command): number {
  const { sys } = command;
  const all = [sys.gid, ...sys.groups.filter((gid) => gid !== sys.gid)];
  command.output.add(`${all.map((gid) => groupName(sys, gid)).join(" ")}\n`);
  return 0;
}
