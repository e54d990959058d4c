import {
  Directory,
  LayerBuilder,
  MountNamespace,
  OverlayRoot,
  find,
  makeDirectory,
  openFile,
  RegularFile,
  ROOT_CREDENTIALS,
  SysError,
  Inode,
  type Mount,
  type MountRoot,
  type View,
} from "../vfs/index.js";
import { CriError, type ContainerConfig } from "./cri.js";
import { IMAGE_TIME_MS } from "./image-catalog/families.js";
import { etcFiles } from "./kernel/proc/etc-files.js";
import { procRoot } from "./kernel/proc/proc-root.js";
import { sysctlDirectory } from "./kernel/proc/sysctl-directory.js";
import { sysRoot } from "./kernel/proc/sys-root.js";
import { errnoText } from "./look-path.js";
import type { Machine } from "./machine.js";
import type { Sandbox } from "./sandbox.js";

/** Inode numbers of a container's own files; those of images are below. */
const FIRST_OWN_INODE = 1_000_000;

/** What a privileged container has: one table for all, since the content is made for whoever looks. */
const PRIVILEGED_MOUNTS: readonly Mount[] = [
  synthetic("/proc", procRoot, "proc", "proc", "nosuid,nodev,noexec,relatime"),
  synthetic("/sys", sysRoot, "sysfs", "sysfs", "nosuid,nodev,noexec,relatime"),
  synthetic("/etc/hostname", etcFiles.hostname, "/dev/sda1", "ext4", "relatime"),
  synthetic("/etc/resolv.conf", etcFiles.resolvConf, "/dev/sda1", "ext4", "relatime"),
];

/** What any other has: /proc/sys and /sys are not to be written to (defaultReadonlyPaths, pkg/oci/spec.go, containerd 2.0). */
const SHARED_MOUNTS: readonly Mount[] = [
  ...PRIVILEGED_MOUNTS.map((mount) =>
    mount.path === "/sys" ? { ...mount, isReadOnly: true } : mount,
  ),
  synthetic("/proc/sys", sysctlDirectory, "proc", "proc", "nosuid,nodev,noexec,relatime", true),
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
  #mounts: MountNamespace | null = null;
  #mountProblem: string | null = null;
  readonly #root: OverlayRoot;
  #memoryMounts: readonly Mount[] = [];
  #layer: Inode | null = null;
  /** Files that are mounted one by one: they stay though their names go (a new version of a ConfigMap). */
  #boundFiles: readonly RegularFile[] = NO_FILES;

  constructor(
    private readonly machine: Machine,
    private readonly sandbox: Sandbox,
    imageRoot: Directory,
    private readonly config: ContainerConfig,
    private readonly containerId: string,
  ) {
    this.#root = new OverlayRoot(imageRoot, this);
  }

  /** Puts its mounts together. Throws SysError where what must be made for them does not fit, CriError where it cannot be. */
  prepare(): void {
    const { config, sandbox } = this;
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
      mounts.push(this.#terminationLog(config, sandbox, this.containerId));
    const shared = config.security.privileged ? PRIVILEGED_MOUNTS : SHARED_MOUNTS;
    this.#makeMountPoints(root, mounts);
    // What it cannot write to is charged to whoever wrote it.
    const inMemory = mounts.filter(
      ({ type, path, isReadOnly }) => type === "tmpfs" && path !== "/dev" && !isReadOnly,
    );
    this.#memoryMounts = inMemory.length === 1 ? sandbox.memoryMounts : inMemory;
    this.#mounts = new MountNamespace(root, mounts, shared);
  }

  get mounts(): MountNamespace {
    if (this.#mounts === null) throw new Error("the container's files are not prepared");
    return this.#mounts;
  }

  /** What its file systems in memory hold: volumes of the medium Memory and /dev/shm. */
  get memoryFileBytes(): number {
    let bytes = 0;
    for (const mount of this.#memoryMounts)
      bytes += mount.root.current().fileSystem.quota.usedBytes;
    return bytes;
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
    for (const file of this.#boundFiles) file.closed();
    this.#boundFiles = NO_FILES;
  }

  /** Called by the overlay at the first write. */
  makeUpper(lower: Inode): Inode {
    const fileSystem = this.machine.files.makeDiskFileSystem("overlay", "overlay", FIRST_OWN_INODE);
    this.#layer = lower.copyUp(fileSystem);
    return this.#layer;
  }

  /** What a mount hides must be there: runc makes it in the writable layer, also where the root is then read-only. */
  #makeMountPoints(root: Mount, mounts: readonly Mount[]): void {
    const writable = new MountNamespace({ ...root, isReadOnly: false }, [], SHARED_MOUNTS);
    const view: View = {
      mounts: writable,
      cwd: "/",
      credentials: ROOT_CREDENTIALS,
      nowMs: this.machine.engine.nowMs,
    };
    for (const mount of mounts) {
      const source = this.#hostPathAt(mount.path);
      const problem = prepareMountPoint(view, mount, source);
      if (problem !== null) {
        this.#mountProblem ??= `error mounting ${JSON.stringify(source)} to rootfs at ${JSON.stringify(mount.path)}: ${problem}`;
      }
      writable.add(mount);
    }
  }

  /** Why runc cannot mount what the container is to see; null when it can. The container is then made, but does not start. */
  get mountProblem(): string | null {
    return this.#mountProblem;
  }

  #hostPathAt(path: string): string {
    const mount = this.config.mounts.find(
      ({ containerPath }) => withoutSlashes(containerPath) === path,
    );
    return mount?.hostPath ?? path;
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
    for (const { containerPath, hostPath, readOnly, image, imageSubPath = "" } of config.mounts) {
      const path = withoutSlashes(containerPath);
      if (image !== undefined) {
        mounts.push(this.#imageMount(path, image, imageSubPath));
        continue;
      }
      const { inode, below } = this.#bindSources(hostPath);
      if (inode instanceof RegularFile && !inode.isFrozen) {
        inode.opened();
        this.#boundFiles = [...this.#boundFiles, inode];
      }
      const common = {
        source: "/dev/sda1",
        type: "ext4",
        isReadOnly: readOnly,
        options: "relatime",
      };
      mounts.push({
        ...common,
        ...(inode.fileSystem.type === "tmpfs" ? memoryMount(inode) : {}),
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

  /** internal/cri/server/container_image_mount.go, containerd 2.1: always read-only. */
  #imageMount(path: string, image: string, subPath: string): Mount {
    const found = this.machine.images.find(image);
    const refuse = (problem: string): never => {
      throw new CriError(
        "CreateContainerError",
        `failed to mount image volume "${image}": ${problem}`,
      );
    };
    if (found === null) return refuse("not found");
    const common = { source: "overlay", type: "overlay", isReadOnly: true, options: "relatime" };
    const root: Mount = { ...common, path: "/", root: found.image.root() };
    const view = {
      mounts: new MountNamespace(root),
      cwd: "/",
      credentials: ROOT_CREDENTIALS,
      nowMs: this.machine.engine.nowMs,
    };
    const place = find(view, `/${subPath}`);
    if (typeof place === "string" || place.inode === null)
      return refuse(`image sub path "${subPath}" does not exist`);
    return { ...common, path, root: place.inode };
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
    try {
      return this.own();
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      // Where the disk has no room for it, the kubelet leaves it out, and what the image has shows.
      return NO_TERMINATION_LOG;
    }
  }

  /** @throws SysError */
  own(): Inode {
    const { files } = this.machine;
    const directory = `/var/lib/kubelet/pods/${this.sandbox.config.podUid}/containers/${this.container}`;
    const path = `${directory}/${this.containerId.slice(0, 8)}`;
    if (!files.exists(path)) files.writeFile(path, "", { mode: 0o666 });
    const sources = files.bindSources(path);
    if (sources === null) throw new Error(`${path} is gone as soon as made`);
    return sources.inode;
  }
}

const NO_TERMINATION_LOG = terminationLogOf(deviceTree);

function terminationLogOf(tree: Directory): Inode {
  const inode = tree.lookup("termination-log");
  if (inode === null) throw new Error("/dev has no termination-log");
  return inode;
}

const withoutSlashes = (path: string): string => path.replace(/(?<=.)\/+$/, "");

/** Makes a mount point that is missing; what is wrong with it in the words of runc 1.2 (libcontainer/rootfs_linux.go), null for nothing. */
const prepareMountPoint = (view: View, mount: Mount, source: string): string | null => {
  const place = find(view, mount.path);
  if (typeof place !== "string" && place.inode !== null) {
    // What is made only when somebody looks (the termination log) is of the right kind.
    if (!(mount.root instanceof Inode)) return null;
    const isDirectory = mount.root instanceof Directory;
    if (isDirectory === place.inode instanceof Directory) return null;
    return `mount src=${source}, dst=${mount.path}, dstFd=/proc/thread-self/fd/8, flags=MS_BIND|MS_REC: not a directory`;
  }
  try {
    makeMountPoint(view, mount);
    return null;
  } catch (error) {
    // A full disk is found out before, when the snapshot is prepared.
    if (!(error instanceof SysError) || error.errno === "ENOSPC") throw error;
    return `create mountpoint for ${mount.path} mount: ${errnoText(error.errno)}`;
  }
};

const makeMountPoint = (view: View, mount: Mount): void => {
  const isDirectory = mount.root.current() instanceof Directory;
  let path = "";
  const names = mount.path.split("/").filter(Boolean);
  for (const [index, name] of names.entries()) {
    path += `/${name}`;
    const place = find(view, path);
    if (typeof place !== "string" && place.inode !== null) continue;
    if (index < names.length - 1 || isDirectory) makeDirectory(view, path, 0o755);
    else openFile(view, path, { write: true, create: true }, 0o644);
  }
};

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

const memoryMount = ({ fileSystem }: Inode): Pick<Mount, "source" | "type" | "options"> => ({
  source: "tmpfs",
  type: "tmpfs",
  options: `relatime,size=${String(Math.floor(fileSystem.quota.limitBytes / 1024))}k`,
});

const NO_FILES: readonly RegularFile[] = [];

const depthOf = (path: string): number => path.split("/").length;
