import { ALL_CAPABILITIES, hasCapability, type CapabilitySet } from "./capabilities.js";
import type { Inode } from "./inode.js";

/** On whose behalf something is done. Shared by all processes of a container: frozen, replaced as a whole. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** The effective capabilities. */
  readonly capabilities: CapabilitySet;
}

export const ROOT_CREDENTIALS: Credentials = Object.freeze({
  uid: 0,
  gid: 0,
  groups: Object.freeze([]),
  capabilities: ALL_CAPABILITIES,
});

export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

/** Whether `wanted` (READ, WRITE, EXECUTE together) is permitted: fs/namei.c, generic_permission. */
export const isPermitted = (inode: Inode, wanted: number, who: Credentials): boolean => {
  const shift = who.uid === inode.uid ? 6 : isInGroup(who, inode.gid) ? 3 : 0;
  if ((~(inode.mode >> shift) & wanted) === 0) return true;
  return overridesPermission(inode, wanted, who);
};

/** Whether the inode's owner may do it: only the owner and CAP_FOWNER change modes and times. */
export const actsAsOwner = (inode: Inode, who: Credentials): boolean =>
  who.uid === inode.uid || hasCapability(who.capabilities, "FOWNER");

export const isInGroup = (who: Credentials, gid: number): boolean =>
  who.gid === gid || who.groups.includes(gid);

const overridesPermission = (inode: Inode, wanted: number, who: Credentials): boolean => {
  if (hasCapability(who.capabilities, "DAC_OVERRIDE")) {
    const isExecutable = inode.type === "directory" || (inode.mode & 0o111) !== 0;
    return (wanted & EXECUTE) === 0 || isExecutable;
  }
  if (!hasCapability(who.capabilities, "DAC_READ_SEARCH")) return false;
  return inode.type === "directory" ? (wanted & WRITE) === 0 : wanted === READ;
};
