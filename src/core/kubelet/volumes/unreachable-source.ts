interface OutsideSources {
  readonly csi?: { readonly driver: string };
  readonly nfs?: { readonly server: string; readonly path: string };
}

/** Why a volume whose content is outside the cluster is not mounted: nothing outside is simulated, and no drivers. */
export const unreachableSource = ({ csi, nfs }: OutsideSources): string => {
  // pkg/volume/csi/csi_mounter.go, 1.34.
  if (csi !== undefined)
    return `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name ${csi.driver} not found in the list of registered CSI drivers`;
  // k8s.io/mount-utils mount_linux.go, 0.34, and what mount.nfs says.
  if (nfs !== undefined)
    return `mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${nfs.server}:${nfs.path}\nOutput: mount.nfs: Connection timed out for ${nfs.server}:${nfs.path}\n`;
  return "no volume plugin matched";
};
