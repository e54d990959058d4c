import { procFileSystem, TextFile } from "./synthetic.js";

/** Files that the runtime mounts into every container: internal/cri/server/podsandbox/sandbox_run_linux.go, setupSandboxFiles, containerd 2.0. */
export const etcFiles = {
  hostname: new TextFile(
    procFileSystem,
    (viewer) => `${viewer.confinement.pod.hostname}\n`,
    0o644,
    null,
    0,
    0,
    true,
  ),
  resolvConf: new TextFile(
    procFileSystem,
    (viewer) => viewer.confinement.pod.resolvConf,
    0o644,
    null,
    0,
    0,
    true,
  ),
};
