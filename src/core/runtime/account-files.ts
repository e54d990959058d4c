import { findInode, RegularFile, type View } from "../vfs/index.js";
import { MAX_REMEMBERED_ACCOUNT_BYTES } from "./limits.js";

/** Lines of /etc/passwd or /etc/group, each split at its colons. */
export type AccountLines = readonly (readonly string[])[];

interface Remembered {
  readonly version: number;
  readonly lines: AccountLines;
}

/** By content: every process that a kubelet starts asks for it, and thousands of containers share an image's files. */
const remembered = new WeakMap<object, Remembered>();

/** What the file says now; nothing when it is not there. */
export const accountLines = (view: View, path: "/etc/passwd" | "/etc/group"): AccountLines => {
  const inode = findInode(view, path);
  if (!(inode instanceof RegularFile)) return [];
  const { data } = inode;
  const known = remembered.get(data);
  if (known?.version === data.version) return known.lines;
  const text = new TextDecoder().decode(data.read(0, data.sizeBytes));
  const lines = text.split("\n").map((line) => line.split(":"));
  if (data.sizeBytes <= MAX_REMEMBERED_ACCOUNT_BYTES)
    remembered.set(data, { version: data.version, lines });
  return lines;
};
