import type { Process } from "./process.js";

export type NamespaceKind = "cgroup" | "ipc" | "mnt" | "net" | "pid" | "user" | "uts";

/** Those that the machine begins with: include/linux/proc_ns.h, and the first numbers after it. */
const INITIAL: Readonly<Record<NamespaceKind, number>> = {
  cgroup: 4_026_531_835,
  pid: 4_026_531_836,
  user: 4_026_531_837,
  uts: 4_026_531_838,
  ipc: 4_026_531_839,
  net: 4_026_531_840,
  mnt: 4_026_531_841,
};

const KINDS: readonly NamespaceKind[] = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];
const FIRST_OF_PODS = 4_026_532_200;

/** Who is in which namespace, as `readlink /proc/<pid>/ns/<kind>` tells: the same number means the same namespace. */
export const namespaceNumber = ({ confinement }: Process, kind: NamespaceKind): number => {
  const owner = ownerOf(confinement, kind);
  return owner === 0 ? INITIAL[kind] : FIRST_OF_PODS + owner * KINDS.length + KINDS.indexOf(kind);
};

export const namespaceKinds = KINDS;

/** The number of what the namespace belongs to: a container, a pod, or 0 for the machine. */
const ownerOf = (confinement: Process["confinement"], kind: NamespaceKind): number => {
  const { pod } = confinement;
  switch (kind) {
    case "mnt":
    case "cgroup":
      return confinement.number;
    case "pid":
      return confinement.isHostPid ? 0 : confinement.pids.id;
    case "net":
      return pod.namespaces.net;
    case "ipc":
      return pod.namespaces.ipc;
    case "uts":
      return pod.namespaces.uts;
    case "user":
      return pod.namespaces.user;
  }
};
