import { SysError, type Directory } from "../vfs/index.js";
import { MemoryGroup } from "./kernel/memory.js";
import { CpuGroup, weightOf } from "./kernel/cpu.js";
import type { Confinement } from "./kernel/confinement.js";
import { Container, type ContainerOwner } from "./container.js";
import { ContainerFiles } from "./container-files.js";
import { boundingSet, containerCredentials } from "./container-user.js";
import { CriError, type ContainerConfig } from "./cri.js";
import { PROCESSES_PER_CONTAINER } from "./limits.js";
import { idMapOf } from "./id-map.js";
import type { PidNamespace } from "./kernel/pid-namespace.js";
import type { Machine } from "./machine.js";
import { errnoText } from "./look-path.js";
import type { Sandbox } from "./sandbox.js";

/** Where a namespace to join comes from: the target of an ephemeral container. */
export interface CreateContext {
  readonly machine: Machine;
  readonly sandbox: Sandbox;
  readonly target: Container | null;
  readonly newId: string;
  readonly owner: ContainerOwner;
}

/** Puts a container together. Nothing of it runs yet. Throws CriError. */
export const createContainer = (context: CreateContext, config: ContainerConfig): Container => {
  const { machine, sandbox, newId } = context;
  const image = machine.images.find(config.image);
  if (image === null)
    throw new CriError(
      "CreateContainerError",
      `rpc error: code = NotFound desc = failed to resolve image "${config.image}": not found`,
    );
  const files = makeFiles(context, config, image.image.root());
  const view = { mounts: files.mounts, cwd: "/", nowMs: machine.engine.nowMs };
  const credentials = containerCredentials(
    { ...view, credentials: machine.credentials },
    image.image.config.user,
    config.security,
  );
  const confinement = confine(context, config, files);
  const { nowMs } = machine.engine;
  const container = new Container(
    context.owner,
    newId,
    config,
    sandbox,
    image,
    confinement,
    files,
    credentials,
    nowMs,
  );
  machine.kernel.confinements.add(confinement);
  return container;
};

/** Where the disk has no room for it, in the words of containerd 2.0 (plugins/snapshots/overlay, createSnapshot). */
const makeFiles = (
  { machine, sandbox, newId }: CreateContext,
  config: ContainerConfig,
  imageRoot: Directory,
): ContainerFiles => {
  const files = new ContainerFiles(machine, sandbox, imageRoot, config, newId);
  try {
    files.prepare();
    return files;
  } catch (error) {
    files.discard();
    if (!(error instanceof SysError)) throw error;
    const directory = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";
    const operation =
      error.detail === "" ? `mkdir ${directory}/new-${newId.slice(0, 10)}` : error.detail;
    throw new CriError(
      "CreateContainerError",
      `failed to create containerd container: failed to create prepare snapshot dir: failed to create temp dir: ${operation}: ${errnoText(error.errno)}`,
    );
  }
};

const confine = (
  { machine, sandbox, target }: CreateContext,
  config: ContainerConfig,
  files: ContainerFiles,
): Confinement => {
  const { limits, security } = config;
  const { cpuRequestMilli, cpuLimitMilli, memoryLimitBytes } = limits;
  return {
    number: machine.takeNamespace(),
    pids: target?.confinement.pids ?? pidsOf(machine, sandbox),
    mounts: files.mounts,
    network: sandbox.network,
    memory: new MemoryGroup(machine.kernel.memory, memoryLimitBytes, files),
    cpu: new CpuGroup(machine.kernel.cpu, weightOf(cpuRequestMilli), cpuLimitMilli),
    pod: sandbox,
    isHostPid: sandbox.config.hostPid,
    mayGainPrivileges: security.allowPrivilegeEscalation || security.privileged,
    bounding: boundingSet(security),
    idMap: idMapOf(sandbox.config),
    oomScoreAdjust: config.oomScoreAdjust,
    pidsLimit: PROCESSES_PER_CONTAINER,
    processCount: 0,
    wasOutOfMemory: false,
    main: null,
  };
};

const pidsOf = (machine: Machine, sandbox: Sandbox): PidNamespace =>
  sandbox.config.hostPid ? machine.host.pids : (sandbox.pids ?? machine.makePidNamespace());
