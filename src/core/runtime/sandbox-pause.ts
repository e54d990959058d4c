import { CpuGroup, weightOf } from "./kernel/cpu.js";
import type { Confinement } from "./kernel/confinement.js";
import { DescriptorTable } from "./kernel/descriptors.js";
import { sendSignal } from "./kernel/lifecycle.js";
import { MemoryGroup } from "./kernel/memory.js";
import { startProcess } from "./kernel/process-start.js";
import { idMapOf } from "./id-map.js";
import type { Machine } from "./machine.js";
import type { Sandbox } from "./sandbox.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";

/** Resident memory of the pause process. */
const PAUSE_BYTES = 311_296;

/** Starts the pause process as PID 1 of a pod that shares its process namespace. Elsewhere it is left out: nobody could see it. */
export const startPause = (machine: Machine, sandbox: Sandbox): void => {
  const pids = machine.makePidNamespace();
  const confinement: Confinement = {
    number: machine.takeNamespace(),
    pids,
    mounts: machine.files.mounts,
    network: sandbox.network,
    memory: new MemoryGroup(machine.kernel.memory, null),
    cpu: new CpuGroup(machine.kernel.cpu, weightOf(0), null),
    pod: sandbox,
    isHostPid: false,
    mayGainPrivileges: false,
    bounding: 0,
    idMap: idMapOf(sandbox.config),
    oomScoreAdjust: -998,
    pidsLimit: 1,
    processCount: 0,
    wasOutOfMemory: false,
    main: null,
  };
  const pause = startProcess(machine.kernel, {
    confinement,
    parent: null,
    credentials: { uid: 65_535, gid: 65_535, groups: [65_535], capabilities: 0 },
    cwd: "/",
    umask: 0o022,
    descriptors: new DescriptorTable(),
    argv: ["/pause"],
    command: "pause",
    executable: "/pause",
    environment: new Map(),
    startup: { program: pauseProgram, forked: null },
    processGroup: 0,
    ignored: 0,
    memoryBytes: PAUSE_BYTES,
  });
  sandbox.pids = pids;
  machine.kernel.confinements.add(confinement);
  sandbox.stopPause = () => {
    sendSignal(pause, "KILL", true);
    machine.kernel.confinements.delete(confinement);
    confinement.cpu.release();
    sandbox.stopPause = null;
  };
};
