import type { PodSandboxConfig } from "./cri.js";

const line = (inside: number, outside: number, length: number): string =>
  `${[inside, outside, length].map((id) => String(id).padStart(10)).join(" ")}\n`;

/** /proc/<pid>/uid_map and gid_map without a user namespace: user_namespaces(7). */
export const SAME_IDS = line(0, 0, 4_294_967_295);

/** The same of a pod, which may have a user namespace of its own. */
export const idMapOf = ({ userNamespace }: PodSandboxConfig): string =>
  userNamespace === undefined ? SAME_IDS : line(0, userNamespace.hostId, userNamespace.length);
