import { findInode, RegularFile } from "../vfs/index.js";
import type { Container } from "./container.js";
import { TERMINATION_MESSAGE_BYTES } from "./limits.js";
import type { Machine } from "./machine.js";

/** What a container left in its termination message file, at most 4096 bytes of its end: pkg/kubelet/kuberuntime/kuberuntime_container.go, 1.34. */
export const readTerminationMessage = (machine: Machine, container: Container): string => {
  const { config, confinement } = container;
  const inode = findInode(
    {
      mounts: confinement.mounts,
      cwd: "/",
      credentials: machine.credentials,
      nowMs: machine.engine.nowMs,
    },
    config.terminationMessagePath,
  );
  if (!(inode instanceof RegularFile) || inode.sizeBytes === 0) return "";
  const start = Math.max(0, inode.sizeBytes - TERMINATION_MESSAGE_BYTES);
  return new TextDecoder().decode(inode.data.read(start, TERMINATION_MESSAGE_BYTES));
};
