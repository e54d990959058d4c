import type { Container, VolumeMountStatus } from "../../api/index.js";

/** status.containerStatuses[].volumeMounts (VOL-7): what is mounted where; read-only ones say how deep that goes. */
export function volumeMountStatuses(container: Container): { volumeMounts?: VolumeMountStatus[] } {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return {};
  return {
    volumeMounts: mounts.map((mount) => ({
      name: mount.name,
      mountPath: mount.mountPath,
      ...(mount.readOnly === true
        ? { readOnly: true, recursiveReadOnly: recursiveReadOnlyOf(mount.recursiveReadOnly) }
        : {}),
    })),
  };
}

/** The runtime supports recursive read-only mounts, so `IfPossible` is enabled. pkg/kubelet/kubelet_pods.go, 1.34: resolveRecursiveReadOnly. */
const recursiveReadOnlyOf = (mode: string | undefined): string =>
  mode === "Enabled" || mode === "IfPossible" ? "Enabled" : "Disabled";
