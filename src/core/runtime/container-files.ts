import {
  Directory,
  LayerBuilder,
  MountNamespace,
  OverlayRoot,
  type Inode,
  type Mount,
  type MountRoot,
} from "../vfs/index.js";
import { CriError, type ContainerConfig } from "./cri.js";
import { IMAGE_TIME_MS } from "./image-catalog/families.js";
import { etcFiles } from "./kernel/proc/etc-files.js";
import { procRoot } from "./kernel/proc/proc-root.js";
import { sysRoot } from "./kernel/proc/sys-root.js";
import type { Machine } from "./machine.js";
import type { Sandbox } from "./sandbox.js";

/** Inode numbers of a container's own files; those of images are below. */
const FIRST_OWN_INODE = 1_000_000;

/** What every container has at the same place. One table, since its content is made for whoever looks. */
const SHARED_MOUNTS: readonly Mount[] = [
  synthetic("/proc", procRoot, "proc", "proc", "nosuid,nodev,noexec,relatime"),
  synthetic("/sys", sysRoot, "sysfs", "sysfs", "nosuid,nodev,noexec,relatime", true),
  synthetic("/etc/hostname", etcFiles.hostname, "/dev/sda1", "ext4", "relatime"),
  synthetic("/etc/resolv.conf", etcFiles.resolvConf, "/dev/sda1", "ext4", "relatime"),
];

const deviceTree = new LayerBuilder(IMAGE_TIME_MS)
  .device("/null", "character", 1, 3)
  .device("/zero", "character", 1, 5)
  .device("/full", "character", 1, 7)
  .device("/random", "character", 1, 8)
  .device("/urandom", "character", 1, 9)
  .device("/tty", "character", 5, 0)
  .symlink("pts/ptmx", "/ptmx")
  .symlink("/proc/self/fd", "/fd")
  .symlink("/proc/self/fd/0", "/stdin")
  .symlink("/proc/self/fd/1", "/stdout")
  .symlink("/proc/self/fd/2", "/stderr")
  .symlink("/proc/kcore", "/core")
  .directory("/pts")
  .device("/pts/ptmx", "character", 5, 2)
  .directory("/shm", { mode: 0o1777 })
  .directory("/mqueue", { mode: 0o1777 })
  .file("/termination-log", "", { mode: 0o666 }).root;

/** The files that a container sees. */
export class ContainerFiles {
  readonly mounts: MountNamespace;
  readonly #root: OverlayRoot;
  #layer: Inode | null = null;

  constructor(
    private readonly machine: Machine,
    sandbox: Sandbox,
    imageRoot: Directory,
    config: ContainerConfig,
    containerId: string,
  ) {
    this.#root = new OverlayRoot(imageRoot, this);
    const root: Mount = {
      path: "/",
      root: this.#root,
      source: "overlay",
      type: "overlay",
      isReadOnly: config.security.readOnlyRootFilesystem,
      options: "relatime",
    };
    const mounts = [this.#devices(), sandbox.sharedMemory, ...this.#bindMounts(config)];
    if (!config.mounts.some((mount) => mount.containerPath === config.terminationMessagePath))
      mounts.push(this.#terminationLog(config, sandbox, containerId));
    this.mounts = new MountNamespace(root, mounts, SHARED_MOUNTS);
  }

  /** What has been written to its writable layer. */
  get usage(): { readonly bytes: number; readonly inodes: number } {
    const quota = this.#layer?.fileSystem.quota;
    return { bytes: quota?.usedBytes ?? 0, inodes: quota?.usedInodes ?? 0 };
  }

  /** The container is removed: its writable layer is gone. */
  discard(): void {
    this.#layer?.fileSystem.quota.release();
    this.#layer = null;
  }

  /** Called by the overlay at the first write. */
  makeUpper(lower: Inode): Inode {
    const fileSystem = this.machine.files.makeDiskFileSystem("overlay", "overlay", FIRST_OWN_INODE);
    this.#layer = lower.copyUp(fileSystem);
    return this.#layer;
  }

  #devices(): Mount {
    return {
      path: "/dev",
      root: new OverlayRoot(deviceTree, new DeviceLayer(this.machine)),
      source: "tmpfs",
      type: "tmpfs",
      isReadOnly: false,
      options: "nosuid,size=65536k,mode=755",
    };
  }

  #terminationLog(config: ContainerConfig, sandbox: Sandbox, containerId: string): Mount {
    return {
      path: config.terminationMessagePath,
      root: new TerminationLogRoot(this.machine, sandbox, config.name, containerId),
      source: "/dev/sda1",
      type: "ext4",
      isReadOnly: false,
      options: "relatime",
    };
  }

  /** The kubelet's mounts, with what is mounted below them on the node. */
  #bindMounts(config: ContainerConfig): Mount[] {
    const mounts: Mount[] = [];
    for (const { containerPath, hostPath, readOnly } of config.mounts) {
      const path = containerPath.replace(/(?<=.)\/+$/, "");
      const { inode, below } = this.#bindSources(hostPath);
      const common = {
        source: "/dev/sda1",
        type: "ext4",
        isReadOnly: readOnly,
        options: "relatime",
      };
      const isMemory = inode.fileSystem.type === "tmpfs";
      mounts.push({
        ...common,
        ...(isMemory ? { source: "tmpfs", type: "tmpfs" } : {}),
        path,
        root: inode,
      });
      for (const mount of below)
        mounts.push({
          ...mount,
          path: path + mount.path.slice(hostPath.length),
          isReadOnly: readOnly,
        });
    }
    // A mount at /a must not hide one at /a/b that comes before it.
    return mounts.sort((a, b) => depthOf(a.path) - depthOf(b.path));
  }

  #bindSources(hostPath: string): { readonly inode: Inode; readonly below: readonly Mount[] } {
    const found = this.machine.files.bindSources(hostPath);
    if (found !== null) return found;
    // What is missing is made: internal/cri/opts/spec_linux_opts.go, WithMounts, containerd 2.0.
    this.machine.files.makeDirectory(hostPath);
    const made = this.machine.files.bindSources(hostPath);
    if (made === null)
      throw new CriError(
        "CreateContainerError",
        `failed to generate container spec: failed to generate spec: failed to mkdir "${hostPath}"`,
      );
    return made;
  }
}

/** A container's own /dev: files in memory, made when one is first added. */
class DeviceLayer {
  constructor(private readonly machine: Machine) {}

  makeUpper(lower: Inode): Inode {
    return lower.copyUp(this.machine.files.makeMemoryRoot(64 * 2 ** 20).fileSystem);
  }
}

/** The file that the kubelet reads the termination message from: made when the container first looks at it. */
class TerminationLogRoot implements MountRoot {
  constructor(
    private readonly machine: Machine,
    private readonly sandbox: Sandbox,
    private readonly container: string,
    private readonly containerId: string,
  ) {}

  current(): Inode {
    const { files } = this.machine;
    const directory = `/var/lib/kubelet/pods/${this.sandbox.config.podUid}/containers/${this.container}`;
    const path = `${directory}/${this.containerId.slice(0, 8)}`;
    if (!files.exists(path)) files.writeFile(path, "", { mode: 0o666 });
    const sources = files.bindSources(path);
    if (sources === null) throw new Error(`${path} is gone as soon as made`);
    return sources.inode;
  }

  own(): Inode {
    return this.current();
  }
}

function synthetic(
  path: string,
  root: MountRoot,
  source: string,
  type: string,
  options: string,
  isReadOnly = false,
): Mount {
  return { path, root, source, type, options, isReadOnly };
}

const depthOf = (path: string): number => path.split("/").length;
