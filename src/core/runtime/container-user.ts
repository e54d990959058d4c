import {
  ALL_CAPABILITIES,
  capabilitySet,
  isCapabilityName,
  withCapability,
  withoutCapability,
  type CapabilitySet,
  type Credentials,
  type View,
} from "../vfs/index.js";
import { accountLines } from "./account-files.js";
import { CriError, type ContainerSecurity } from "./cri.js";
import { effectiveCapabilities } from "./kernel/exec.js";

/** containerd's default: pkg/oci/spec.go, defaultUnixCaps, 2.0. */
export const DEFAULT_CAPABILITIES: CapabilitySet = capabilitySet([
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
]);

/** The most that a container's processes may do. internal/cri/opts/spec_linux_opts.go, WithCapabilities, containerd 2.0. */
export const boundingSet = (security: ContainerSecurity): CapabilitySet => {
  if (security.privileged) return ALL_CAPABILITIES;
  const dropped = security.dropCapabilities.map(bareName);
  const added = security.addCapabilities.map(bareName);
  let set = dropped.includes("ALL") ? 0 : DEFAULT_CAPABILITIES;
  if (added.includes("ALL")) set = ALL_CAPABILITIES;
  for (const name of added) if (isCapabilityName(name)) set = withCapability(set, name);
  for (const name of dropped) if (isCapabilityName(name)) set = withoutCapability(set, name);
  return set;
};

const bareName = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");

/** An account, as far as /etc/passwd knows it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** By name or by number; null when the container's /etc/passwd has no such account. */
export const findAccount = (view: View, user: string | number): Account | null => {
  for (const line of accountLines(view, "/etc/passwd")) {
    const [name = "", , uid = "", gid = "", , home = "", shell = ""] = line;
    if (uid === "" || (typeof user === "number" ? Number(uid) !== user : name !== user)) continue;
    return { name, uid: Number(uid), gid: Number(gid), home, shell };
  }
  return null;
};

/**
 * Who the container's process is. Throws CriError when the image names a user that it does not have.
 * @param imageUser `user`, `user:group`, numbers or names, or empty
 */
export const containerCredentials = (
  view: View,
  imageUser: string,
  security: ContainerSecurity,
): Credentials => {
  const [userPart = "", groupPart = ""] = imageUser.split(":");
  const user = security.runAsUser ?? numberOrName(userPart);
  const account = findAccount(view, user);
  if (typeof user === "string" && account === null)
    throw new CriError(
      "CreateContainerError",
      `failed to create containerd container: mount callback failed on: no users found`,
    );
  const uid = typeof user === "number" ? user : (account?.uid ?? 0);
  const gid = security.runAsGroup ?? primaryGroup(view, account, security, groupPart);
  const ownGroups = account === null ? [] : groupsOf(view, account);
  return Object.freeze({
    uid,
    gid,
    groups: [...new Set([gid, ...ownGroups, ...security.supplementalGroups])],
    capabilities: effectiveCapabilities(uid, boundingSet(security)),
  });
};

/** The image's group counts only for the image's own user. */
const primaryGroup = (
  view: View,
  account: Account | null,
  security: ContainerSecurity,
  imageGroup: string,
): number =>
  security.runAsUser === null && imageGroup !== ""
    ? groupId(view, imageGroup)
    : (account?.gid ?? 0);

/** Nothing is root. */
const numberOrName = (text: string): number | string => (/^\d*$/.test(text) ? Number(text) : text);

const groupId = (view: View, group: string): number => {
  if (/^\d+$/.test(group)) return Number(group);
  for (const [name, , gid = ""] of accountLines(view, "/etc/group")) {
    if (name === group) return Number(gid);
  }
  return 0;
};

/** The groups that /etc/group puts an account in. */
const groupsOf = (view: View, account: Account): readonly number[] => {
  const groups: number[] = [];
  for (const [, , gid = "", members = ""] of accountLines(view, "/etc/group")) {
    if (gid !== "" && members.split(",").includes(account.name)) groups.push(Number(gid));
  }
  return groups;
};
