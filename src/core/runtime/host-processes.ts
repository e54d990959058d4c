import { DescriptorTable } from "./kernel/descriptors.js";
import { startProcess } from "./kernel/process-start.js";
import type { Machine } from "./machine.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";

interface HostProgram {
  /** In the machine's own namespace. */
  readonly pid: number;
  readonly argv: readonly string[];
  readonly executable: string;
  readonly memoryBytes: number;
}

/** What runs on a node of kind before any pod does, as far as `ps` is concerned. */
const HOST_PROGRAMS: readonly HostProgram[] = [
  {
    pid: 1,
    argv: ["/sbin/init"],
    executable: "/usr/lib/systemd/systemd",
    memoryBytes: 12_582_912,
  },
  {
    pid: 94,
    argv: ["/lib/systemd/systemd-journald"],
    executable: "/usr/lib/systemd/systemd-journald",
    memoryBytes: 11_534_336,
  },
  {
    pid: 106,
    argv: ["/usr/local/bin/containerd"],
    executable: "/usr/local/bin/containerd",
    memoryBytes: 62_914_560,
  },
  {
    pid: 213,
    argv: [
      "/usr/bin/kubelet",
      "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
      "--kubeconfig=/etc/kubernetes/kubelet.conf",
      "--config=/var/lib/kubelet/config.yaml",
      "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
    ],
    executable: "/usr/bin/kubelet",
    memoryBytes: 94_371_840,
  },
];

/**
 * Makes the machine's own processes, once, when the first pod comes that may see them (hostPID). They do nothing, and signals do nothing to them: what they
 * stand for is simulated elsewhere. Their memory is the system's, which is accounted for from the start.
 */
export const startHostProcesses = (machine: Machine): void => {
  const { kernel, host } = machine;
  if (kernel.confinements.has(host)) return;
  kernel.confinements.add(host);
  let init: ReturnType<typeof startProcess> | null = null;
  for (const { pid, argv, executable, memoryBytes } of HOST_PROGRAMS) {
    const process = startProcess(kernel, {
      confinement: host,
      parent: init,
      credentials: machine.credentials,
      cwd: "/",
      umask: 0o022,
      descriptors: new DescriptorTable(),
      argv,
      command: executable.slice(executable.lastIndexOf("/") + 1).slice(0, 15),
      executable,
      environment: new Map(),
      startup: { program: pauseProgram, forked: null },
      processGroup: 0,
      ignored: 0,
      memoryBytes: 0,
      hostPid: pid,
    });
    process.memoryBytes = memoryBytes;
    init ??= process;
  }
};
